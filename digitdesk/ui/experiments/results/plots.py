"""Charts of a table of results, as plain values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from digitdesk.messages.experiments.results import (
    Curve,
    ResultTable,
    RowResult,
    SettingImportance,
)
from digitdesk.messages.setting import Value
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.charts.plots.plot import (
    BarPlot,
    HeatPlot,
    Line,
    LinePlot,
    ParallelPlot,
    Plot,
    Point,
    PointPlot,
    Scale,
)
from digitdesk.ui.experiments.words import column_title, measure_title, measured, shown_value
from digitdesk.ui.i18n.text import _, percent

#: Of an axis of a parallel chart, so many values are written.
_MOST_TICKS = 6
#: A range of a hole's values counts by ratios where its ends are so many times apart.
_FAR = 20


def setting_plot(table: ResultTable, name: str) -> Plot | None:
    """The measure over one setting, with the spread of its runs."""
    rows = _measured(table)
    if not rows or name not in table.columns:
        return None
    axis = _Axis([dict(row.values).get(name) for row in rows], name)
    points = tuple(
        Point(row.number, axis.place(dict(row.values).get(name)), _mean(row), row.sd or 0.0)
        for row in rows
    )
    return PointPlot(axis.scale, _measure_scale(table), points)


def heat_plot(table: ResultTable, across: str, up: str) -> Plot | None:
    """The measure over two settings; where several rows share a cell, the best of them."""
    rows = _measured(table)
    if not rows or across == up or not {across, up} <= set(table.columns):
        return None
    xs, ys = (_distinct([dict(row.values).get(name) for row in rows]) for name in (across, up))
    cells: dict[tuple[int, int], tuple[float, int]] = {}
    for row in rows:
        values = dict(row.values)
        place = xs.index(values.get(across)), ys.index(values.get(up))
        if place not in cells or _is_better(table, _mean(row), cells[place][0]):
            cells[place] = (_mean(row), row.number)
    return HeatPlot(
        Scale(column_title(across), names=tuple(shown_value(across, value) for value in xs)),
        Scale(column_title(up), names=tuple(shown_value(up, value) for value in ys)),
        cells,
        lambda value: measured(table.measure, value).removesuffix(" %"),
        table.is_higher_better,
    )


def parallel_plot(table: ResultTable) -> Plot | None:
    """Every row as a line across its settings to what it reached."""
    rows = _measured(table)
    if len(rows) < 2 or not table.columns:
        return None
    axes = {
        name: _Axis([dict(row.values).get(name) for row in rows], name) for name in table.columns
    }
    means = [_mean(row) for row in rows]
    low, high = min(means), max(means)
    height = _height(low, high)
    shades = _shades(table)
    lines = tuple(
        Line(
            row.number,
            (
                *((float(place), axis.height(dict(row.values).get(name)))
                  for place, (name, axis) in enumerate(axes.items())),
                (float(len(axes)), height(_mean(row))),
            ),
            shades[row.number],
        )
        for row in rows
    )  # fmt: skip
    ends = tuple((height(value), measured(table.measure, value)) for value in {low, high})
    return ParallelPlot(
        (*(column_title(name) for name in axes), measure_title(table.measure)),
        (*(axis.ticks for axis in axes.values()), ends),
        lines,
    )


def curve_plot(table: ResultTable, curves: Sequence[Curve]) -> Plot | None:
    """All learning curves over each other, the best rows darkest."""
    for measure in dict.fromkeys((table.measure, "validation_accuracy", "train_loss")):
        if measure == "seconds":
            continue
        shades = _shades(table)
        lines = tuple(
            Line(curve.row, points, shades.get(curve.row, 0.0))
            for curve in curves
            if (points := _points_of(curve, measure))
        )
        if lines:
            scale = Scale(measure_title(measure), _writer(measure))
            return LinePlot(Scale(_("epoch")), scale, lines)
    return None


def time_plot(table: ResultTable) -> Plot | None:
    """The measure over the time it took, and a line through what nothing surpasses in both."""
    rows = [row for row in _measured(table) if row.seconds]
    if not rows:
        return None
    seconds = [row.seconds or 0.0 for row in rows]
    points = tuple(
        Point(row.number, time, _mean(row), row.sd or 0.0,
              label=str(row.number) if row.is_fast else "")
        for row, time in zip(rows, seconds, strict=True)
    )  # fmt: skip
    front = sorted(
        (time, _mean(row)) for row, time in zip(rows, seconds, strict=True) if row.is_fast
    )
    is_log = max(seconds) > 10 * min(seconds)
    x = Scale(_("time of a run"), lambda value: measured("seconds", value), is_log=is_log)
    return PointPlot(x, _measure_scale(table), points, tuple(front))


def importance_plot(found: Sequence[SettingImportance]) -> Plot | None:
    """How much of the differences each setting explains."""
    if not found:
        return None
    ordered = sorted(found, key=lambda one: one.share, reverse=True)
    bars = tuple((str(column_title(one.name)), one.share) for one in ordered)
    return BarPlot(Scale(_("share of the differences"), lambda share: percent(share, 0)), bars)


# -- rows and axes


def _measured(table: ResultTable) -> list[RowResult]:
    return [row for row in table.rows if row.mean is not None and math.isfinite(row.mean)]


def _mean(row: RowResult) -> float:
    assert row.mean is not None
    return row.mean


def _is_better(table: ResultTable, value: float, than: float) -> bool:
    return value > than if table.is_higher_better else value < than


def _shades(table: ResultTable) -> Mapping[int, float]:
    """How good each row is by its rank, 0 … 1."""
    rows = sorted(_measured(table), key=_mean, reverse=not table.is_higher_better)
    last = max(1, len(rows) - 1)
    return {row.number: place / last if len(rows) > 1 else 1.0 for place, row in enumerate(rows)}


def _measure_scale(table: ResultTable) -> Scale:
    return Scale(measure_title(table.measure), _writer(table.measure))


def _writer(measure: str) -> Callable[[float], str]:
    if measure.endswith("accuracy"):
        return lambda value: percent(value, 1)
    if measure == "seconds":
        return lambda value: measured("seconds", value)
    return "{:g}".format


def _points_of(curve: Curve, measure: str) -> tuple[tuple[float, float], ...]:
    found = ((float(epoch.epoch), getattr(epoch, measure)) for epoch in curve.epochs)
    return tuple((x, y) for x, y in found if y is not None and math.isfinite(y))


def _distinct(values: Sequence[Value]) -> list[Value]:
    """Values, each once: numbers by size, then words as they come."""
    once = list(dict.fromkeys(values))
    numbers = sorted(value for value in once if _is_number(value))  # type: ignore[type-var]
    return [*numbers, *(value for value in once if not _is_number(value))]


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _height(low: float, high: float) -> Callable[[float], float]:
    return lambda value: (value - low) / (high - low) if high > low else 0.5


class _Axis:
    """Where the values of a setting lie on an axis: by size, or one name after the other."""

    def __init__(self, values: Sequence[Value], name: str) -> None:
        self._name = name
        self._values = _distinct(values)
        self._has_numbers = all(map(_is_number, self._values))
        numbers = [float(value) for value in self._values if _is_number(value)]  # type: ignore[arg-type]
        self._is_log = self._has_numbers and numbers[0] > 0 and _counts_by_ratio(name, numbers)

    @property
    def scale(self) -> Scale:
        title = column_title(self._name)
        if self._has_numbers:
            return Scale(title, "{:g}".format, is_log=self._is_log)
        return Scale(title, names=tuple(shown_value(self._name, value) for value in self._values))

    def place(self, value: Value) -> float:
        return float(value) if self._has_numbers else self._values.index(value)  # type: ignore[arg-type]

    def height(self, value: Value) -> float:
        """Where a value lies, 0 … 1."""
        if not self._has_numbers:
            return _height(0, len(self._values) - 1)(self._values.index(value))
        ends = (self._moved(self._values[0]), self._moved(self._values[-1]))
        return _height(*ends)(self._moved(value))

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Heights and what stands there."""
        values = self._values
        if len(values) > _MOST_TICKS:
            values = [values[0], values[-1]]
        return tuple((self.height(value), shown_value(self._name, value)) for value in values)

    def _moved(self, value: Value) -> float:
        number = float(value)  # type: ignore[arg-type]
        return math.log(number) if self._is_log else number


def _counts_by_ratio(name: str, numbers: Sequence[float]) -> bool:
    known = SETTINGS.get(name)
    if known is not None and known.usual is not None and len(numbers) > 1:
        return known.usual.is_log
    return len(numbers) > 1 and numbers[-1] >= _FAR * numbers[0]
