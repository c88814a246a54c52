"""From a plan to its rows, and from a row to the settings of a run.

A name in a plan is a setting, or stands for ``{name}`` in the network's text.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterable
from typing import Any

from digitdesk.errors import ConfigError
from digitdesk.messages.experiments.plan import RECIPE, Axis, Plan, Range, Row
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting import Value
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.training.recipes import recipe

_HOLE = re.compile(r"\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}")

QUEUES_OWN = ("seed", "threads", "data_dir")
"""Settings that no row chooses: seeds have a place of their own, threads are shared out."""


def listed_rows(plan: Plan) -> tuple[Row, ...]:
    """All rows of a plan that does not search: each of its own with every combination."""
    axes = [[(axis.name, value) for value in axis.values] for axis in plan.grid]
    combinations = list(itertools.product(*axes))
    return tuple((*row, *more) for row in plan.rows or ((),) for more in combinations)


def trial_places(plan: Plan, number: int) -> tuple[int, int]:
    """The row, from 1, and the seed of a run, from 1."""
    row, place = divmod(number - 1, len(plan.seeds))
    return row + 1, plan.seeds[place]


def config_of(plan: Plan, values: Row, seed: int) -> TrainingConfig:
    """The settings of a run.

    Raises:
        ConfigError: There is no such recipe or setting, or the network's text keeps a hole.
    """
    given = dict(plan.settings)
    name = given.pop(RECIPE, None)
    base = TrainingConfig() if name is None else recipe(str(name))
    given |= dict(values)
    settings: dict[str, Any] = {key: value for key, value in given.items() if key in SETTINGS}
    config = dataclasses.replace(base, **settings, seed=seed)
    return dataclasses.replace(config, model=filled(config.model, given))


def holes(text: str) -> tuple[str, ...]:
    """The names that stand for something in a network's text."""
    return tuple(dict.fromkeys(_HOLE.findall(text)))


def filled(text: str, values: dict[str, Value]) -> str:
    """A network's text with every ``{name}`` filled in.

    Raises:
        ConfigError: Nothing is said for a name.
    """
    if missing := [name for name in holes(text) if name not in values]:
        raise ConfigError(
            f"Nothing is said for {missing[0]} in the network's text",
            expected=f"values of {missing[0]} in the plan",
            received=", ".join(name for name in values if name not in SETTINGS) or "none",
        )
    return _HOLE.sub(lambda found: _as_text(values[found[1]]), text)


def network_texts(plan: Plan) -> tuple[str, ...]:
    """Every text of a network that a plan names, holes and all."""
    given = dict(plan.settings)
    texts = [given["model"]] if "model" in given else []
    for name, value in itertools.chain.from_iterable(plan.rows):
        texts += [value] if name == "model" else []
    for axis in axes_of(plan):
        if axis.name == "model" and isinstance(axis, Axis):
            texts += axis.values
    if RECIPE in given:
        texts.append(recipe(str(given[RECIPE])).model)
    return tuple(str(text) for text in texts)


def axes_of(plan: Plan) -> tuple[Axis | Range, ...]:
    """What a plan varies, listed or drawn."""
    return plan.grid if plan.search is None else plan.search.axes


def differing(rows: Iterable[Row]) -> tuple[str, ...]:
    """The names in which rows differ, in the order in which they come."""
    seen: dict[str, set[Value]] = {}
    all_rows = [dict(row) for row in rows]
    for row in all_rows:
        for name in row:
            seen.setdefault(name, set())
    for name, values in seen.items():
        values.update(row.get(name) for row in all_rows)
    return tuple(name for name, values in seen.items() if len(values) > 1 or len(all_rows) == 1)


def _as_text(value: Value) -> str:
    if isinstance(value, float) and not value.is_integer():
        return repr(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
