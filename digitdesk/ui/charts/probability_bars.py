"""Ten bars, one per class, drawn by hand on a canvas.

Items are made once and moved; nothing is deleted while drawing, so nothing flickers.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass
from tkinter import font as tk_font

from digitdesk.messages.model import DIGITS
from digitdesk.ui.i18n.text import percent
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import canvas_text

_BAR_HEIGHT = 16
_OTHER_HEIGHT = 5
_MOST_ROW_HEIGHT = 40


@dataclass(slots=True)
class _Row:
    """Canvas items of one class, and what they show."""

    name: int
    track: int
    bar: int
    value: int
    other: int
    shown: tuple[int, str, bool] | None = None


class ProbabilityBars(tk.Canvas):
    """Probabilities as bars, the most probable in the accent color.

    A second model's probabilities, where there are any, lie as thin lines below the bars.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, width=px(parent, 320), height=px(parent, 240))
        self.configure(highlightthickness=0, borderwidth=0)
        self._names: tuple[str, ...] = ()
        self._probabilities: tuple[float, ...] = ()
        self._others: tuple[float, ...] = ()
        self._rows: list[_Row] = []
        self._left = self._right = 0
        self._build(DIGITS)
        self.bind("<Configure>", lambda _event: self._place())
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())

    @property
    def values(self) -> dict[str, str]:
        """What is written at each bar: ``{"7": "98.2 %", …}``."""
        return {
            name: canvas_text(self, row.value)
            for name, row in zip(self._names, self._rows, strict=True)
        }

    @property
    def lengths(self) -> tuple[float, ...]:
        """How long each bar is, as a ratio of its track."""
        full = max(1, self._right - self._left)
        return tuple((self.coords(row.bar)[2] - self._left) / full for row in self._rows)

    @property
    def other_lengths(self) -> tuple[float, ...]:
        """How long the second model's lines are, as ratios."""
        full = max(1, self._right - self._left)
        return tuple((self.coords(row.other)[2] - self._left) / full for row in self._rows)

    def show_other(self, names: Sequence[str], probabilities: Sequence[float]) -> None:
        """Show what a second model says, class by class; nothing for no probabilities."""
        by_name = dict(zip(names, probabilities, strict=False))
        self._others = tuple(by_name.get(name, 0.0) for name in self._names) if by_name else ()
        self._place_others()

    def _place_others(self) -> None:
        for index, row in enumerate(self._rows):
            left, _top, _right, bottom = self.coords(row.track)
            ratio = self._others[index] if self._others else 0.0
            end = left + round(ratio * (self._right - self._left))
            self.coords(row.other, left, bottom, end, bottom + px(self, _OTHER_HEIGHT))
            self.itemconfigure(row.other, state="normal" if end > left else "hidden")

    def show(self, names: Sequence[str], probabilities: Sequence[float]) -> None:
        """Show one probability per class; none at all where there is no answer."""
        if tuple(names) != self._names:
            self._build(names)
            self._place()
        self._probabilities = tuple(probabilities)
        best = max(range(len(probabilities)), key=probabilities.__getitem__, default=-1)
        for index, row in enumerate(self._rows):
            ratio = self._probabilities[index] if self._probabilities else 0.0
            text = percent(ratio) if self._probabilities else ""
            self._show_row(row, ratio, text, index == best)

    def _build(self, names: Sequence[str]) -> None:
        self.delete("all")
        self._names = tuple(names)
        self._rows = [
            _Row(
                name=self.create_text(0, 0, anchor="w", text=name, font=theme.font("figures")),
                track=self.create_rectangle(0, 0, 0, 0, width=0),
                bar=self.create_rectangle(0, 0, 0, 0, width=0),
                value=self.create_text(0, 0, anchor="e", font=theme.font("figures")),
                other=self.create_rectangle(0, 0, 0, 0, width=0),
            )
            for name in names
        ]
        self._recolor()

    def _place(self) -> None:
        """Lay the rows out over the canvas's present size."""
        width, height = self.winfo_width(), self.winfo_height()
        figures = tk_font.nametofont(theme.font("figures"), root=self)
        widest = max(figures.measure(name) for name in self._names)
        self._left = widest + px(self, 2 * GAP)
        self._right = max(self._left, width - figures.measure("100.0 %") - px(self, 2 * GAP))
        step = min(height / len(self._rows), px(self, _MOST_ROW_HEIGHT))
        half = min(px(self, _BAR_HEIGHT), step * 0.6) / 2
        for index, row in enumerate(self._rows):
            middle = round((index + 0.5) * step)
            self.coords(row.name, 0, middle)
            self.coords(row.value, width, middle)
            self.coords(row.track, self._left, middle - half, self._right, middle + half)
            self.coords(row.bar, self._left, middle - half, self._left, middle + half)
            row.shown = None
        self._place_others()
        self.show(self._names, self._probabilities)

    def _show_row(self, row: _Row, ratio: float, text: str, is_best: bool) -> None:
        end = self._left + round(ratio * (self._right - self._left))
        if row.shown == (end, text, is_best):
            return
        colors = theme.palette()
        if row.shown is None or row.shown[0] != end:
            left, top, _right, bottom = self.coords(row.bar)
            self.coords(row.bar, left, top, end, bottom)
            self.itemconfigure(row.bar, state="normal" if end > self._left else "hidden")
        if row.shown is None or row.shown[1] != text:
            self.itemconfigure(row.value, text=text)
        if row.shown is None or row.shown[2] != is_best:
            self.itemconfigure(row.bar, fill=colors.accent if is_best else colors.muted)
            self.itemconfigure(row.value, fill=colors.text if is_best else colors.muted)
            self.itemconfigure(row.name, fill=colors.text if is_best else colors.muted)
        row.shown = (end, text, is_best)

    def _recolor(self) -> None:
        colors = theme.palette()
        self.configure(background=colors.background)
        for row in self._rows:
            self.itemconfigure(row.track, fill=colors.track)
            self.itemconfigure(row.other, fill=colors.validation)
            row.shown = None
        self.show(self._names, self._probabilities)
