"""A plan: which settings are tried, with which seeds, and how much of it.

Rows and runs are numbered from 1. A row is one choice of settings; each of its seeds is a run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from digitdesk.messages.setting import Value

Row = tuple[tuple[str, Value], ...]
"""Settings by name; a name that is none stands for ``{name}`` in the network's text."""

RECIPE = "recipe"
"""Among the settings of every run: the recipe that they start from."""

SAMPLERS = ("random", "tpe")
EARLY_ENDS = ("median", "halving")
MOST_RUNS = 10_000


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of one setting, one after the other."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """The values of one setting between two numbers.

    Attributes:
        is_log: Whether it is the ratio of two values that counts, not their difference.
        is_whole: Whether there are whole numbers only.
    """

    name: str
    low: float
    high: float
    is_log: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """Rows that are drawn, not listed.

    Attributes:
        sampler: ``random``, or ``tpe``, which draws where results were good.
        axes: What is drawn from.
        runs: How many rows to draw; 0 for as many as there is time for.
        storage: Where a study lies that several machines share, as Optuna's storage URL; empty
            for the experiment's own folder.
        seed: Of what is drawn.
    """

    sampler: str
    axes: tuple[Axis | Range, ...]
    runs: int = 0
    storage: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What an experiment tries.

    Attributes:
        note: What it is for.
        settings: Of every run.
        grid: Every combination of these is tried.
        rows: Choices one by one, each with every combination of the grid.
        search: What is drawn instead of grid and rows.
        seeds: Each row is trained with each of them.
        early_end: End runs that promise little: ``median`` or ``halving``; empty for none.
        grace: Epochs in which no run is ended so.
        minutes: No run begins after so many minutes of work; 0 for no limit.
        base: The row that the others are compared with.
    """

    title: str
    note: str = ""
    settings: Row = ()
    grid: tuple[Axis, ...] = ()
    rows: tuple[Row, ...] = ()
    search: Search | None = None
    seeds: tuple[int, ...] = (0,)
    early_end: str = ""
    grace: int = 1
    minutes: float = 0.0
    base: int = 1

    @property
    def row_count(self) -> int:
        """How many rows there will be; 0 where only the time says."""
        if self.search is not None:
            return self.search.runs
        return max(1, len(self.rows)) * math.prod(len(axis.values) for axis in self.grid)

    @property
    def run_count(self) -> int:
        """How many runs there will be; 0 where only the time says."""
        return self.row_count * len(self.seeds)


@dataclass(frozen=True, slots=True)
class PlanSize:
    """How large a plan is.

    Attributes:
        runs: 0 where only the time says.
        needs: Why it cannot be begun here; empty where it can.
        first: Its first rows, where they are listed and not drawn.
    """

    rows: int
    runs: int
    needs: str = ""
    first: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a plan will take, by a few steps of each kind of run.

    Attributes:
        cores: Runs side by side, where they are small.
        note: What the estimate does not know; empty for nothing.
    """

    runs: int
    seconds: float
    cores: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class OfferedPlan:
    """A plan that comes with the program, as text."""

    name: str
    title: str
    sentence: str
    text: str
