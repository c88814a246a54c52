"""A plan as text: TOML that anyone can write, read with a sentence for whatever is wrong in it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from digitdesk.errors import ConfigError, nearest
from digitdesk.experiments.plans.plan_lines import line_of
from digitdesk.experiments.plans.plan_writer import NOTHING
from digitdesk.experiments.plans.rows import QUEUES_OWN, axes_of, holes, network_texts
from digitdesk.messages.experiments.plan import (
    EARLY_ENDS,
    MOST_RUNS,
    RECIPE,
    SAMPLERS,
    Axis,
    Plan,
    Range,
    Row,
    Search,
)
from digitdesk.messages.setting import Setting, Value
from digitdesk.training.recipes import recipe
from digitdesk.training.settings import setting_table

Path = tuple[str | int, ...]

_LONGEST_TEXT = 1_000_000
_TOP = {
    "title", "note", "seeds", "early_end", "grace", "minutes", "base",
    "settings", "grid", "rows", "search",
}  # fmt: skip
_SEARCH = {"sampler", "runs", "storage", "seed", "ranges"}


def read_plan(text: str, source: str = "The plan") -> Plan:
    """Read a plan.

    Args:
        text: TOML.
        source: What to call it in a sentence, for example its file.

    Raises:
        ConfigError: It cannot be read, or something in it is no plan; with the line.
    """
    return _PlanReader(text, source).plan()


class _PlanReader:
    """Goes through the parts of one text; knows where each stands, for its complaints."""

    def __init__(self, text: str, source: str) -> None:
        self._text = text
        self._source = source
        self._settings = {setting.name: setting for setting in setting_table()}

    def plan(self) -> Plan:
        top = self._parsed()
        self._check_names(top, _TOP, ())
        search = self._search(top["search"]) if "search" in top else None
        plan = Plan(
            title=self._one(top, "title", str, required=True),
            note=self._one(top, "note", str) or "",
            settings=self._row(self._table(top, "settings"), ("settings",)),
            grid=self._axes(self._table(top, "grid"), ("grid",)),
            rows=self._rows(top),
            search=search,
            seeds=self._seeds(top.get("seeds", 1)),
            early_end=self._choice(top, "early_end", EARLY_ENDS),
            grace=self._count(top, "grace", 1),
            minutes=float(self._one(top, "minutes", (int, float)) or 0.0),
            base=self._count(top, "base", 1),
        )
        self._check(plan)
        return plan

    def _parsed(self) -> dict[str, Any]:
        if len(self._text) > _LONGEST_TEXT:
            self._refuse((), "is too long", expected=f"up to {_LONGEST_TEXT:,} signs")
        try:
            return tomllib.loads(self._text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise ConfigError(
                f"{self._source} is no TOML", expected="lines such as epochs = 5",
                received=str(error) or "brackets nested too deeply",
            ) from None  # fmt: skip

    # -- parts

    def _row(self, table: Mapping[str, Any], path: Path) -> Row:
        return tuple((name, self._value(name, table[name], (*path, name))) for name in table)

    def _rows(self, top: dict[str, Any]) -> tuple[Row, ...]:
        rows = top.get("rows", [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            self._refuse(("rows",), "are no rows", expected="tables, each below a line [[rows]]")
        return tuple(self._row(row, ("rows", place)) for place, row in enumerate(rows))

    def _axes(self, table: Mapping[str, Any], path: Path) -> tuple[Axis, ...]:
        return tuple(self._axis(name, table[name], (*path, name)) for name in table)

    def _axis(self, name: str, values: object, path: Path) -> Axis:
        if not isinstance(values, list) or not values:
            self._refuse(path, f"{name} lists nothing to try", expected=f"{name} = [a, b, …]")
        return Axis(name, tuple(self._value(name, value, path) for value in values))

    def _search(self, table: object) -> Search:
        if not isinstance(table, dict):
            self._refuse(("search",), "search is no table", expected="a line [search]")
        self._check_names(table, _SEARCH, ("search",))
        ranges = self._table(table, "ranges", "search")
        if not ranges:
            self._refuse(("search",), "search has no ranges", expected="a line [search.ranges]")
        storage = self._one(table, "storage", str, "search") or ""
        return Search(
            self._choice(table, "sampler", SAMPLERS, "search") or SAMPLERS[0],
            tuple(
                self._range(name, wanted, ("search", "ranges", name))
                for name, wanted in ranges.items()
            ),
            self._count(table, "runs", 0, "search"),
            storage,
            self._count(table, "seed", 0, "search"),
        )

    def _range(self, name: str, wanted: object, path: Path) -> Axis | Range:
        if isinstance(wanted, list):
            return self._axis(name, wanted, path)
        form = "a list, or low, high and perhaps log in braces"
        if not isinstance(wanted, dict) or not {"low", "high"} <= wanted.keys():
            self._refuse(path, f"{name} is no range", expected=form)
        self._check_names(wanted, {"low", "high", "log"}, path)
        ends = [self._value(name, wanted[end], path) for end in ("low", "high")]
        numbers = [n for n in ends if isinstance(n, int | float) and not isinstance(n, bool)]
        is_log = wanted.get("log", False)
        if len(numbers) < 2 or not isinstance(is_log, bool):
            self._refuse(path, f"{name} is no range", expected=form)
        low, high = numbers
        if not low < high or (is_log and low <= 0):
            self._refuse(
                path,
                f"{name} is an empty range",
                expected="a low end below the high one, above 0 for log",
            )
        is_whole = isinstance(low, int) and isinstance(high, int)
        return Range(name, low, high, is_log=is_log, is_whole=is_whole)

    def _seeds(self, seeds: object) -> tuple[int, ...]:
        if isinstance(seeds, int) and not isinstance(seeds, bool) and 1 <= seeds <= MOST_RUNS:
            return tuple(range(seeds))
        listed = seeds if isinstance(seeds, list) else []
        is_right = all(self._settings["seed"].accepts(seed) for seed in listed)
        if not listed or not is_right or len(set(listed)) < len(listed):
            self._refuse(("seeds",), "seeds are none", expected="how many, or different numbers")
        return tuple(listed)

    def _value(self, name: str, value: object, path: Path) -> Value:
        """One value, checked where the name is a setting."""
        if not isinstance(value, str | int | float | bool):
            self._refuse(path, f"{name} has a value of a strange kind", received=repr(value))
        setting = self._settings.get(name)
        if setting is None:
            return value
        if name in QUEUES_OWN:
            hint = "Write seeds = [0, 1, 2] at the top" if name == "seed" else ""
            self._refuse(path, f"{name} is not chosen by settings here", hint=hint)
        checked = _as_setting(setting, value)
        if not setting.accepts(checked):
            self._refuse(
                path, f"{name} cannot be used", expected=setting.expected, received=str(value),
                hint=nearest(str(value), setting.choices),
            )  # fmt: skip
        return checked

    # -- the whole

    def _check(self, plan: Plan) -> None:
        if plan.search is not None and (plan.grid or plan.rows):
            self._refuse(("search",), "search stands beside grid or rows", expected="one of them")
        if plan.search is not None and not (plan.search.runs or plan.minutes):
            self._refuse(("search",), "the search has no end", expected="runs or minutes")
        if plan.run_count > MOST_RUNS:
            self._refuse(
                (), "has too many runs", expected=f"up to {MOST_RUNS:,}",
                received=f"{plan.run_count:,}",
            )  # fmt: skip
        if plan.row_count and plan.base > plan.row_count:
            self._refuse(("base",), "base is no row", expected=f"1 to {plan.row_count}")
        self._check_recipe(plan)
        self._check_holes(plan)

    def _check_recipe(self, plan: Plan) -> None:
        name = dict(plan.settings).get(RECIPE)
        if name is not None:
            try:
                recipe(str(name))
            except ConfigError as error:
                raise ConfigError.about(self._where(("settings", RECIPE)), error) from None

    def _check_holes(self, plan: Plan) -> None:
        known = {hole for text in network_texts(plan) for hole in holes(text)}
        places: list[tuple[Path, str]] = [
            (("settings", name), name) for name, _ in plan.settings if name != RECIPE
        ]
        for place, row in enumerate(plan.rows):
            places += [(("rows", place, name), name) for name, _ in row]
        table = ("grid",) if plan.search is None else ("search", "ranges")
        places += [((*table, axis.name), axis.name) for axis in axes_of(plan)]
        for path, name in places:
            if name not in self._settings and name not in known:
                self._refuse(
                    path, f"{name} is no setting, and {{{name}}} is not in the network's text",
                    hint=nearest(name, [*self._settings, *known]),
                )  # fmt: skip
        said = {name for _, name in places}
        for hole in sorted(known - said):
            self._refuse(("settings", "model"), f"nothing is said for {{{hole}}}",
                         expected=f"{hole} = [a, b, …] below [grid]")  # fmt: skip

    # -- single values

    def _table(self, table: Mapping[str, Any], name: str, *above: str) -> dict[str, Any]:
        found = table.get(name, {})
        if not isinstance(found, dict):
            self._refuse((*above, name), f"{name} is no table", expected=f"a line [{name}]")
        return found

    def _one(
        self, table: Mapping[str, Any], name: str, kind: Any, *above: str, required: bool = False
    ) -> Any:
        value = table.get(name)
        is_right = isinstance(value, kind) and not isinstance(value, bool)
        if (value is None and required) or (value is not None and not is_right):
            word = "text" if kind is str else "a number"
            received = "nothing" if value is None else repr(value)
            self._refuse((*above, name), f"{name} is not given", word, received)
        if isinstance(value, int | float) and not 0 <= value < 1e9:
            self._refuse((*above, name), f"{name} is out of range", "0 or more", str(value))
        return value

    def _count(self, table: Mapping[str, Any], name: str, usual: int, *above: str) -> int:
        value = self._one(table, name, int, *above)
        return usual if value is None else int(value)

    def _choice(
        self, table: Mapping[str, Any], name: str, choices: Iterable[str], *above: str
    ) -> str:
        value = self._one(table, name, str, *above)
        if value is not None and value not in choices:
            self._refuse((*above, name), f"{name} is unknown", " or ".join(choices), value,
                         nearest(value, choices))  # fmt: skip
        return value or ""

    def _check_names(self, table: Mapping[str, Any], known: set[str], above: Path) -> None:
        for name in table:
            if name not in known:
                expected = ", ".join(sorted(known))
                self._refuse((*above, name), f"there is no {name} here", expected,
                             hint=nearest(name, known))  # fmt: skip

    def _refuse(
        self, path: Path, what: str, expected: str = "", received: str = "", hint: str = ""
    ) -> NoReturn:
        raise ConfigError(
            f"{self._where(path)}: {what}" if path else f"{self._source} {what}",
            expected=expected, received=received, hint=hint,
        )  # fmt: skip

    def _where(self, path: Path) -> str:
        line = line_of(self._text, path)
        return f"{self._source}, line {line}" if line else self._source


def _as_setting(setting: Setting, value: Value) -> Value:
    """A value as the setting has it: TOML knows no nothing, and 1 may stand for 1.0."""
    if value == NOTHING and setting.none:
        return None
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return float(value or 0) if setting.kind == "number" and is_whole else value
