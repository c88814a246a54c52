"""What a chart of many runs shows, as plain values; ``drawing`` puts it onto a figure.

Whatever can be pointed at carries a key, by which the widget tells what was pressed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from digitdesk.ui.i18n.text import Sentence


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis.

    Attributes:
        title: What it measures.
        write: How its numbers are written.
        names: Where it has no numbers: what stands at 0, 1, 2 …
        is_log: Whether it is the ratio of two values that counts, not their difference.
    """

    title: Sentence | str
    write: Callable[[float], str] = "{:g}".format
    names: tuple[str, ...] = ()
    is_log: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A row of a table of results.

    Attributes:
        spread: How far the bar through it goes, up and down.
        label: Written beside it.
        is_marked: Whether it stands out.
    """

    key: int
    x: float
    y: float
    spread: float = 0.0
    label: str = ""
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class PointPlot:
    """Points over one axis, and a line through some of them."""

    x: Scale
    y: Scale
    points: tuple[Point, ...]
    line: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class HeatPlot:
    """A field of cells; one that is missing was not tried.

    Attributes:
        cells: Value and key by column and row.
        write: How a value is written.
        is_higher_better: Whether the highest value is the darkest.
    """

    x: Scale
    y: Scale
    cells: Mapping[tuple[int, int], tuple[float, int]]
    write: Callable[[float], str]
    is_higher_better: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A line of several points.

    Attributes:
        shade: How good it is, 0 … 1: the best are the darkest.
        is_marked: Whether it stands out.
    """

    key: int
    points: tuple[tuple[float, float], ...]
    shade: float = 1.0
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class LinePlot:
    """Curves over one axis."""

    x: Scale
    y: Scale
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ParallelPlot:
    """Upright axes beside each other, each 0 … 1 from bottom to top, and lines across them.

    Attributes:
        ticks: What stands at which heights, axis by axis.
    """

    titles: tuple[Sentence | str, ...]
    ticks: tuple[tuple[tuple[float, str], ...], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class BarPlot:
    """Names, and a bar of 0 … 1 for each."""

    x: Scale
    bars: tuple[tuple[str, float], ...]


Plot = PointPlot | HeatPlot | LinePlot | ParallelPlot | BarPlot


def marked(plot: Plot, keys: Sequence[int]) -> Plot:
    """The same chart with what has one of these keys standing out."""
    wanted = set(keys)
    if isinstance(plot, PointPlot):
        points = (replace(point, is_marked=point.key in wanted) for point in plot.points)
        return replace(plot, points=tuple(points))
    if isinstance(plot, LinePlot | ParallelPlot):
        lines = (replace(line, is_marked=line.key in wanted) for line in plot.lines)
        return replace(plot, lines=tuple(lines))
    return plot
