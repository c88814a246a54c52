"""How many drawings there are of each class: a bar with its name below and its count above."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Mapping
from tkinter import font as tk_font

from digitdesk.ui.charts.probability_bars import shortened
from digitdesk.ui.i18n.text import whole
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer

#: A bar in logical pixels: how high at most, how wide, and how wide its name may be.
_HIGH, _WIDE, _MOST_NAME = 40, 12, 96
_MOST_ROWS = 3


class CountBars(theme.Canvas):
    """Bars in as many rows as they need; of very many classes, the first are shown.

    Args:
        parent: The widget to sit in.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, width=1, height=1, highlightthickness=0, borderwidth=0)
        self._counts: dict[str, int] = {}
        self._marked = ""
        self._draw_later = Timer(self, None, self._draw)
        self.bind("<Configure>", lambda _event: self._draw_later.ask())
        self.bind("<<ThemeChanged>>", lambda _event: self._draw_later.ask())
        theme.follow_size(self, self._draw_later.ask)
        follow_language(self, self._draw_later.ask)
        self._draw()

    @property
    def counts(self) -> dict[str, int]:
        """What is shown."""
        return dict(self._counts)

    def show(self, counts: Mapping[str, int], marked: str = "") -> None:
        """Show other counts; one class can stand out."""
        if (dict(counts), marked) != (self._counts, self._marked):
            self._counts, self._marked = dict(counts), marked
            self._draw_later.ask()

    # -- inside

    def _draw(self) -> None:
        self.delete("all")
        colors = theme.palette()
        self.configure(background=colors.background)
        font = tk_font.nametofont(theme.font("small"), root=self)
        line, high, gap = font.metrics("linespace"), px(self, _HIGH), px(self, GAP)
        wide = max(px(self, 2 * _WIDE), *(self._width(name, font) for name in self._counts), 0)
        across = max(1, (self.winfo_width() + gap) // (wide + gap))
        row_high = high + 2 * line + gap // 2
        shown = list(self._counts.items())[: _MOST_ROWS * across]
        most = max([count for _name, count in shown], default=0)
        for place, (name, count) in enumerate(shown):
            row, column = divmod(place, across)
            x, bottom = column * (wide + gap) + wide / 2, row * row_high + line + high
            is_marked = name == self._marked
            self._bar(x, bottom, round(high * count / most) if most else 0, is_marked)
            top = bottom - (round(high * count / most) if most else 0)
            self.create_text(x, top - 1, text=whole(count), anchor="s", fill=colors.muted,
                             font=theme.font("small"))  # fmt: skip
            self.create_text(x, bottom + 2, text=shortened(name, font, px(self, _MOST_NAME)),
                             anchor="n", font=theme.font("small"), tags="name",
                             fill=colors.accent if is_marked else colors.text)  # fmt: skip
        rows = -(-len(shown) // across)
        self.configure(height=max(1, rows * row_high))

    def _bar(self, x: float, bottom: int, high: int, is_marked: bool) -> None:
        colors, half = theme.palette(), px(self, _WIDE) / 2
        fill = colors.accent if is_marked else colors.border
        self.create_rectangle(x - half, bottom - max(high, 1), x + half, bottom, width=0, fill=fill)

    def _width(self, name: str, font: tk_font.Font) -> int:
        texts = (shortened(name, font, px(self, _MOST_NAME)), whole(self._counts[name]))
        return max(map(font.measure, texts))
