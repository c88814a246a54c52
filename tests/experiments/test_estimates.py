"""Estimates: what a run's reports tell of the whole, and how runs add up on several cores."""

from __future__ import annotations

import pytest

from digitdesk.experiments.estimates import _StepTimer, estimated, kinds_of
from digitdesk.messages.experiments.plan import Axis, Plan
from digitdesk.messages.run import Progress, TrainingConfig


def report(step: int, seconds: float, batch_size: int = 10, total: int = 100) -> Progress:
    return Progress(0, 1, step, total, 0.5, 0.5, 0.1, step * batch_size / seconds, 9.0)


def test_steps_that_only_warm_up_do_not_count() -> None:
    timer = _StepTimer(batch_size=10)
    timer.saw(report(2, 3.0))
    timer.saw(report(12, 4.0))
    assert timer.measured_seconds == pytest.approx(1.0)
    assert timer.whole_seconds == pytest.approx(100 * 0.1)
    timer.read = 300
    assert timer.whole_seconds == pytest.approx(100 * 0.1 + 300 * 0.01 / 3)


def test_a_run_over_at_its_first_report_has_only_that() -> None:
    timer = _StepTimer(batch_size=10)
    timer.saw(report(5, 1.0, total=5))
    assert timer.whole_seconds == pytest.approx(1.0)


PLAN = Plan("x", grid=(Axis("learning_rate", (0.1, 0.2)), Axis("epochs", (1, 3))), seeds=(0, 1))


def test_one_of_each_kind_is_measured_and_small_ones_share_the_cores() -> None:
    assert [(config.epochs, count) for config, count in kinds_of(PLAN)] == [(1, 4), (3, 4)]
    found = estimated(PLAN, 2, lambda config: config.epochs * 1.0, is_large=lambda config: False)
    assert (found.runs, found.seconds) == (8, pytest.approx((4 * 1 + 4 * 3) / 2))


def test_large_ones_are_made_one_after_the_other() -> None:
    def is_large(config: TrainingConfig) -> bool:
        return config.epochs == 3

    found = estimated(PLAN, 2, lambda config: config.epochs * 1.0, is_large=is_large)
    assert found.seconds == pytest.approx(4 * 1 / 2 + 4 * 3)


def test_runs_that_would_be_refused_are_told() -> None:
    found = estimated(
        PLAN, 2, lambda config: float(config.epochs - 1), is_large=lambda config: False
    )
    assert found.note == "1 of 2 kinds of runs would be refused."
