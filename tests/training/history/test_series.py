"""Few points stand for many, every peak kept; smoothing is right from its first value on."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitdesk.training.history.series import DecimatedSeries, SmoothedMean


@given(st.lists(st.floats(-10, 10), max_size=400), st.sampled_from([4, 10, 16, 50]))
def test_few_points_keep_both_ends_and_the_order(values: list[float], capacity: int) -> None:
    series = DecimatedSeries(capacity)
    for x, y in enumerate(values):
        series.append(x, y)
    xs, ys = series.points()
    assert len(xs) == len(ys) <= capacity
    assert xs == sorted(set(xs))
    assert all(values[int(x)] == y for x, y in zip(xs, ys, strict=True))
    if values:
        assert min(ys) == min(values)
        assert max(ys) == max(values)
        assert xs[-1] == len(values) - 1


def test_a_series_within_its_capacity_is_kept_whole() -> None:
    series = DecimatedSeries(1000)
    for x in range(499):
        series.append(x, math.sin(x))
    assert series.points() == ([*range(499)], [math.sin(x) for x in range(499)])


def test_a_single_spike_among_many_points_stays() -> None:
    series = DecimatedSeries(1000)
    for x in range(100_000):
        series.append(x, 50.0 if x == 43_210 else 1.0)
    assert 50.0 in series.points()[1]


def test_what_is_not_a_number_is_left_out() -> None:
    series = DecimatedSeries()
    series.append(1, math.nan)
    series.append(2, math.inf)
    assert len(series) == 0


def test_the_smoothed_mean_starts_at_the_first_value() -> None:
    mean = SmoothedMean(memory=50)
    assert mean.add(2.3) == pytest.approx(2.3)


def test_the_smoothed_mean_of_a_constant_is_that_constant() -> None:
    mean = SmoothedMean(memory=50)
    assert [mean.add(0.7, weight) for weight in (1, 3, 20)] == pytest.approx([0.7] * 3)


def test_one_value_of_many_steps_counts_like_many_values() -> None:
    once, often = SmoothedMean(), SmoothedMean()
    once.add(1.0, 4)
    for _ in range(4):
        often.add(1.0)
    assert once.add(0.0) == pytest.approx(often.add(0.0))
