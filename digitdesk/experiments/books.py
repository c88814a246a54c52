"""The books of an experiment that goes on: its runs, what is decided of them, and who is told.

What is over is written down before anybody hears of it.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable

from digitdesk.errors import DigitDeskError
from digitdesk.experiments.folder import DrawnRow, ExperimentFolder, TrialRecord
from digitdesk.experiments.pace import Pace
from digitdesk.experiments.samplers import Sampler
from digitdesk.experiments.trial_list import ListedTrial, TrialList
from digitdesk.messages.experiments.progress import (
    ExperimentChanged,
    ExperimentEvent,
    ExperimentState,
    ExperimentView,
    TrialChanged,
    TrialEpoch,
    TrialState,
)
from digitdesk.messages.experiments.results import Curve
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished

_log = logging.getLogger(__name__)

_KEEP_SECONDS = 1.0
"""Runs may be shorter; what is kept so late is only how long the work took."""


class Books:
    """Changed by the queue's thread only; any thread may ask for a view.

    Args:
        folder: Of the experiment.
        sampler: Hears what rows are worth.
        emit: Receives events.
        cores: Small runs side by side.
        clock: Seconds, monotonic.

    Attributes:
        plan: The plan.
        trials: The runs.
        drawn: The rows that were drawn so far.
        pace: How long runs take.
        state: Where the experiment is.
    """

    def __init__(
        self,
        folder: ExperimentFolder,
        sampler: Sampler,
        emit: Callable[[ExperimentEvent], None],
        cores: int,
        clock: Callable[[], float],
    ) -> None:
        self._folder = folder
        self._key = str(folder.path)
        self._sampler = sampler
        self._emit = emit
        self._cores = cores
        self._changing = threading.RLock()
        self.plan = folder.plan()
        self.trials = TrialList(folder, self.plan)
        self.drawn: list[DrawnRow] = list(folder.rows())
        self.pace = Pace(folder.queue().worked_seconds, clock)
        self.state = ExperimentState.RUNNING
        self._clock = clock
        self._kept = clock()

    def tell_rows_again(self) -> None:
        """A sampler may have missed what came of rows; it takes each once."""
        for number, row in enumerate(self.drawn, start=1):
            if self.trials.is_over(number):
                self._sampler.tell(row, self.trials.worth(number))

    def draw(self) -> bool:
        """Have one more row; False where there are all."""
        number = len(self.trials.rows) + 1
        row = None if self.plan.search is None else self._sampler.ask(number)
        if row is None:
            return False
        self._folder.write_row(number, row)
        self.drawn.append(row)
        with self._changing:
            self.trials.add_row(row.values)
        for trial in self.trials.of_row(number):
            self.tell(trial)
        return True

    # -- what becomes of runs

    def begun(self, trial: ListedTrial, epochs: int) -> None:
        """A run was handed out."""
        trial.state, trial.planned = TrialState.RUNNING, epochs
        self.pace.began(trial.number)
        self.tell(trial)

    def takes(
        self, trial: ListedTrial, epochs: int, parameter_count: int, history: list[EpochFinished]
    ) -> None:
        """A run trains."""
        with self._changing:
            trial.planned, trial.parameter_count = epochs, parameter_count
            trial.history = history
        self.tell(trial)

    def epoch(self, trial: ListedTrial, epoch: EpochFinished) -> None:
        """A run has finished an epoch."""
        with self._changing:
            trial.history.append(epoch)
        self._emit(TrialEpoch(self._key, trial.number, epoch))

    def over(self, trial: ListedTrial, problem: Problem | None = None) -> None:
        """A run is over, or goes on later: its record says which.

        Args:
            trial: The run.
            problem: Why there can be no record.
        """
        self.pace.ended(trial.number)
        record = self._folder.record(trial.number)
        with self._changing:
            if record is not None:
                trial.take(record)
            elif problem is not None:
                trial.state, trial.problem = TrialState.FAILED, problem
            else:
                trial.state = TrialState.WAITING
        self.told(trial)

    def end(self, trial: ListedTrial, state: TrialState, problem: Problem | None = None) -> None:
        """A run is over that nobody makes: a row with a reason, and not the end."""
        record = TrialRecord(
            trial.number, trial.row, trial.seed, state.value, tuple(trial.history), problem=problem
        )
        try:
            self._folder.write_record(record)
        except DigitDeskError as error:
            _log.warning("%s", error)
        with self._changing:
            trial.take(record)
        self.told(trial)

    def again(self, trial: ListedTrial) -> None:
        """A run is made once more."""
        self._folder.forget(trial.number)
        with self._changing:
            trial.begin_again()
        self.tell(trial)

    def move(self, number: int, place: int) -> None:
        """A run that waits is put at a place among those that wait."""
        with self._changing:
            self.trials.move(number, place)
        self.keep()
        self.tell_state()

    # -- who is told

    def told(self, trial: ListedTrial) -> None:
        """Tell where a run is, and what its row is worth once that is known."""
        if trial.state.is_over:
            if self._clock() - self._kept > _KEEP_SECONDS:
                self.keep()
            if trial.row <= len(self.drawn) and self.trials.is_over(trial.row):
                self._sampler.tell(self.drawn[trial.row - 1], self.trials.worth(trial.row))
        self.tell(trial)
        self.tell_state()

    def tell(self, trial: ListedTrial) -> None:
        """Tell where a run is."""
        self._emit(TrialChanged(self._key, self.trials.view(trial)))

    def tell_state(self) -> None:
        """Tell where the experiment is."""
        runs = self.plan.run_count or len(self.trials.trials)
        self._emit(
            ExperimentChanged(self._key, self.state, self.trials.done, runs, self._seconds_left())
        )

    def keep(self, *, is_paused: bool | None = None) -> None:
        """Keep what is decided; a disk that refuses does not end the queue."""
        self._kept = self._clock()
        facts, order = self._folder.queue(), self.trials.order
        facts = dataclasses.replace(
            facts,
            first=order if order != tuple(self.trials.trials) else (),
            worked_seconds=self.pace.worked_seconds,
            is_paused=facts.is_paused if is_paused is None else is_paused,
        )
        try:
            self._folder.write_queue(facts)
        except DigitDeskError as error:
            _log.warning("%s", error)

    @property
    def time_is_over(self) -> bool:
        """Whether the plan has no more time."""
        return bool(self.plan.minutes) and self.pace.worked_seconds >= 60 * self.plan.minutes

    # -- from any thread

    def view(self) -> ExperimentView:
        """The experiment with all its runs."""
        with self._changing:
            return ExperimentView(
                self._key,
                self.plan,
                self.state,
                tuple(self.trials.rows),
                tuple(self.trials.view(trial) for trial in self.trials.in_order()),
                self._seconds_left(),
            )

    def curves(self) -> tuple[Curve, ...]:
        """The epochs of all runs that have any, those that go on too."""
        with self._changing:
            return self.trials.curves()

    def _seconds_left(self) -> float | None:
        whole = self.plan.run_count
        left = whole - self.trials.done if whole else None
        return self.pace.seconds_left(left, self._cores, 60 * self.plan.minutes)
