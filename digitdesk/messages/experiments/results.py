"""What came out of an experiment: a table by rows, curves, and what mattered."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.experiments.plan import Row
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished

MEASURES: dict[str, bool] = {
    "test_accuracy": True,
    "validation_accuracy": True,
    "test_loss": False,
    "validation_loss": False,
    "train_loss": False,
    "seconds": False,
}
"""What rows can be compared by, and whether more of it is better."""


def seconds_number(value: float) -> str:
    """Seconds without their unit: ``3.2``, and ``0.043`` of a run that is over in no time."""
    return f"{value:.{1 if value >= 1 else 2 if value >= 0.1 else 3}f}"


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row: the mean over its seeds.

    Attributes:
        of: How many runs it has, ``count`` of which are finished.
        mean: Of the measure; ``None`` as long as there is none.
        sd: Standard deviation over the seeds; ``None`` for fewer than two.
        seconds: Mean time in training steps.
        p: That a difference to the base row at least as large is chance, by Welch's test, for as
            many comparisons as the table makes; ``None`` where nothing can be said.
        verdict: ``better`` or ``worse`` than the base row where ``p`` is below 0.05, else empty.
        is_fast: Whether no other row is both quicker and as accurate.
        failed: Runs that failed, the first for this ``reason``.
        hopeless: Runs that were ended as they promised little; they are not in the mean.
        runs: Their numbers.
    """

    number: int
    values: Row
    of: int
    count: int
    mean: float | None = None
    sd: float | None = None
    seconds: float | None = None
    p: float | None = None
    verdict: str = ""
    is_best: bool = False
    is_base: bool = False
    is_fast: bool = False
    failed: int = 0
    hopeless: int = 0
    reason: Problem | None = None
    runs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ResultTable:
    """All rows by one measure.

    Attributes:
        columns: The settings in which rows differ.
        comparisons: How many rows ``p`` is corrected for.
    """

    measure: str
    is_higher_better: bool
    columns: tuple[str, ...]
    base: int
    rows: tuple[RowResult, ...]
    comparisons: int = 0


@dataclass(frozen=True, slots=True)
class Curve:
    """The epochs of one run."""

    number: int
    row: int
    seed: int
    values: Row
    epochs: tuple[EpochFinished, ...]


@dataclass(frozen=True, slots=True)
class SettingImportance:
    """How much of the differences between rows goes with one setting, 0 … 1."""

    name: str
    share: float
