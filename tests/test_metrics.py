"""What is counted of answers, against counting one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitdesk.metrics import (
    PairedCounts,
    accuracy,
    count_right,
    expected_calibration_error,
    paired_counts,
    reliability,
    wilson_interval,
)

CLASS = st.integers(0, 3)


@given(st.lists(st.tuples(CLASS, CLASS, CLASS), max_size=40))
def test_right_answers_and_who_of_two_has_them(rows: list[tuple[int, int, int]]) -> None:
    a, b, labels = (np.array([row[k] for row in rows], dtype=np.uint8) for k in range(3))
    right = [(row[0] == row[2], row[1] == row[2]) for row in rows]
    assert count_right(a, labels) == sum(of_a for of_a, _ in right)
    cells = ((True, True), (True, False), (False, True), (False, False))
    assert paired_counts(a, b, labels) == PairedCounts(*map(right.count, cells))


def test_accuracy_of_nothing_is_none_at_all() -> None:
    assert (accuracy(3, 4), accuracy(0, 0)) == (0.75, 0.0)


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    # 8 of 10 is Wilson's interval as printed in many tables; the ends are exact.
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilson_interval(correct: int, n: int, low: float, high: float) -> None:
    assert wilson_interval(correct, n) == pytest.approx((low, high), abs=1e-4)


def test_a_calibration_error_counted_by_hand() -> None:
    probabilities = np.array([[0.95, 0.05], [0.95, 0.05], [0.65, 0.35], [0.4, 0.6], [0.0, 1.0]])
    labels = np.array([0, 1, 0, 0, 1])
    # 10 ranges: 0.6-0.7 holds 0.65 (right) and 0.6 (wrong); 0.9-1.0 holds 0.95, 0.95 and 1.0.
    expected = (2 * abs(0.5 - 0.625) + 3 * abs(2 / 3 - 2.9 / 3)) / 5
    assert expected_calibration_error(probabilities, labels, bins=10) == pytest.approx(expected)
    ranges = reliability(probabilities, labels, bins=10)
    assert [(r.low, r.count) for r in ranges] == [(0.6, 2), (0.9, 3)]


def test_nothing_read_is_no_error() -> None:
    assert expected_calibration_error(np.zeros((0, 10)), np.zeros(0)) == 0.0
