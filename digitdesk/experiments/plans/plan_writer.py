"""A plan written down as text: the TOML that ``plan_text`` reads."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

from digitdesk.messages.experiments.plan import Axis, Plan, Range

NOTHING = "none"
"""Stands for no value, which TOML cannot say."""


def written_plan(plan: Plan) -> str:
    """A plan as the text that ``read_plan`` reads."""
    usual = Plan(plan.title)
    lines = [f"title = {_written(plan.title)}"]
    for name in ("note", "seeds", "early_end", "grace", "minutes", "base"):
        value = getattr(plan, name)
        if value != getattr(usual, name):
            lines.append(f"{name} = {_written(value)}")
    lines += _section("settings", plan.settings)
    lines += _section("grid", [(axis.name, axis.values) for axis in plan.grid])
    for row in plan.rows:
        lines += _section("rows", row, is_one_of_many=True)
    if plan.search is not None:
        search = dataclasses.asdict(dataclasses.replace(plan.search, axes=()))
        lines += _section("search", [(k, v) for k, v in search.items() if v not in ((), "", 0)])
        lines += _section("search.ranges", [_range_entry(axis) for axis in plan.search.axes])
    return "\n".join(lines) + "\n"


def _section(
    name: str, entries: Iterable[tuple[str, Any]], *, is_one_of_many: bool = False
) -> list[str]:
    lines = [f"{key} = {_written(value)}" for key, value in entries]
    heading = f"[[{name}]]" if is_one_of_many else f"[{name}]"
    return ["", heading, *lines] if lines or is_one_of_many else []


def _range_entry(axis: Axis | Range) -> tuple[str, Any]:
    return (axis.name, axis.values) if isinstance(axis, Axis) else (axis.name, axis)


def _written(value: Any) -> str:
    if isinstance(value, Range):
        ends = (value.low, value.high)
        low, high = (repr(int(end)) if value.is_whole else repr(float(end)) for end in ends)
        return f"{{ low = {low}, high = {high}{', log = true' if value.is_log else ''} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    if value is None:
        return json.dumps(NOTHING)
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
