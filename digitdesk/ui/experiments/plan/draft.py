"""A plan as the form holds it, in the words that are typed, and the plan it makes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from digitdesk.messages.experiments.plan import RECIPE, Axis, Plan, Range, Row, Search
from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting import Setting, Value
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.messages.typed_number import typed_number
from digitdesk.ui.experiments.plan.typed_values import read_axis, read_values, written_axis
from digitdesk.ui.i18n.text import Sentence, _, setting_title

T = TypeVar("T")
Way = Literal["grid", "rows", "random", "tpe"]
SEARCHES = ("random", "tpe")
#: What stands apart from the settings that all runs share.
APART = ("seed", "threads", RECIPE)

_SEEDS = dataclasses.replace(SETTINGS["seed"], high=10**6)
_RUNS = dataclasses.replace(SETTINGS["epochs"], high=10**6)
_MINUTES = dataclasses.replace(SETTINGS["clip_norm"], high=10**6)


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the form.

    Attributes:
        recipe: The settings that all runs begin with; empty for the usual ones.
        fixed: All settings of the form by name.
        vary: Names, and the values to try as they are typed.
        way: Every combination, row by row, or a search.
        seeds: ``0, 1, 2``; or one number: how many.
        runs: Of a search; empty until the minutes are over.
        minutes: Empty for no limit.
        rest: The plan it was made of: what the form does not show is kept.
    """

    title: str
    recipe: str
    fixed: Mapping[str, Value]
    vary: tuple[tuple[str, str], ...]
    way: Way
    seeds: str
    runs: str
    minutes: str
    early_end: str
    rest: Plan


class DraftError(Exception):
    """What is wrong with a draft: a sentence by the name of each field.

    Fields of settings that vary are named by their place, ``vary 0``.
    """

    def __init__(self, sentences: Mapping[str, Sentence]) -> None:
        super().__init__(*sentences.values())
        self.sentences = dict(sentences)


def plan_of(draft: Draft, begun_with: TrainingConfig) -> Plan:
    """The plan that a form makes.

    Args:
        draft: What is typed.
        begun_with: The settings of its recipe, or the usual ones: only others are written.

    Raises:
        DraftError: Something is typed wrong.
    """
    wrong: dict[str, Sentence] = {}
    axes = _axes(draft, wrong)
    seeds = _checked("seeds", lambda: _read_seeds(draft.seeds), wrong) or (0,)
    runs = _checked("runs", lambda: int(_number(draft.runs, _RUNS)), wrong) or 0
    minutes = _checked("minutes", lambda: _number(draft.minutes, _MINUTES), wrong) or 0.0
    is_search = draft.way in SEARCHES
    if is_search and not runs and not minutes and "runs" not in wrong:
        wrong["runs"] = _("Runs: say how many, or give minutes.")
    if wrong:
        raise DraftError(wrong)
    plan = dataclasses.replace(
        draft.rest,
        title=draft.title.strip() or str(_("Experiment")),
        settings=_settings(draft, begun_with),
        seeds=seeds,
        minutes=minutes,
        early_end=draft.early_end,
        grid=(),
        rows=(),
        search=None,
    )
    if is_search:
        before = draft.rest.search or Search("random", ())
        search = dataclasses.replace(before, sampler=draft.way, axes=tuple(axes), runs=runs)
        return dataclasses.replace(plan, search=search)
    lists = tuple(axis for axis in axes if isinstance(axis, Axis))
    if draft.way == "rows":
        return dataclasses.replace(plan, rows=_zipped(lists))
    return dataclasses.replace(plan, grid=lists)


def draft_of(plan: Plan, config_of: Callable[[str], TrainingConfig]) -> Draft | None:
    """The form that would make a plan; ``None`` where no form would, and only text can say it.

    Args:
        plan: The plan.
        config_of: Gives the settings of a recipe by its name; of an empty name, the usual ones.
    """
    names = {tuple(name for name, _value in row) for row in plan.rows}
    if len(names) > 1 or (plan.rows and plan.grid):
        return None
    settings = dict(plan.settings)
    recipe = str(settings.get(RECIPE) or "")
    begun_with = dataclasses.asdict(config_of(recipe))
    fixed = {
        name: settings.get(name, begun_with.get(name)) for name in SETTINGS if name not in APART
    }
    axes: tuple[Axis | Range, ...] = plan.grid
    way: Way = "grid"
    if plan.rows:
        axes, way = _unzipped(plan.rows), "rows"
    elif plan.search is not None:
        axes, way = plan.search.axes, "tpe" if plan.search.sampler == "tpe" else "random"
    return Draft(
        title=plan.title,
        recipe=recipe,
        fixed=fixed,
        vary=tuple((axis.name, written_axis(axis)) for axis in axes),
        way=way,
        seeds=_written_seeds(plan.seeds),
        runs=f"{plan.search.runs}" if plan.search is not None and plan.search.runs else "",
        minutes=f"{plan.minutes:g}" if plan.minutes else "",
        early_end=plan.early_end,
        rest=plan,
    )


# -- parts of a plan


def _settings(draft: Draft, begun_with: TrainingConfig) -> Row:
    """What all runs share, but for what varies, and what they begin with though nobody says it."""
    usual = dataclasses.asdict(begun_with)
    varies = [name for name, _text in draft.vary]
    # In the order in which they were said; what stands for a hole has no field.
    said = [name for name, _value in draft.rest.settings if name != RECIPE]
    new = [name for name, value in draft.fixed.items() if value != usual.get(name)]
    values = {**dict(draft.rest.settings), **draft.fixed}
    shared = ((name, values[name]) for name in dict.fromkeys((*said, *new)) if name not in varies)
    return ((RECIPE, draft.recipe), *shared) if draft.recipe else tuple(shared)


def _axes(draft: Draft, wrong: dict[str, Sentence]) -> list[Axis | Range]:
    axes: list[Axis | Range] = []
    read = read_axis if draft.way in SEARCHES else read_values
    for place, (name, text) in enumerate(draft.vary):
        field = f"vary {place}"
        try:
            axes.append(read(name, text))
        except ValueError as error:
            said = _("{field}: {expected}")
            wrong[field] = said.format(field=setting_title(name), expected=error.args[0])
        if name in {other for other, _text in draft.vary[:place]}:
            wrong[field] = _("{field}: is there twice").format(field=setting_title(name))
    lengths = {len(axis.values) for axis in axes if isinstance(axis, Axis)}
    if draft.way == "rows" and len(lengths) > 1:
        last = f"vary {len(draft.vary) - 1}"
        wrong.setdefault(last, _("Row by row, every setting needs as many values."))
    if draft.way in SEARCHES and not axes and not wrong:
        wrong["vary"] = _("A search needs a setting to vary.")
    return axes


def _zipped(axes: tuple[Axis, ...]) -> tuple[Row, ...]:
    """The first values of all, then the second, and so on."""
    columns = [[(axis.name, value) for value in axis.values] for axis in axes]
    return tuple(zip(*columns, strict=True))


def _unzipped(rows: tuple[Row, ...]) -> tuple[Axis, ...]:
    columns = zip(*rows, strict=True)
    return tuple(Axis(column[0][0], tuple(value for _name, value in column)) for column in columns)


# -- what is typed


def _read_seeds(text: str) -> tuple[int, ...]:
    """Seeds one by one; a number that stands alone says how many."""
    values = read_values("seed", text).values
    seeds = tuple(value for value in values if isinstance(value, int))
    if len(seeds) == 1 and "," not in text:
        if not 1 <= seeds[0] <= 1000:
            raise ValueError(_("how many, or which: 3, or 0, 1, 2"))
        return tuple(range(seeds[0]))
    return tuple(dict.fromkeys(seeds))


def _written_seeds(seeds: tuple[int, ...]) -> str:
    if seeds == tuple(range(len(seeds))):
        return str(len(seeds))
    return ", ".join(map(str, seeds)) + ("," if len(seeds) == 1 else "")


def _number(text: str, like: Setting) -> float:
    value = typed_number(like, text)
    if value is None:
        return 0
    if not like.accepts(value):
        raise ValueError(_("a number above 0, or nothing"))
    return value


def _checked(name: str, read: Callable[[], T], wrong: dict[str, Sentence]) -> T | None:
    titles = {"seeds": _("Seeds"), "runs": _("Runs"), "minutes": _("Minutes")}
    try:
        return read()
    except ValueError as error:
        expected = error.args[0]
        if not isinstance(expected, Sentence):
            expected = _("a number above 0, or nothing")
        wrong[name] = _("{field}: {expected}").format(field=titles[name], expected=expected)
        return None
