"""Sums over all ways through the columns, against counting them one by one."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import numpy as np
import pytest

from digitdesk.nn.ctc import CTC, PADDING, alignment, likeliest, log_likelihoods

BLANK = 2


def spelled(way: tuple[int, ...]) -> tuple[int, ...]:
    """What a way through the columns spells: runs are one label, blanks none."""
    return tuple(label for label, _ in itertools.groupby(way) if label != BLANK)


def counted(logs: np.ndarray) -> dict[tuple[int, ...], float]:
    """The probability of every spelling, each way added up by itself."""
    total: dict[tuple[int, ...], float] = defaultdict(float)
    for way in itertools.product(range(logs.shape[1]), repeat=len(logs)):
        total[spelled(way)] += math.exp(sum(logs[t, k] for t, k in enumerate(way)))
    return total


@pytest.fixture
def logs() -> np.ndarray:
    chances = np.random.default_rng(3).dirichlet(np.ones(3), size=6)
    return np.log(chances)


def test_every_spelling_is_as_probable_as_all_its_ways(logs: np.ndarray) -> None:
    total = counted(logs)
    found = np.exp(log_likelihoods(logs, list(total)))
    assert np.allclose(found, list(total.values()), rtol=1e-9)
    assert found.sum() == pytest.approx(1)


def test_what_does_not_fit_has_no_chance(logs: np.ndarray) -> None:
    """Six columns have no room for four equal labels and the three blanks between them."""
    assert log_likelihoods(logs, [(0, 0, 0, 0)])[0] < -1e20


def test_the_likeliest_spelling_is_found(logs: np.ndarray) -> None:
    total = counted(logs)
    best = sorted(total, key=lambda spelling: -total[spelling])
    assert likeliest(logs, 2, width=64) == best[:2]


def test_labels_are_found_where_they_stand() -> None:
    chances = np.full((9, 3), 0.02)
    for column, label in enumerate([2, 0, 0, 0, 2, 1, 2, 1, 2]):
        chances[column, label] = 0.96
    assert alignment(np.log(chances), (0, 1, 1)) == [2.0, 5.0, 7.0]


def test_the_gradient_is_that_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4, 1, 7, 3))
    labels = np.array([[0, 0, 1], [2, PADDING, PADDING], [PADDING] * 3])
    loss = CTC()
    loss.forward(logits, labels)
    grad = loss.backward()
    for place in itertools.product(range(4), [0], (0, 3, 6), range(3)):
        moved = [logits.copy() for _ in range(2)]
        for sign, one in zip((1, -1), moved, strict=True):
            one[place] += sign * 1e-5
        slope = (CTC().forward(moved[0], labels) - CTC().forward(moved[1], labels)) / 2e-5
        assert grad[place] == pytest.approx(float(slope), abs=1e-6)


def test_a_part_of_a_batch_counts_as_a_part() -> None:
    logits = np.random.default_rng(1).normal(size=(4, 1, 7, 2)).astype(np.float32)
    labels = np.array([[0, 1], [2, PADDING]])
    loss = CTC()
    loss.forward(logits, labels)
    whole = loss.backward()
    loss.forward(logits, labels)
    assert loss.backward(4) == pytest.approx(whole / 2)
    assert whole.dtype == np.float32
