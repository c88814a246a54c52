"""Puts a chart of many runs onto a Matplotlib figure, in the colors of the theme.

It is drawn anew each time: that takes some hundredths of a second, and happens when something
else is looked at, not while a network trains.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from digitdesk.ui.charts.plots.plot import (
    BarPlot,
    HeatPlot,
    Line,
    LinePlot,
    ParallelPlot,
    Plot,
    PointPlot,
    Scale,
)
from digitdesk.ui.i18n.text import percent
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.colors import mixed

_SMALL, _TINY = 8, 7
_LIBRARY: dict[str, Any] = {"fontsize": _SMALL}
#: The palest cell and line, as a share of the way from the ground to the color.
_PALEST = 0.12
#: Values that were tried are ticks themselves where they are so few, and so far from each other.
_MOST_TICKS, _LEAST_RATIO = 9, 1.3
#: Names below an axis are turned where all of them have more letters.
_MOST_LETTERS = 44
#: Numbers stand in the cells of a field where there are no more of them.
_MOST_WRITTEN = 144


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something can be pressed, in the units of a panel."""

    axes: Axes
    x: float
    y: float
    key: int


def draw(figure: Figure, plot: Plot) -> list[Spot]:
    """Draw a chart in the place of what was there.

    Returns:
        What can be pressed.
    """
    figure.clear()
    colors = theme.palette()
    figure.set_facecolor(colors.background)
    axes = figure.add_subplot()
    axes.set_facecolor(colors.background)
    axes.spines[["top", "right"]].set_visible(False)
    for spine in axes.spines.values():
        spine.set_color(colors.border)
    axes.tick_params(labelsize=_SMALL, length=3, colors=colors.muted, labelcolor=colors.muted)
    axes.set_axisbelow(True)
    match plot:
        case PointPlot():
            return _draw_points(axes, plot)
        case HeatPlot():
            return _draw_heat(axes, plot)
        case LinePlot():
            return _draw_lines(axes, plot)
        case ParallelPlot():
            return _draw_parallel(axes, plot)
        case BarPlot():
            return _draw_bars(axes, plot)


# -- kinds of charts


def _draw_points(axes: Axes, plot: PointPlot) -> list[Spot]:
    colors = theme.palette()
    axes.grid(True, axis="y", color=colors.track, linewidth=0.8)
    if plot.line:
        axes.plot(*zip(*plot.line, strict=True), color=colors.test, linewidth=1.4, zorder=1)
    for point in plot.points:
        color = colors.validation if point.is_marked else colors.train
        axes.errorbar(
            point.x, point.y, yerr=point.spread or None, color=color, marker="o",
            markersize=7 if point.is_marked else 5, linewidth=1.2, capsize=2.5, zorder=2,
        )  # fmt: skip
        if point.label:
            axes.annotate(
                point.label, (point.x, point.y), (5, 5), textcoords="offset points",
                fontsize=_TINY, color=colors.muted,
            )  # fmt: skip
    _scale(axes, "x", plot.x, [point.x for point in plot.points])
    _scale(axes, "y", plot.y, [point.y for point in plot.points])
    return [Spot(axes, point.x, point.y, point.key) for point in plot.points]


def _draw_heat(axes: Axes, plot: HeatPlot) -> list[Spot]:
    colors = theme.palette()
    values = [value for value, _key in plot.cells.values()]
    shades = _shades(values, is_higher_better=plot.is_higher_better)
    is_written = len(plot.cells) <= _MOST_WRITTEN
    for ((column, row), (value, _key)), shade in zip(plot.cells.items(), shades, strict=True):
        face = mixed(colors.background, colors.train, _PALEST + (1 - _PALEST) * shade)
        axes.add_patch(
            Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=face,
                      edgecolor=colors.background, linewidth=2)
        )  # fmt: skip
        if is_written:
            axes.text(
                column, row, plot.write(value), fontsize=_SMALL, ha="center", va="center",
                color=colors.background if shade > 0.45 else colors.text,
            )  # fmt: skip
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    _scale(axes, "x", plot.x, [])
    _scale(axes, "y", plot.y, [])
    return [Spot(axes, *place, key) for place, (_value, key) in plot.cells.items()]


def _draw_lines(axes: Axes, plot: LinePlot) -> list[Spot]:
    colors = theme.palette()
    axes.grid(True, axis="y", color=colors.track, linewidth=0.8)
    spots = _lay_lines(axes, plot.lines)
    points = [point for line in plot.lines for point in line.points]
    _scale(axes, "x", plot.x, [])
    _scale(axes, "y", plot.y, [y for _x, y in points])
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    return spots


def _draw_parallel(axes: Axes, plot: ParallelPlot) -> list[Spot]:
    colors = theme.palette()
    axes.spines[["left", "bottom"]].set_visible(False)
    for place, ticks in enumerate(plot.ticks):
        axes.axvline(place, color=colors.border, linewidth=0.8, zorder=1)
        for height, written in ticks:
            axes.annotate(
                written, (place, height), (4, 0), textcoords="offset points", va="center",
                fontsize=_TINY, color=colors.text, zorder=4,
                bbox={"facecolor": colors.background, "edgecolor": "none", "alpha": 0.75,
                      "pad": 0.6},
            )  # fmt: skip
    spots = _lay_lines(axes, plot.lines)
    last = len(plot.titles) - 1
    axes.set_xlim(-0.1, last + 0.35)
    axes.set_ylim(-0.06, 1.06)
    axes.yaxis.set_major_locator(NullLocator())
    axes.set_xticks(range(len(plot.titles)), [_short(title) for title in plot.titles], **_LIBRARY)
    axes.tick_params(axis="x", length=0)
    return spots


def _draw_bars(axes: Axes, plot: BarPlot) -> list[Spot]:
    colors = theme.palette()
    names = [name for name, _share in plot.bars]
    for place, (_name, share) in enumerate(plot.bars):
        axes.barh(place, share, height=0.6, color=colors.train)
        axes.annotate(
            percent(share, 0), (share, place), (4, 0), textcoords="offset points", va="center",
            fontsize=_SMALL, color=colors.muted,
        )  # fmt: skip
    axes.set_yticks(range(len(names)), names, **_LIBRARY)
    axes.set_ylim(max(len(names), 4) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    _scale(axes, "x", plot.x, [])
    axes.set_xlim(0, max(share for _name, share in plot.bars) * 1.15 or 1)
    return []


# -- what they share


def _lay_lines(axes: Axes, lines: Sequence[Line]) -> list[Spot]:
    """Lines, the best on top of the others, and what is marked on top of all."""
    colors = theme.palette()
    some_are_marked = any(line.is_marked for line in lines)
    for line in sorted(lines, key=lambda line: (line.is_marked, line.shade)):
        shade = _PALEST + (1 - _PALEST) * line.shade * (0.5 if some_are_marked else 1)
        color = mixed(colors.background, colors.train, shade)
        axes.plot(
            *zip(*line.points, strict=True),
            color=colors.validation if line.is_marked else color,
            linewidth=2.2 if line.is_marked else 1.3,
            marker="o" if len(line.points) == 1 else "",
            zorder=3 if line.is_marked else 2,
        )
    return [Spot(axes, x, y, line.key) for line in lines for x, y in line.points]


def _scale(axes: Axes, side: str, scale: Scale, values: Iterable[float]) -> None:
    """Name an axis, and write its numbers or names."""
    axis = axes.xaxis if side == "x" else axes.yaxis
    colors = theme.palette()
    axis.set_label_text(str(scale.title), color=colors.text, fontsize=_SMALL)
    if scale.names:
        _name_places(axes, side, scale.names)
        return
    if scale.is_log:
        (axes.set_xscale if side == "x" else axes.set_yscale)("log")
        axis.set_minor_locator(NullLocator())
    tried = sorted(set(values))
    far = all(b >= a * _LEAST_RATIO for a, b in itertools.pairwise(tried))
    if len(tried) == 1 or (scale.is_log and len(tried) <= _MOST_TICKS and far):
        axis.set_major_locator(FixedLocator(tried))
    elif not scale.is_log:
        axis.set_major_locator(MaxNLocator(6))
    axis.set_major_formatter(FuncFormatter(lambda value, _place: scale.write(value)))


def _name_places(axes: Axes, side: str, names: Sequence[str]) -> None:
    shown = [_short(name) for name in names]
    if side == "x":
        is_long = sum(map(len, shown)) > _MOST_LETTERS
        turned: dict[str, Any] = (
            {"rotation": 20, "ha": "right", "rotation_mode": "anchor"} if is_long else {}
        )
        axes.set_xticks(range(len(names)), shown, **_LIBRARY, **turned)
        axes.set_xlim(-0.5, len(names) - 0.5)
    else:
        axes.set_yticks(range(len(names)), shown, **_LIBRARY)
        axes.set_ylim(-0.5, len(names) - 0.5)


def _shades(values: Sequence[float], *, is_higher_better: bool) -> list[float]:
    """How good each value is among the others, 0 … 1."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if high <= low:
        return [1.0] * len(values)
    ratios = [(value - low) / (high - low) for value in values]
    return ratios if is_higher_better else [1 - ratio for ratio in ratios]


def _short(name: str, most: int = 22) -> str:
    """A name, cut in its middle where it is too long to stand at an axis."""
    if len(name) <= most:
        return str(name)
    half = (most - 1) // 2
    return f"{name[:half]}…{name[-half:]}"
