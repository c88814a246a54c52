"""Figures as text: axes and marks in data units, in Scalable Vector Graphics.

Colors are names of the style sheet, so that a figure follows the page into the dark and to paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --text: #1f2328; --muted: #656d76;
  --line: #d0d7de; --first: #2f6fb2; --second: #c7682b; --wrong: #c0392b; --right: #3a8f5c; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --text: #e6e8eb; --muted: #9aa3ad;
  --line: #3a4048; --first: #6aa9ea; --second: #e79a63; --wrong: #ef7a6c; --right: #6fc390; } }
svg text { font: 12px system-ui, "Noto Sans CJK SC", sans-serif; fill: var(--text);
  font-variant-numeric: tabular-nums; }
svg .muted { fill: var(--muted); }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .guide { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 4 4; }
svg .first { stroke: var(--first); } svg .second { stroke: var(--second); }
svg .curve { fill: none; stroke-width: 2; } svg .broad { stroke-width: 6; opacity: 0.5; }
svg .dot-first, svg text.dot-first { fill: var(--first); }
svg .dot-second, svg text.dot-second { fill: var(--second); }
svg .fill-wrong { fill: var(--wrong); } svg .fill-right { fill: var(--right); }
svg .fill-first { fill: var(--first); }
"""

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a figure.

    Attributes:
        low: What lies at its beginning.
        high: What lies at its end.
        label: What it counts.
        ticks: Values that are marked, each with its text.
    """

    low: float
    high: float
    label: str
    ticks: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """Where a value lies, from 0 to 1."""
        return (value - self.low) / ((self.high - self.low) or 1.0)


class Plot:
    """A figure with two axes, marks drawn one after the other.

    Args:
        x: From left to right.
        y: From the bottom up.
        title: What stands over it.
        width: Of the area between the axes, in pixels.
        height: Likewise.
    """

    _LEFT, _TOP, _RIGHT, _BOTTOM = 72, 28, 18, 44

    def __init__(
        self, x: Axis, y: Axis, title: str = "", width: float = 300, height: float = 220
    ) -> None:
        self._x, self._y = x, y
        self._width, self._height = width, height
        self._marks: list[str] = []
        if title:
            self._marks.append(text(self._LEFT, 18, title))
        self._draw_axes()

    def line(self, points: Points, style: str = "first", *, dots: bool = True) -> None:
        """A curve through points, and what lies at each."""
        places = [self._place(*point) for point in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        self._marks.append(f'<polyline class="curve {style}" points="{path}"/>')
        if dots:
            self._marks += [
                f'<circle class="dot-{style}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in places
            ]

    def guide(self, first: tuple[float, float], last: tuple[float, float]) -> None:
        """A thin straight line to compare with."""
        (x1, y1), (x2, y2) = self._place(*first), self._place(*last)
        self._marks.append(
            f'<line class="guide" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
        )

    def bar(self, low: float, high: float, value: float, hint: str) -> None:
        """A column between two places of the x axis."""
        (left, top), (right, bottom) = self._place(low, value), self._place(high, self._y.low)
        self._marks.append(
            rectangle(
                left + 1, top, max(0.5, right - left - 2), bottom - top, "fill-first", 0.75, hint
            )
        )

    def svg(self) -> str:
        """The figure as an element of a page."""
        width = self._LEFT + self._width + self._RIGHT
        height = self._TOP + self._height + self._BOTTOM
        return element(width, height, self._marks)

    def _place(self, x: float, y: float) -> tuple[float, float]:
        return (
            self._LEFT + self._width * self._x.place(x),
            self._TOP + self._height * (1 - self._y.place(y)),
        )

    def _draw_axes(self) -> None:
        bottom, middle = self._TOP + self._height, self._LEFT + self._width / 2
        for value, said in self._y.ticks:
            _, y = self._place(self._x.low, value)
            right = self._LEFT + self._width
            self._marks.append(
                f'<line class="grid" x1="{self._LEFT}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}"/>'
            )
            self._marks.append(text(self._LEFT - 6, y + 4, said, "muted", "end"))
        for value, said in self._x.ticks:
            x, _ = self._place(value, self._y.low)
            self._marks.append(text(x, bottom + 16, said, "muted", "middle"))
        self._marks.append(text(middle, bottom + 36, self._x.label, "", "middle"))
        if self._y.label:
            y = self._TOP + self._height / 2
            self._marks.append(text(12, y, self._y.label, "", "middle", turned=True))


def element(width: float, height: float, marks: Sequence[str]) -> str:
    """Marks as one figure of that size, in pixels."""
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>{"".join(marks)}</svg>'


def alone(svg: str) -> str:
    """A figure as a file of its own, with the styles it needs."""
    head, tag, rest = svg.partition(">")
    style = f'<style>{STYLE}</style><rect width="100%" height="100%" style="fill:var(--paper)"/>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{tag}{style}{rest}\n'


def text(
    x: float, y: float, said: str, style: str = "", anchor: str = "start", *, turned: bool = False
) -> str:
    """Words at a place; turned, they run from the bottom up."""
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    kind = f' class="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{kind} text-anchor="{anchor}"{turn}>{escape(said)}</text>'


def rectangle(
    x: float, y: float, width: float, height: float, style: str, opacity: float, hint: str = ""
) -> str:
    """A filled rectangle; a hint is what a pointer on it is told."""
    told = f"<title>{escape(hint)}</title>" if hint else ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect class="{style}" {place} fill-opacity="{opacity:.3f}">{told}</rect>'
