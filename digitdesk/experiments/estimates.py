"""How long runs will take, by a few steps of one of each kind; nothing of them is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from digitdesk.errors import ConfigError, DigitDeskError
from digitdesk.experiments.plans.rows import config_of, listed_rows
from digitdesk.experiments.samplers import RandomRows
from digitdesk.messages.experiments.plan import Estimate, Plan, Row
from digitdesk.messages.run import Progress, RunEvent, RunStarted, TrainingConfig
from digitdesk.training.commands import RunCommands
from digitdesk.training.pipeline import RunServices, train
from digitdesk.training.run import Run

_STEPS_SECONDS = 0.15
_READING_PART = 1 / 3
"""Of a training step's time, that of reading as many pictures: a step goes forward and back."""
_MOST_KINDS = 24
_DRAWN_ROWS = 8

_NO_MATTER: dict[str, Any] = {
    "learning_rate": None, "schedule": "constant", "momentum": 0.9, "weight_decay": 0.0,
    "seed": 0, "keep_best": False, "patience": None, "start_from": None, "threads": None,
}  # fmt: skip
"""Settings that change what is learned, but hardly how long it takes."""


def seconds_of(config: TrainingConfig, services: RunServices) -> float:
    """How long a run would take, in seconds; 0 where it would be refused.

    Its data is loaded, and a few of its steps are made.
    """
    commands = RunCommands()
    timer = _StepTimer(config.batch_size)

    def hear(event: RunEvent) -> None:
        if isinstance(event, RunStarted):
            timer.read = event.config.epochs * (event.validation_count + event.test_count)
        elif isinstance(event, Progress):
            timer.saw(event)
            if timer.measured_seconds > _STEPS_SECONDS:
                commands.stop(closing=True)

    try:
        train(Run(config=config, commands=commands, emit=hear), services)
    except DigitDeskError:
        return 0.0
    return timer.whole_seconds


class _StepTimer:
    """What a run's reports tell of its steps; those before the first report only warm up.

    Args:
        batch_size: Pictures in a step.

    Attributes:
        read: Pictures read in the whole run, to judge by.
    """

    def __init__(self, batch_size: int) -> None:
        self._batch_size = batch_size
        self._first = self._last = (0, 0.0)
        self._total_steps = 0
        self.read = 0

    def saw(self, event: Progress) -> None:
        """Take a report."""
        seconds = event.step * self._batch_size / max(event.images_per_second, 1e-9)
        if not self._last[0]:
            self._first = (event.step, seconds)
        self._last = (event.step, seconds)
        self._total_steps = event.total_steps

    @property
    def measured_seconds(self) -> float:
        """Of the steps that count."""
        return self._last[1] - self._first[1]

    @property
    def whole_seconds(self) -> float:
        """Of the whole run, with all that it reads."""
        steps = self._last[0] - self._first[0]
        # A run that is over at its first report has only that.
        of_step = self.measured_seconds / steps if steps else self._last[1] / max(1, self._last[0])
        reading = self.read * of_step / self._batch_size * _READING_PART
        return of_step * self._total_steps + reading


def kinds_of(plan: Plan) -> list[tuple[TrainingConfig, int]]:
    """One config of each kind of run, and how many runs are of its kind."""
    kinds: dict[object, list[Any]] = {}
    rows = _some_rows(plan)
    for values in rows:
        try:
            config = config_of(plan, values, plan.seeds[0])
        except ConfigError:
            continue
        key = dataclasses.replace(config, **_NO_MATTER)
        kinds.setdefault(key, [config, 0])[1] += len(plan.seeds)
    return [(config, count) for config, count in kinds.values()]


def _some_rows(plan: Plan) -> Iterable[Row]:
    if plan.search is None:
        return listed_rows(plan)
    rows = RandomRows(dataclasses.replace(plan.search, runs=_DRAWN_ROWS))
    drawn = (rows.ask(number) for number in range(1, _DRAWN_ROWS + 1))
    return [row.values for row in drawn if row is not None]


def estimated(
    plan: Plan,
    cores: int,
    measure: Callable[[TrainingConfig], float],
    *,
    is_large: Callable[[TrainingConfig], bool],
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Estimate:
    """How long a whole plan will take.

    Args:
        plan: The plan.
        cores: Small runs that are made side by side.
        measure: ``seconds_of``, in whatever process.
        is_large: Whether a run is made alone.
        progress: Told kinds measured, and kinds in all.
        cancelled: Asked between two of them; what is known then is returned.
    """
    kinds = kinds_of(plan)
    wanted = kinds[:_MOST_KINDS]
    alone = beside = 0.0
    runs = refused = 0
    for done, (config, count) in enumerate(wanted):
        if cancelled():
            break
        progress(done, len(wanted))
        seconds = measure(config) * count
        refused += not seconds
        runs += count
        if is_large(config):
            alone += seconds
        else:
            beside += seconds
    progress(len(wanted), len(wanted))
    whole = plan.run_count or runs
    scale = whole / runs if runs else 0.0
    seconds = scale * (alone + beside / max(1, min(cores, whole)))
    if plan.minutes:
        seconds = min(seconds, 60 * plan.minutes) if plan.run_count else 60 * plan.minutes
    return Estimate(plan.run_count, seconds, cores, _note(plan, len(kinds), refused))


def _note(plan: Plan, kinds: int, refused: int) -> str:
    if refused:
        return f"{refused} of {kinds} kinds of runs would be refused."
    if plan.early_end or dict(plan.settings).get("patience"):
        return "Runs that end early make it shorter."
    if kinds > _MOST_KINDS:
        return f"Only {_MOST_KINDS} of {kinds} kinds of runs were measured."
    return ""
