"""The figures of a report, each by a name that its file gets, too."""

from __future__ import annotations

import math
from collections.abc import Iterator

from digitdesk.messages.evaluation import Evaluation
from digitdesk.messages.exam import DamageCurve
from digitdesk.messages.percent import percent
from digitdesk.report.content import ReportContent
from digitdesk.report.svg import Axis, Plot, element, rectangle, text
from digitdesk.report.words import DAMAGE_NAMES, Words

_CELL, _SMALL_CELL = 34, 14
_MOST_LARGE = 20
"""Classes of which each count is written into its cell; of more, a pointer tells it."""
_NAME_LETTERS = 12
_LETTER_PX = 8
_COLUMN_PX = 24
_MOST_COLUMNS = 31
"""Classes that are named below a column each; of more, every second one or fewer."""
_FEW = 20
"""Points of a curve, of which each is marked: one alone would not be seen."""

_WHOLE = tuple((k / 4, f"{25 * k} %") for k in range(5))


def figures(content: ReportContent, word: Words) -> Iterator[tuple[str, str]]:
    """Name and drawing of each figure that there is something for."""
    found = content.exam.evaluation
    if found.accuracy is None:
        return
    yield "confusion-matrix", confusion_matrix(found, word)
    yield "by-class", by_class(found, word)
    yield "reliability", reliability(found, word)
    yield "risk-coverage", risk_coverage(found, word)
    others = {} if content.other is None else {c.damage.name: c for c in content.other.curves}
    for curve in content.curves:
        name = curve.damage.name
        yield f"damage-{name}", damage(curve, others.get(name), word)


def confusion_matrix(found: Evaluation, word: Words) -> str:
    """Counts by true class and answer; errors are shaded by themselves, so that they are seen."""
    names, rows = found.class_names, found.confusion_matrix
    is_large = len(names) <= _MOST_LARGE
    cell = _CELL if is_large else _SMALL_CELL
    shown = [_short(name) for name in names]
    longest = max(map(len, shown))
    is_turned = _LETTER_PX * longest > cell
    left = 40.0 + _LETTER_PX * longest
    top = 34.0 + (_LETTER_PX * longest if is_turned else 14)
    most = max((n for i, row in enumerate(rows) for j, n in enumerate(row) if i != j), default=0)
    side = len(names) * cell
    marks = [
        text(left + side / 2, 16, word("The network said"), "", "middle"),
        text(14, top + side / 2, word("True class"), "", "middle", turned=True),
    ]
    for k, name in enumerate(shown):
        middle = (k + 0.5) * cell + 4
        marks.append(text(left - 8, top + middle, name, "muted", "end"))
        marks.append(
            text(left + middle, top - 6, name, "muted", "start", turned=True)
            if is_turned
            else text(left + middle - 4, top - 8, name, "muted", "middle")
        )
    for i, row in enumerate(rows):
        shown_of_class = sum(row)
        for j, count in enumerate(row):
            x, y = left + j * cell, top + i * cell
            if i == j:
                style, depth = "fill-right", 0.1 + 0.5 * count / max(1, shown_of_class)
            else:
                style, depth = "fill-wrong", 0.75 * math.log1p(count) / math.log1p(max(1, most))
            hint = f"{names[i]} → {names[j]}: {count:,}"
            marks.append(rectangle(x, y, cell - 1, cell - 1, style, depth, hint))
            if is_large and count:
                marks.append(text(x + cell / 2, y + cell / 2 + 4, str(count), "", "middle"))
        if is_large:
            y = top + i * cell + cell / 2 + 4
            marks.append(text(left + side + 8, y, f"{shown_of_class:,}", "muted"))
    return element(left + side + 70, top + side + 8, marks)


def by_class(found: Evaluation, word: Words) -> str:
    """The recall of each class as a column, from where it is interesting."""
    recalls = [row.recall for row in found.by_class]
    low = _floor(min((value for value in recalls if value is not None), default=0.0))
    count = len(found.by_class)
    every = max(1, math.ceil(count / _MOST_COLUMNS))
    width = max(300, _COLUMN_PX * min(count, _MOST_COLUMNS))
    letters = max(2, int(every * width / count) // _LETTER_PX)
    ticks = tuple(
        (k + 0.5, _short(row.name, letters))
        for k, row in enumerate(found.by_class)
        if k % every == 0
    )
    plot = Plot(
        Axis(0, count, word("True class"), ticks),
        Axis(low, 1, word("Recall"), _ticks_from(low)),
        width=width,
    )
    for k, row in enumerate(found.by_class):
        if row.recall is not None:
            plot.bar(k, k + 1, row.recall, f"{row.name}: {percent(row.recall)}")
    return plot.svg()


def reliability(found: Evaluation, word: Words) -> str:
    """How often answers of each confidence are right; the guide is where they should be."""
    plot = Plot(
        Axis(0, 1, word("Confidence"), _WHOLE), Axis(0, 1, word("Part that is right"), _WHOLE)
    )
    for part in found.reliability:
        plot.bar(part.low, part.high, part.accuracy, f"{percent(part.accuracy)} ({part.count:,})")
    plot.guide((0, 0), (1, 1))
    return plot.svg()


def risk_coverage(found: Evaluation, word: Words) -> str:
    """How accuracy grows when the less sure answers are refused."""
    points = [(p.coverage, p.accuracy) for p in found.risk if p.accuracy is not None]
    low = _floor(min((accuracy for _, accuracy in points), default=0.0))
    plot = Plot(
        Axis(0, 1, word("Part answered"), _WHOLE),
        Axis(low, 1, word("Part of those that is right"), _ticks_from(low)),
    )
    plot.line(points, dots=len(set(points)) <= _FEW)
    return plot.svg()


def damage(curve: DamageCurve, other: DamageCurve | None, word: Words) -> str:
    """Accuracy over the strength of a damage, of one model or two."""
    kind, unit = curve.damage, curve.damage.unit
    ticks = tuple((s, f"{s:g} {unit}") for s in kind.strengths[::2])
    plot = Plot(
        Axis(kind.low, kind.high, "", ticks),
        Axis(0, 1, "", _WHOLE),
        word(DAMAGE_NAMES[kind.name]),
        width=200,
        height=150,
    )
    if other is not None:
        plot.line([(p.strength, p.accuracy) for p in other.points], "second")
    plot.line([(p.strength, p.accuracy) for p in curve.points])
    return plot.svg()


def _floor(lowest: float) -> float:
    """A round value below what is shown, so that differences near 100 % can be seen."""
    return next((low for low in (0.98, 0.95, 0.9, 0.8, 0.5) if lowest > low), 0.0)


def _ticks_from(low: float) -> tuple[tuple[float, str], ...]:
    values = [low + (1 - low) * k / 4 for k in range(5)]
    return tuple((value, f"{100 * value:g} %") for value in values)


def _short(name: str, most: int = _NAME_LETTERS) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
