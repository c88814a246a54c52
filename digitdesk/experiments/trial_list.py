"""The runs of an experiment: which there are, where each is, and in which order they are made.

Made from the folder, so that it says the same after a crash; it starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from digitdesk.experiments.folder import ExperimentFolder, TrialRecord
from digitdesk.experiments.plans.rows import listed_rows
from digitdesk.messages.experiments.plan import Plan, Row
from digitdesk.messages.experiments.progress import TrialState, TrialView
from digitdesk.messages.experiments.results import Curve
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished


@dataclass
class ListedTrial:
    """One run.

    Attributes:
        history: Epochs told so far.
        planned: Epochs there will be.
        lost: Processes that ended while they made it.
    """

    number: int
    row: int
    seed: int
    values: Row
    state: TrialState = TrialState.WAITING
    history: list[EpochFinished] = field(default_factory=list)
    planned: int = 0
    parameter_count: int = 0
    record: TrialRecord | None = None
    problem: Problem | None = None
    lost: int = 0

    def take(self, record: TrialRecord) -> None:
        """It is over, as this says."""
        self.record = record
        self.state = record.ended
        self.history = list(record.epochs)
        self.planned = max(self.planned, len(record.epochs))
        self.parameter_count = record.parameter_count
        self.problem = record.problem

    def begin_again(self) -> None:
        """Forget what came of it."""
        self.state, self.record, self.problem, self.lost = TrialState.WAITING, None, None, 0
        self.history = []

    def view(self, *, has_model: bool) -> TrialView:
        """As it is shown."""
        judged = self.record.judged if self.record else None
        last = judged or (self.history[-1] if self.history else None)
        is_known = self.record is not None and self.record.test_accuracy is not None
        test = self.record.test_accuracy if self.record and is_known else None
        if test is None and last is not None:
            test = last.test_accuracy
        return TrialView(
            self.number,
            self.row,
            self.seed,
            self.values,
            self.state,
            len(self.history),
            self.planned,
            last.validation_accuracy if last else None,
            test,
            self.record.seconds if self.record else sum(e.seconds for e in self.history),
            self.parameter_count,
            self.problem,
            has_model,
        )


class TrialList:
    """All runs that are known so far.

    Args:
        folder: Of the experiment.
        plan: Its plan.

    Attributes:
        rows: The rows so far.
        trials: The runs by their number.
    """

    def __init__(self, folder: ExperimentFolder, plan: Plan) -> None:
        self._folder = folder
        self._plan = plan
        self.rows: list[Row] = []
        self.trials: dict[int, ListedTrial] = {}
        self._order: list[int] = []
        if plan.search is None:
            known: Iterable[Row] = listed_rows(plan)
        else:
            known = [row.values for row in folder.rows()]
        for values in known:
            self.add_row(values)
        for record in folder.records():
            trial = self.trials.get(record.number)
            if trial is not None and (trial.row, trial.seed) == (record.row, record.seed):
                trial.take(record)
        self.put_first(folder.queue().first)

    def add_row(self, values: Row) -> int:
        """One more row, with a run for each seed; returns its number."""
        self.rows.append(values)
        row, seeds = len(self.rows), self._plan.seeds
        first = (row - 1) * len(seeds) + 1
        for number, seed in enumerate(seeds, start=first):
            self.trials[number] = ListedTrial(number, row, seed, values)
            self._order.append(number)
        return row

    # -- the order

    def put_first(self, numbers: Iterable[int]) -> None:
        """Have some of them made before the others."""
        first = [number for number in dict.fromkeys(numbers) if number in self.trials]
        self._order = first + [number for number in self._order if number not in first]

    def move(self, number: int, place: int) -> None:
        """Put one that waits at a place among those that wait, from 0."""
        waiting = [trial.number for trial in self.waiting() if trial.number != number]
        place = max(0, min(place, len(waiting)))
        self.put_first([*waiting[:place], number, *waiting[place:]])

    @property
    def order(self) -> tuple[int, ...]:
        """All numbers in the order in which they are made."""
        return tuple(self._order)

    def in_order(self) -> list[ListedTrial]:
        """All of them as they are made: those that have begun first."""
        return [self.trials[number] for number in self._order]

    def waiting(self) -> list[ListedTrial]:
        """Those that have not begun, the next one first."""
        return [trial for trial in self.in_order() if trial.state is TrialState.WAITING]

    # -- what is asked

    def of_row(self, row: int) -> list[ListedTrial]:
        """The runs of a row."""
        return [trial for trial in self.trials.values() if trial.row == row]

    def is_over(self, row: int) -> bool:
        """Whether all runs of a row are over."""
        return all(trial.state.is_over for trial in self.of_row(row))

    def worth(self, row: int) -> float | None:
        """How good a row is, by held-out images: the mean over its runs; ``None`` for unknown."""
        judged = [trial.record.judged for trial in self.of_row(row) if trial.record]
        known = [
            epoch.validation_accuracy
            for epoch in judged
            if epoch is not None and epoch.validation_accuracy is not None
        ]
        return sum(known) / len(known) if known else None

    def view(self, trial: ListedTrial) -> TrialView:
        """One of them as it is shown."""
        has_model = trial.state is TrialState.FINISHED and self._folder.model(trial.number).exists()
        return trial.view(has_model=has_model)

    def curves(self) -> tuple[Curve, ...]:
        """The epochs of all runs that have any."""
        return tuple(
            Curve(trial.number, trial.row, trial.seed, trial.values, tuple(trial.history))
            for trial in self.trials.values()
            if trial.history
        )

    @property
    def done(self) -> int:
        """How many are over."""
        return sum(trial.state.is_over for trial in self.trials.values())

    @property
    def failed(self) -> int:
        """How many failed."""
        return sum(trial.state is TrialState.FAILED for trial in self.trials.values())
