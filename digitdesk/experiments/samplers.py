"""Who says which settings are tried next: a list, chance, or what results suggest.

``Sampler`` is all that the queue knows of them; Optuna's stands in a file of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from digitdesk.errors import ConfigError
from digitdesk.experiments.folder import DrawnRow
from digitdesk.experiments.plans.rows import listed_rows
from digitdesk.messages.experiments.plan import Axis, Plan, Range, Row, Search
from digitdesk.messages.setting import Value

OPTUNA_MISSING = (
    "With Optuna (pip install optuna) a search draws where results were good, and several "
    "machines can share one study; without it, grid and random search work"
)
"""What the optional extra ``search`` adds."""


class Sampler(Protocol):
    """Says what is tried next, and hears what came of it."""

    def ask(self, number: int) -> DrawnRow | None:
        """The settings of row ``number``, from 1 and one after the other; ``None`` for no more."""

    def tell(self, row: DrawnRow, value: float | None) -> None:
        """What came of a row: the mean over its seeds, more is better; ``None`` for nothing."""

    def close(self) -> None:
        """Give back what it holds."""


class ListedRows:
    """The rows of a grid, in their order."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def ask(self, number: int) -> DrawnRow | None:
        """The next row; ``None`` after the last."""
        return DrawnRow(self._rows[number - 1]) if number <= len(self._rows) else None

    def tell(self, row: DrawnRow, value: float | None) -> None:
        """Nothing is made of it."""

    def close(self) -> None:
        """There is nothing to give back."""


class RandomRows:
    """Rows drawn by chance: the same number always gives the same row.

    Source:
        Bergstra and Bengio, "Random search for hyper-parameter optimization", 2012.
    """

    def __init__(self, search: Search) -> None:
        self._search = search

    def ask(self, number: int) -> DrawnRow | None:
        """The next row; ``None`` where enough were drawn."""
        if self._search.runs and number > self._search.runs:
            return None
        rng = np.random.default_rng([self._search.seed, number])
        return DrawnRow(tuple((axis.name, drawn(axis, rng)) for axis in self._search.axes))

    def tell(self, row: DrawnRow, value: float | None) -> None:
        """Nothing is made of it."""

    def close(self) -> None:
        """There is nothing to give back."""


def drawn(axis: Axis | Range, rng: np.random.Generator) -> Value:
    """One value by chance."""
    if isinstance(axis, Axis):
        return axis.values[int(rng.integers(len(axis.values)))]
    low, high = axis.low, axis.high
    if axis.is_whole:
        # Every whole number has a stretch of its own, the ends too.
        low, high = low - 0.5, high + 0.5
    if axis.is_log:
        value = math.exp(rng.uniform(math.log(max(low, 1e-300)), math.log(high)))
    else:
        value = float(rng.uniform(low, high))
    return min(max(round(value), int(axis.low)), int(axis.high)) if axis.is_whole else value


def make_sampler(
    plan: Plan, folder: Path, *, optuna: Callable[[Search, Path], Sampler] | None = None
) -> Sampler:
    """Who says what a plan tries.

    Args:
        plan: The plan.
        folder: Of the experiment, where a study may lie.
        optuna: Makes Optuna's sampler; ``None`` to import it.

    Raises:
        ConfigError: Optuna is asked for and not installed, or its study cannot be opened.
    """
    if plan.search is None:
        return ListedRows(listed_rows(plan))
    if plan.search.sampler == "random" and not plan.search.storage:
        return RandomRows(plan.search)
    if optuna is None:
        from digitdesk.experiments.optuna_rows import OptunaRows, has_optuna

        if not has_optuna():
            raise ConfigError(
                "This search needs Optuna, which is not installed", hint=OPTUNA_MISSING
            )
        optuna = OptunaRows
    return optuna(plan.search, folder)
