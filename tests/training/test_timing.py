"""A computer that sleeps, or whose clock is set, leaves a run and its figures in order."""

from __future__ import annotations

import pytest

from digitdesk.messages.run import EpochFinished, Progress, RunEvent
from digitdesk.training.run import Run
from digitdesk.training.timing import Throttle, without_sleep
from tests.training.small_runs import MLP, STEPS, config, differences, run, small_data, trainer_of

HOUR = 3600.0


class JumpingClock:
    """Seconds that run evenly, but for one jump in a look of one's choice."""

    def __init__(self, at_look: int, jump: float) -> None:
        self._looks = 0
        self._now = 1000.0
        self._at_look, self._jump = at_look, jump

    def __call__(self) -> float:
        self._looks += 1
        self._now += 0.02 + (self._jump if self._looks == self._at_look else 0.0)
        return self._now


@pytest.mark.parametrize("jump", [8 * HOUR, -3 * HOUR])
@pytest.mark.parametrize("look", range(20, 32))
def test_figures_stay_sane_over_a_jump(jump: float, look: int) -> None:
    """The looks are those of a few steps and reports in the second epoch."""
    events: list[RunEvent] = []
    kept: list = []
    settings, data = config(MLP, "sgd"), small_data()
    wanted = Run(config=settings, emit=events.append, keep=kept.append)
    trainer = trainer_of(wanted, data, clock=JumpingClock(look, jump))
    finished = trainer.run()
    assert finished.ending == "completed"
    assert 0.1 < finished.train_seconds < 60
    told = [event for event in events if isinstance(event, Progress)]
    assert told[-1].step == STEPS
    assert all(0 <= event.seconds_left < 60 for event in told)
    assert all(0 < event.images_per_second < 1e5 for event in told)
    assert all(0 <= e.seconds < 60 for e in events if isinstance(e, EpochFinished))
    assert differences(kept[-1], run(settings, data).last) == []


def test_the_throttle_is_due_once_per_interval() -> None:
    ticks = iter((0.0, 0.5, 1.0, 1.1, 1.9, 2.0, 9.0, 9.5))
    throttle = Throttle(1.0, lambda: next(ticks))
    due = [throttle.is_due() for _ in range(7)]
    assert due == [False, True, False, False, True, True, False]


def test_reports_go_on_when_the_clock_is_set_back() -> None:
    now = 5 * HOUR
    throttle = Throttle(1.0, lambda: now)
    assert not throttle.is_due()
    now = HOUR
    assert throttle.is_due()
    assert not throttle.is_due()
    now += 1.0
    assert throttle.is_due()


def test_only_a_sleep_is_left_out() -> None:
    assert without_sleep(0.3, 0.2) == 0.3
    assert without_sleep(9.0, 0.01) == 9.0, "a hiccup is part of training"
    assert without_sleep(900.0, 60.0) == 900.0, "so is a slow step of a slow network"
    assert without_sleep(40.0, 0.0) == 40.0, "and the first, which has no usual"
    assert without_sleep(8 * HOUR, 0.2) == 0.2
    assert without_sleep(-HOUR, 0.2) == 0.2
