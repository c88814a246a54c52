"""The queue of an experiment: hands its runs out to processes, and follows what they say.

Small networks are made side by side, each on a core; large ones one after the other on all of them.
A queue that was killed goes on where it was.
"""

from __future__ import annotations

import dataclasses
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from digitdesk.errors import DigitDeskError
from digitdesk.experiments.books import Books
from digitdesk.experiments.crew import Crew
from digitdesk.experiments.folder import ExperimentFolder
from digitdesk.experiments.hopeless import is_hopeless
from digitdesk.experiments.plans.rows import config_of
from digitdesk.experiments.processes import Hear, TrialProcess
from digitdesk.experiments.samplers import Sampler
from digitdesk.experiments.trial import PAUSE, TrialTask
from digitdesk.experiments.trial_list import ListedTrial
from digitdesk.messages.experiments.progress import (
    ExperimentEvent,
    ExperimentState,
    ExperimentView,
    TrialState,
)
from digitdesk.messages.experiments.results import Curve
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished, TrainingConfig
from digitdesk.storage.plain_json import from_plain

_log = logging.getLogger(__name__)

_MOST_LOST = 2
"""Processes that may end while they make a run, before it is given up."""


class ExperimentQueue:
    """Makes the runs of one experiment, on a thread of its own.

    Args:
        folder: Of the experiment; whoever makes a queue has it to himself.
        sampler: Says which rows there are.
        start_process: Starts a process that makes runs, and has it heard.
        emit: Receives events, on the queue's thread.
        cores: Small runs side by side.
        is_large: Whether a run is made alone, on all cores.
        data_dir: Folder of data sets for runs that name none.
        clock: Seconds, monotonic.
    """

    def __init__(
        self,
        folder: ExperimentFolder,
        sampler: Sampler,
        start_process: Callable[[Hear], TrialProcess],
        emit: Callable[[ExperimentEvent], None],
        *,
        cores: int,
        is_large: Callable[[TrainingConfig], bool],
        data_dir: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._sampler = sampler
        self._books = Books(folder, sampler, emit, cores, clock)
        self._plan, self._list = self._books.plan, self._books.trials
        self._crew = Crew(start_process, self._heard, cores)
        self._cores = cores
        self._is_large = is_large
        self._data_dir = data_dir
        self._messages: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._has_all_rows = False
        self._is_pausing = False
        self._thread = threading.Thread(target=self._work, name="experiment", daemon=True)

    # --- from any thread -------------------------------------------------------------------

    def start(self) -> None:
        """Begin; returns at once."""
        self._books.keep(is_paused=False)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether nothing is made any more: all is done, or it was paused."""
        return not self._thread.is_alive()

    def join(self, timeout_seconds: float | None = None) -> bool:
        """Wait until it is over; True when it is."""
        self._thread.join(timeout_seconds)
        return self.is_over

    def pause(self, *, is_wanted: bool = True) -> None:
        """Keep the runs that go on, and end.

        Args:
            is_wanted: Somebody wants the experiment paused; else only the program ends.
        """

        def obey() -> None:
            self._is_pausing = True
            self._books.state = ExperimentState.PAUSING
            if is_wanted:
                self._books.keep(is_paused=True)
            self._crew.stop_all(PAUSE)
            self._books.tell_state()

        self._messages.put(obey)

    def cancel(self, numbers: Iterable[int]) -> None:
        """Do without some runs."""
        wanted = tuple(numbers)

        def obey() -> None:
            for trial in self._known(wanted):
                if trial.state.is_over or self._crew.stop(trial.number, TrialState.CANCELLED.value):
                    continue
                self._books.end(trial, TrialState.CANCELLED)

        self._messages.put(obey)

    def again(self, numbers: Iterable[int]) -> None:
        """Make runs once more that failed, were cancelled or ended early."""
        wanted = tuple(numbers)

        def obey() -> None:
            for trial in self._known(wanted):
                if trial.state.is_over:
                    self._books.again(trial)

        self._messages.put(obey)

    def move(self, number: int, place: int) -> None:
        """Put a run that waits at a place among those that wait, from 0."""
        self._messages.put(lambda: self._books.move(number, place))

    def view(self) -> ExperimentView:
        """The experiment with all its runs."""
        return self._books.view()

    def curves(self) -> tuple[Curve, ...]:
        """The epochs of all runs that have any, those that go on too."""
        return self._books.curves()

    # --- the queue's thread ----------------------------------------------------------------

    def _work(self) -> None:
        try:
            self._books.tell_rows_again()
            self._books.tell_state()
            self._hand_out()
            while self._crew.busy or not self._messages.empty():
                self._messages.get()()
                self._hand_out()
        except Exception:
            _log.exception("The queue of %s failed", self._folder.path)
        finally:
            self._close()

    def _close(self) -> None:
        self._crew.close()
        self._sampler.close()
        self._books.keep()
        is_done = not self._list.waiting() and (self._has_all_rows or self._books.time_is_over)
        self._books.state = ExperimentState.FINISHED if is_done else ExperimentState.PAUSED
        self._books.tell_state()

    def _known(self, numbers: Iterable[int]) -> list[ListedTrial]:
        return [self._list.trials[number] for number in numbers if number in self._list.trials]

    # -- handing out

    def _hand_out(self) -> None:
        """Begin runs as long as there are cores for them."""
        while not self._is_pausing and self._crew.has_room:
            trial = self._next()
            if trial is None:
                return
            try:
                config = config_of(self._plan, trial.values, trial.seed)
            except DigitDeskError as error:
                self._books.end(trial, TrialState.FAILED, Problem.of(error))
                continue
            is_large = self._is_large(config)
            if is_large and self._crew.busy:
                return
            self._begin(trial, config, is_large=is_large)

    def _next(self) -> ListedTrial | None:
        """The run to be made next; ``None`` for none, for now or for good."""
        if self._books.time_is_over:
            for trial in self._list.waiting():
                problem = Problem("The time of the plan was over")
                self._books.end(trial, TrialState.CANCELLED, problem)
            return None
        waiting = self._list.waiting()
        while not waiting and not self._has_all_rows:
            self._has_all_rows = not self._books.draw()
            waiting = self._list.waiting()
        return waiting[0] if waiting else None

    def _threads(self) -> int:
        """Cores for one more small run: more than one only where no other wants them."""
        if self._plan.search is not None and not self._has_all_rows:
            return 1
        others = self._crew.busy + len(self._list.waiting())
        return max(1, self._cores // max(1, others))

    def _begin(self, trial: ListedTrial, config: TrainingConfig, *, is_large: bool) -> None:
        threads = self._cores if is_large else self._threads()
        folder = config.data_dir or self._data_dir
        config = dataclasses.replace(config, threads=threads, data_dir=folder)
        place = str(self._folder.path)
        task = TrialTask(place, trial.number, trial.row, trial.seed, config)
        try:
            self._crew.begin(trial, task, alone=is_large)
        except OSError as error:
            problem = Problem("No process could be started", received=str(error))
            self._books.end(trial, TrialState.FAILED, problem)
        else:
            self._books.begun(trial, config.epochs)

    # -- hearing

    def _heard(self, process: TrialProcess, message: dict[str, Any] | None) -> None:
        """Called on a process's own thread."""
        self._messages.put(lambda: self._obey(process, message))

    def _obey(self, process: TrialProcess, message: dict[str, Any] | None) -> None:
        trial = self._crew.made_by(process)
        if message is None:
            self._crew.lose(process)
            if trial is not None:
                self._lost(trial)
        elif trial is not None and message.get("number") == trial.number:
            if message["kind"] == "over":
                self._crew.free(process)
                self._over(trial, message)
            elif message["kind"] == "epoch":
                self._epoch(trial, message)
            else:
                self._begun(trial, message)

    def _begun(self, trial: ListedTrial, message: dict[str, Any]) -> None:
        history = list(from_plain(tuple[EpochFinished, ...], message["history"]))
        self._books.takes(trial, message["epochs"], message["parameter_count"], history)

    def _epoch(self, trial: ListedTrial, message: dict[str, Any]) -> None:
        epoch = from_plain(EpochFinished, message["epoch"])
        self._books.epoch(trial, epoch)
        if epoch.epoch >= trial.planned:
            return
        others = [other.history for other in self._list.trials.values() if other is not trial]
        if is_hopeless(self._plan.early_end, self._plan.grace, trial.history, others):
            self._crew.stop(trial.number, TrialState.HOPELESS.value)

    def _over(self, trial: ListedTrial, message: dict[str, Any]) -> None:
        is_lost = message["outcome"] == TrialState.FAILED.value and "problem" in message
        self._books.over(trial, from_plain(Problem, message["problem"]) if is_lost else None)

    def _lost(self, trial: ListedTrial) -> None:
        """The process of a run has ended by itself: killed, or out of memory."""
        trial.lost += 1
        self._books.over(trial)
        if trial.state is TrialState.WAITING and trial.lost >= _MOST_LOST:
            problem = Problem(
                "The process that made the run ended twice",
                hint="There may be too little memory: take a smaller network or batch size",
            )
            self._books.end(trial, TrialState.FAILED, problem)
