"""The heights of the panels: the points that matter fill them, and noise does not move them."""

from __future__ import annotations

import pytest

from digitdesk.ui.charts.ranges import Points, accuracy_range, loss_range

LINES = (
    "step_loss",
    "train_loss",
    "validation_loss",
    "test_loss",
    "train_accuracy",
    "validation_accuracy",
    "test_accuracy",
)


def points(**heights: list[float]) -> dict[str, Points]:
    return {
        name: ([float(x) for x in range(len(ys))], ys)
        for name in LINES
        for ys in (heights.get(name, []),)
    }


def test_an_empty_chart_has_a_range() -> None:
    assert loss_range([points()], is_log=False) == (0.0, 2.5)
    assert accuracy_range([points()]) == (0.0, 1.0)


def test_the_loss_begins_at_nothing_and_ends_a_step_above_its_means() -> None:
    seen = points(step_loss=[9.0, 0.01], train_loss=[0.9, 0.3], test_loss=[0.5])
    assert loss_range([seen], is_log=False) == pytest.approx((0.0, 0.925))
    # A mean that creeps up does not move the axis each time.
    crept_up = points(train_loss=[0.9, 0.3, 0.906])
    assert loss_range([crept_up], is_log=False) == loss_range([seen], is_log=False)


def test_on_a_logarithmic_scale_every_point_above_nothing_is_in_sight() -> None:
    low, high = loss_range([points(step_loss=[2.0, 0.03, 0.0], train_loss=[2.0])], is_log=True)
    assert 0.01 < low <= 0.03
    assert high > 2.0


@pytest.mark.parametrize(
    ("heights", "low"),
    [
        ({"train_accuracy": [0.2, 0.9], "test_accuracy": [0.8]}, 0.75),  # the first mean falls out
        ({"train_accuracy": [0.4]}, 0.25),  # there is nothing else yet
        ({"test_accuracy": [0.99, 0.995]}, 0.97),  # noise does not look big
    ],
)
def test_the_accuracy_shows_a_little_air_below_what_matters(
    heights: dict[str, list[float]], low: float
) -> None:
    assert accuracy_range([points(**heights)]) == pytest.approx((low, 1.0))
