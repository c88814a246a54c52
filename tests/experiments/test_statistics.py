"""Means and their chance; scipy's own answers are compared in tests/benchmarks/experiments.py."""

from __future__ import annotations

import math

import pytest

from digitdesk.experiments.results.statistics import (
    holm,
    incomplete_beta,
    mean,
    standard_deviation,
    student_p,
    welch_p,
)


def test_students_distribution_with_one_degree_is_cauchys() -> None:
    for t in (0.0, 0.3, 1.0, 5.0, 400.0):
        assert student_p(t, 1) == pytest.approx(1 - 2 / math.pi * math.atan(t), rel=1e-12)


def test_students_distribution_with_two_degrees_has_a_closed_form() -> None:
    for t in (0.1, 1.0, 7.0):
        assert student_p(t, 2) == pytest.approx(1 - t / math.sqrt(2 + t * t), rel=1e-12)


def test_the_incomplete_beta_function_of_1_and_1_is_its_argument() -> None:
    assert incomplete_beta(1, 1, 0.3) == pytest.approx(0.3, rel=1e-14)
    assert (incomplete_beta(2, 3, 0.0), incomplete_beta(2, 3, 1.0)) == (0.0, 1.0)


def test_welch_as_scipy_has_it() -> None:
    """The p value is that of scipy.stats.ttest_ind(a, b, equal_var=False)."""
    a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4]
    b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.4]
    assert welch_p(a, b) == pytest.approx(0.008071938172194903, rel=1e-12)
    assert welch_p(a, b) == welch_p(b, a)


def test_nothing_is_said_of_too_few_or_of_what_does_not_vary() -> None:
    assert welch_p([1.0], [1.0, 2.0]) is None
    assert welch_p([1.0, 1.0], [2.0, 2.0]) is None
    assert standard_deviation([1.0]) is None
    assert (mean([1.0, 2.0]), standard_deviation([1.0, 3.0])) == (1.5, math.sqrt(2))


def test_holm_multiplies_the_smallest_by_their_number_and_never_falls() -> None:
    assert holm({1: 0.01, 2: 0.04, 3: 0.03, 4: 0.005}) == pytest.approx(
        {4: 0.02, 1: 0.03, 3: 0.06, 2: 0.06}
    )
    assert holm({1: 0.6, 2: 0.7}) == {1: 1.0, 2: 1.0}
    assert holm({}) == {}
