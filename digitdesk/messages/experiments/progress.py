"""How an experiment goes: its runs, and the events that tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from digitdesk.messages.experiments.plan import Plan, Row
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished


class ExperimentState(Enum):
    """Where an experiment is; ``WAITING`` is not begun, or interrupted."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    FINISHED = "finished"


class TrialState(Enum):
    """Where a run of an experiment is; ``HOPELESS`` was ended as it promised little."""

    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    HOPELESS = "hopeless"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes of it by itself."""
        return self not in (TrialState.WAITING, TrialState.RUNNING)


@dataclass(frozen=True, slots=True)
class TrialView:
    """One run of an experiment.

    Attributes:
        number: From 1.
        row: The row it belongs to, from 1.
        values: Of the row.
        epoch: Epochs finished; ``epochs`` are planned, 0 as long as nobody knows.
        seconds: Spent in training steps.
        problem: Why it failed or was refused.
        has_model: Whether its network can be opened.
    """

    number: int
    row: int
    seed: int
    values: Row
    state: TrialState
    epoch: int = 0
    epochs: int = 0
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    seconds: float = 0.0
    parameter_count: int = 0
    problem: Problem | None = None
    has_model: bool = False


@dataclass(frozen=True, slots=True)
class ExperimentEntry:
    """An experiment in a list.

    Attributes:
        key: What it is asked for by: its folder.
        created: In ISO form.
        runs: How many there will be; 0 where only the time says.
    """

    key: str
    title: str
    created: str
    state: ExperimentState
    done: int
    runs: int
    failed: int


@dataclass(frozen=True, slots=True)
class ExperimentView:
    """An experiment with all its runs, in the order in which they are made.

    Attributes:
        seconds_left: Estimated; ``None`` as long as nothing is known.
    """

    key: str
    plan: Plan
    state: ExperimentState
    rows: tuple[Row, ...]
    runs: tuple[TrialView, ...]
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class ExperimentChanged:
    """Where an experiment is now."""

    key: str
    state: ExperimentState
    done: int
    runs: int
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class TrialChanged:
    """Where one of its runs is now."""

    key: str
    run: TrialView


@dataclass(frozen=True, slots=True)
class TrialEpoch:
    """One of its runs has finished an epoch."""

    key: str
    number: int
    epoch: EpochFinished


ExperimentEvent = ExperimentChanged | TrialChanged | TrialEpoch
