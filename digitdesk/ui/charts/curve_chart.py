"""A few curves over one axis, drawn by hand on a canvas: at once, and without a drawing library.

Axes have words and round numbers; a line stands where a slider is, and can be pulled along.
"""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font as tk_font
from typing import Literal

from digitdesk.ui.i18n.text import Sentence
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

#: What is asked for, in logical pixels; it takes whatever room there is.
_LEAST = (264, 184)
_MOST_TICKS = 6
_DOT = 3

Point = tuple[float, float]
Look = Literal["line", "dots", "bars", "dashes"]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis is, from where to where, and how its numbers are written."""

    title: Sentence
    low: float
    high: float
    write: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points that belong together.

    Attributes:
        points: From left to right.
        color: Name of a color of the palette.
        look: ``line`` joins the points, ``dots`` marks them, too; ``bars`` stand on the axis with a
            width of ``bar``.
        title: For the legend; none where it needs no name.
        bar: Width of a bar, in units of the x axis.
    """

    points: Sequence[Point]
    color: str
    look: Look = "line"
    title: Sentence | str = ""
    bar: float = 0.0


class CurveChart(theme.Canvas):
    """Shows curves, and a line at one place of the x axis.

    Args:
        parent: The widget to sit in.
        on_pick: Takes the place of the x axis that was pressed or pulled to.
    """

    def __init__(self, parent: tk.Misc, on_pick: Callable[[float], None] | None = None) -> None:
        super().__init__(
            parent, width=px(parent, _LEAST[0]), height=px(parent, _LEAST[1]),
            highlightthickness=0, borderwidth=0,
        )  # fmt: skip
        self._curves: Sequence[Curve] = ()
        self._axes: tuple[Axis, Axis] | None = None
        self._mark: float | None = None
        self._box = (0, 0, 1, 1)
        self.bind("<Configure>", lambda _event: self._draw())
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        if on_pick is not None:
            self.configure(cursor="sb_h_double_arrow")
            for sequence in ("<Button-1>", "<B1-Motion>"):
                self.bind(sequence, lambda event: self._pick(event.x, on_pick))
        follow_language(self, self._draw)
        theme.follow_size(self, self._draw)

    def show(self, curves: Sequence[Curve], x: Axis, y: Axis) -> None:
        """Show curves between the ends of two axes."""
        self._curves, self._axes = curves, (x, y)
        self._draw()

    def mark(self, x: float | None) -> None:
        """Put a line at a place of the x axis, or take it away."""
        self._mark = x
        self._draw_mark()

    def clear(self) -> None:
        """Show nothing."""
        self._axes = None
        self._draw()

    @property
    def curves(self) -> Sequence[Curve]:
        """What is shown."""
        return self._curves if self._axes is not None else ()

    def place_of(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies on the canvas."""
        assert self._axes is not None
        left, top, right, bottom = self._box
        across, up = (
            (value - axis.low) / (axis.high - axis.low)
            for value, axis in zip((x, y), self._axes, strict=True)
        )
        return left + across * (right - left), bottom - up * (bottom - top)

    # -- drawing

    def _draw(self) -> None:
        self.configure(background=theme.palette().background)
        self.delete("all")
        if self._axes is None or self.winfo_width() <= 1:
            return
        self._lay_out(*self._axes)
        self._draw_axes(*self._axes)
        for curve in self._curves:
            self._draw_curve(curve)
        self._write_legend()
        self._draw_mark()

    def _lay_out(self, x: Axis, y: Axis) -> None:
        font = self._font
        line, gap = font.metrics("linespace"), px(self, GAP / 2)
        left = max(font.measure(y.write(tick)) for tick in ticks(y.low, y.high)) + 2 * gap
        right = font.measure(x.write(x.high)) // 2 + 2
        self._box = (
            left, line + 2 * gap,
            max(left + 1, self.winfo_width() - right),
            max(line + 3 * gap, self.winfo_height() - 2 * line - 2 * gap),
        )  # fmt: skip

    @property
    def _font(self) -> tk_font.Font:
        return tk_font.nametofont(theme.font("small"), root=self)

    def _draw_axes(self, x: Axis, y: Axis) -> None:
        colors, small = theme.palette(), theme.font("small")
        left, _top, right, bottom = self._box
        gap = px(self, GAP / 2)
        for tick in ticks(y.low, y.high):
            at = self.place_of(x.low, tick)[1]
            self.create_line(left, at, right, at, fill=colors.track)
            self.create_text(left - gap, at, anchor="e", text=y.write(tick), fill=colors.muted,
                             font=small)  # fmt: skip
        end = -math.inf
        for tick in ticks(x.low, x.high):
            at, half = self.place_of(tick, y.low)[0], self._font.measure(x.write(tick)) / 2
            self.create_line(at, bottom, at, bottom + gap // 2 + 1, fill=colors.border)
            if at - half > end:
                self.create_text(at, bottom + gap, anchor="n", text=x.write(tick),
                                 fill=colors.muted, font=small)  # fmt: skip
                end = at + half + gap
        self.create_line(left, bottom, right, bottom, fill=colors.border)
        self.create_text(0, 0, anchor="nw", text=y.title.again(), fill=colors.text, font=small)
        self.create_text((left + right) / 2, self.winfo_height(), anchor="s",
                         text=x.title.again(), fill=colors.text, font=small)  # fmt: skip

    def _draw_curve(self, curve: Curve) -> None:
        color = getattr(theme.palette(), curve.color)
        places = [self.place_of(*point) for point in curve.points]
        if curve.look == "bars":
            bottom = self._box[3]
            for (x, y), (left, _at) in zip(curve.points, places, strict=True):
                top = self.place_of(x, y)[1]
                right = self.place_of(x + curve.bar, y)[0]
                self.create_rectangle(left + 1, top, right - 1, bottom, width=0, fill=color)
            return
        if len(places) > 1:
            flat = [part for place in places for part in place]
            dash = (4, 3) if curve.look == "dashes" else ()
            self.create_line(*flat, fill=color, width=px(self, 2), dash=dash, joinstyle="round")
        if curve.look == "dots" or len(places) == 1:
            radius = px(self, _DOT)
            for at_x, at_y in places:
                self.create_oval(at_x - radius, at_y - radius, at_x + radius, at_y + radius,
                                 width=0, fill=color)  # fmt: skip

    def _write_legend(self) -> None:
        """Names at the right above, each with a stroke of its color before it."""
        colors, gap = theme.palette(), px(self, GAP / 2)
        x = self._box[2]
        for curve in reversed([curve for curve in self._curves if curve.title]):
            text = str(curve.title.again() if isinstance(curve.title, Sentence) else curve.title)
            item = self.create_text(x, 0, anchor="ne", text=text, fill=colors.muted,
                                    font=theme.font("small"), tags="legend")  # fmt: skip
            box = self.bbox(item)
            middle = (box[1] + box[3]) / 2
            begin = box[0] - 3 * gap
            self.create_line(begin, middle, box[0] - gap, middle, width=px(self, 2),
                             fill=getattr(colors, curve.color))  # fmt: skip
            x = begin - 2 * gap

    def _draw_mark(self) -> None:
        self.delete("mark")
        if self._mark is None or self._axes is None or self.winfo_width() <= 1:
            return
        low, high = self._axes[0].low, self._axes[0].high
        x = self.place_of(min(max(self._mark, low), high), self._axes[1].low)[0]
        self.create_line(x, self._box[1], x, self._box[3], width=px(self, 2), tags="mark",
                         fill=theme.palette().accent)  # fmt: skip

    def _pick(self, at: int, on_pick: Callable[[float], None]) -> None:
        if self._axes is None:
            return
        left, _top, right, _bottom = self._box
        ratio = min(max((at - left) / max(1, right - left), 0.0), 1.0)
        axis = self._axes[0]
        on_pick(axis.low + ratio * (axis.high - axis.low))


def ticks(low: float, high: float, most: int = _MOST_TICKS) -> list[float]:
    """Round numbers between two, at most so many."""
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * k for k in (1, 2, 2.5, 5, 10) if power * k >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]
