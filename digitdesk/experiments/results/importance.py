"""How much of the differences between rows goes with each setting.

A main effect, as in an analysis of variance: rows are put into groups by the setting's value, and
the variance between the groups' means is compared with the whole. It says nothing of settings that
matter only together; and where rows were drawn, not listed, settings may share what they explain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from digitdesk.experiments.plans.rows import differing
from digitdesk.messages.experiments.plan import Row
from digitdesk.messages.experiments.results import SettingImportance
from digitdesk.messages.setting import Value

_FEWEST_ROWS = 4
_MOST_LEVELS = 6
"""Of numbers with more values than this, neighbors make a group: one to each would explain all."""


def importance(rows: Sequence[Row], means: Mapping[int, float]) -> tuple[SettingImportance, ...]:
    """Shares of the variance between rows, the largest first; () for too few rows.

    Args:
        rows: All rows, numbered from 1.
        means: What rows reached, by their number.
    """
    tried = [dict(rows[number - 1]) for number in means]
    reached = np.array(list(means.values()), dtype=np.float64)
    whole = float(((reached - reached.mean()) ** 2).sum()) if len(reached) else 0.0
    if len(reached) < _FEWEST_ROWS or whole <= 0:
        return ()
    found = []
    for name in differing(rows[number - 1] for number in means):
        groups = _groups([row.get(name) for row in tried])
        # A group for each row explains everything and says nothing.
        if 1 < len(set(groups)) < len(groups):
            found.append(SettingImportance(name, _between(groups, reached) / whole))
    return tuple(sorted(found, key=lambda one: -one.share))


def _between(groups: Sequence[int], reached: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """The sum of squares between groups."""
    places = np.array(groups)
    middle = reached.mean()
    parts = [reached[places == group] for group in set(groups)]
    return float(sum(len(part) * (part.mean() - middle) ** 2 for part in parts))


def _groups(values: Sequence[Value]) -> list[int]:
    """The group of each value: one for each, or for neighbors where numbers are many."""
    different = sorted(set(values), key=_as_sortable)
    are_numbers = all(type(value) in (int, float) for value in different)
    if not are_numbers or len(different) <= _MOST_LEVELS:
        places = {value: place for place, value in enumerate(different)}
    else:
        count = min(_MOST_LEVELS, len(values) // 2)
        places = {v: place * count // len(different) for place, v in enumerate(different)}
    return [places[value] for value in values]


def _as_sortable(value: Value) -> tuple[str, float, str]:
    if isinstance(value, int | float):
        return ("number", float(value), "")
    return ("text", 0.0, str(value))
