"""A bar for each class, drawn by hand on a canvas; of many classes, the likeliest ten.

Items are made once and moved; nothing is deleted while drawing, so nothing flickers.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass
from tkinter import font as tk_font

from digitdesk.messages.model import DIGITS
from digitdesk.ui.charts.steady_items import SteadyItems
from digitdesk.ui.i18n.text import _, percent, whole
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import canvas_text

#: What is asked for; they take whatever room there is.
_LEAST = (176, 96)
_BAR_HEIGHT = 16
_OTHER_HEIGHT = 5
_MOST_ROW_HEIGHT = 40
#: Of more classes than there is room for, so many are shown.
_LIKELIEST = 10
#: Rows may be so close, in widths of a figure: fonts with Chinese characters have tall lines.
_TIGHTEST = 1.7
#: Names take up no more of the width than this.
_WIDEST_NAME = 0.45


@dataclass(slots=True)
class _Row:
    """Canvas items of one bar, and where its track is from top to bottom."""

    name: int
    track: int
    bar: int
    value: int
    other: int
    top: float = 0.0
    bottom: float = 0.0

    @property
    def items(self) -> tuple[int, ...]:
        return (self.name, self.track, self.bar, self.value, self.other)


class ProbabilityBars(theme.Canvas):
    """Probabilities as bars, the most probable in the accent color where it is the answer.

    Classes stand in their own order. Where there are more than there is room for, only the
    likeliest are shown, and they come first that are likeliest. A second model's probabilities,
    where there are any, lie as thin lines below the bars.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, width=px(parent, _LEAST[0]), height=px(parent, _LEAST[1]))
        self.configure(highlightthickness=0, borderwidth=0)
        self._names: tuple[str, ...] = DIGITS
        self._probabilities: tuple[float, ...] = ()
        self._others: dict[str, float] = {}
        self._is_answer = True
        self._items = SteadyItems(self)
        self._rows: list[_Row] = []
        self._short_names: dict[str, str] = {}
        self._left = self._right = 0
        self._rest = self.create_text(0, 0, anchor="w", font=theme.font("small"))
        self._place()
        self.bind("<Configure>", lambda _event: self._place())
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())
        follow_language(self, self._say_rest)
        theme.follow_size(self, self._place)

    @property
    def values(self) -> dict[str, str]:
        """What is written at each bar: ``{"7": "98.2 %", …}``."""
        return {
            self._names[index]: canvas_text(self, row.value)
            for index, row in zip(self._shown_classes(), self._rows, strict=True)
        }

    @property
    def rest(self) -> str:
        """How many classes have no bar, in words."""
        return canvas_text(self, self._rest)

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

    def show(
        self, names: Sequence[str], probabilities: Sequence[float], *, is_answer: bool = True
    ) -> None:
        """Show one probability per class; none at all where there is no answer.

        Args:
            names: Of the classes.
            probabilities: One per class, or none.
            is_answer: Whether the most probable class is the answer, and not just a guess.
        """
        # All three at once: rows made for these names must never meet probabilities of others.
        has_other_classes = tuple(names) != self._names
        self._names, self._probabilities = tuple(names), tuple(probabilities)
        self._is_answer = is_answer
        if has_other_classes:
            self._place()
        else:
            self._show_rows()

    def show_other(self, names: Sequence[str], probabilities: Sequence[float]) -> None:
        """Show what a second model says, class by class; nothing for no probabilities."""
        self._others = dict(zip(names, probabilities, strict=False))
        self._show_others()

    # -- which classes have a bar

    def _capacity(self) -> int:
        """How many rows there is room for."""
        figure = tk_font.nametofont(theme.font("figures"), root=self).measure("0")
        return max(1, int(self.winfo_height() / (_TIGHTEST * figure)))

    def _row_count(self) -> int:
        count = len(self._names)
        # One more line says how many classes there are beside them.
        room = self._capacity()
        return count if count <= room else max(1, min(_LIKELIEST, room - 1))

    def _shown_classes(self) -> Sequence[int]:
        """The classes that have a bar, from top to bottom."""
        indices, count = range(len(self._names)), len(self._rows)
        if count == len(indices) or not self._probabilities:
            return indices[:count]
        return sorted(indices, key=lambda k: -self._probabilities[k])[:count]

    # -- drawing

    def _place(self) -> None:
        """Lay the rows out over the canvas's present size."""
        self._make_rows(self._row_count())
        width, height = self.winfo_width(), self.winfo_height()
        figures = tk_font.nametofont(theme.font("figures"), root=self)
        widest = max((figures.measure(name) for name in self._names), default=0)
        widest = min(widest, round(_WIDEST_NAME * width))
        self._short_names = {name: shortened(name, figures, widest) for name in self._names}
        self._left = widest + px(self, 2 * GAP)
        self._right = max(self._left, width - figures.measure("100.0 %") - px(self, 2 * GAP))
        has_rest = len(self._rows) < len(self._names)
        lines = max(1, len(self._rows) + has_rest)
        step = min(height / lines, px(self, _MOST_ROW_HEIGHT))
        half = min(px(self, _BAR_HEIGHT), step * 0.6) / 2
        for index, row in enumerate(self._rows):
            middle = round((index + 0.5) * step)
            row.top, row.bottom = middle - half, middle + half
            self._items.move(row.name, 0, middle)
            self._items.move(row.value, width, middle)
            self._items.move(row.track, self._left, row.top, self._right, row.bottom)
        self._items.move(self._rest, 0, round((len(self._rows) + 0.5) * step))
        self._say_rest()
        self._recolor()

    def _make_rows(self, count: int) -> None:
        for row in self._rows[count:]:
            self._items.delete(*row.items)
        del self._rows[count:]
        while len(self._rows) < count:
            self._rows.append(
                _Row(
                    name=self.create_text(0, 0, anchor="w", font=theme.font("figures")),
                    track=self.create_rectangle(0, 0, 0, 0, width=0),
                    bar=self.create_rectangle(0, 0, 0, 0, width=0),
                    value=self.create_text(0, 0, anchor="e", font=theme.font("figures")),
                    other=self.create_rectangle(0, 0, 0, 0, width=0),
                )
            )

    def _say_rest(self) -> None:
        count = len(self._names) - len(self._rows)
        text = _("and {n} others").format(n=whole(count)) if count else ""
        self._items.change(self._rest, text=text)

    def _show_rows(self) -> None:
        best = max(self._probabilities, default=0.0)
        for index, row in zip(self._shown_classes(), self._rows, strict=True):
            ratio = self._probabilities[index] if self._probabilities else 0.0
            text = percent(ratio) if self._probabilities else ""
            is_best = bool(self._probabilities) and ratio == best and self._is_answer
            self._show_row(row, self._short_names[self._names[index]], ratio, text, is_best)
        self._show_others()

    def _show_row(self, row: _Row, name: str, ratio: float, text: str, is_best: bool) -> None:
        colors, change = theme.palette(), self._items.change
        fill = colors.text if is_best else colors.muted
        change(row.name, text=name, fill=fill)
        change(row.value, text=text, fill=fill)
        change(row.bar, fill=colors.accent if is_best else colors.muted)
        self._show_bar(row.bar, ratio, row.top, row.bottom)

    def _show_bar(self, bar: int, ratio: float, top: float, bottom: float) -> None:
        end = self._left + round(ratio * (self._right - self._left))
        self._items.move(bar, self._left, top, end, bottom)
        self._items.change(bar, state="normal" if end > self._left else "hidden")

    def _show_others(self) -> None:
        thickness = px(self, _OTHER_HEIGHT)
        for index, row in zip(self._shown_classes(), self._rows, strict=True):
            ratio = self._others.get(self._names[index], 0.0)
            self._show_bar(row.other, ratio, row.bottom, row.bottom + thickness)

    def _recolor(self) -> None:
        colors = theme.palette()
        self.configure(background=colors.background)
        self._items.change(self._rest, fill=colors.muted)
        for row in self._rows:
            self._items.change(row.track, fill=colors.track)
            self._items.change(row.other, fill=colors.validation)
        self._show_rows()


def shortened(name: str, font: tk_font.Font, width: int) -> str:
    """A name, its end left out where it is wider than so many screen pixels."""
    if font.measure(name) <= width:
        return name
    while name and font.measure(f"{name}…") > width:
        name = name[:-1]
    return f"{name}…"
