"""The number that was read, in large, and how sure it is or why it is not.

A canvas of fixed height, so that a new answer never moves anything else.
"""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tk_font

from digitdesk.messages.prediction import NumberReading
from digitdesk.ui.charts.steady_items import SteadyItems
from digitdesk.ui.i18n.text import _, number_refusal, percent
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.toolkit.widgets import canvas_text

_HEIGHT = 108
#: Where the lines are, in logical pixels from the top.
_HINT_AT, _NUMBER_AT, _SURE_AT, _SMALL_AT = 8, 32, 76, 98


def in_a_line(reading: NumberReading) -> str:
    """The numbers of all rows beside each other."""
    return ", ".join(reading.lines)


class NumberView(theme.Canvas):
    """The answer to several digits beside each other."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, width=1, height=px(parent, _HEIGHT))
        self.configure(highlightthickness=0, borderwidth=0)
        self._number = self.create_text(0, 0, anchor="w", font=theme.font("number"))
        self._sure = self.create_text(0, 0, anchor="w", font=theme.font("heading"))
        self._small = self.create_text(0, 0, anchor="w", font=theme.font("small"))
        self._hint = self.create_text(0, 0, anchor="nw", font=theme.font("body"))
        self._lines = (self._number, self._sure, self._small, self._hint)
        self._items = SteadyItems(self)
        self._place()
        self._reading: NumberReading | None = None
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())
        self.bind("<Configure>", lambda _event: self._fit())
        follow_language(self, lambda: self.show(self._reading))
        theme.follow_size(self, self._place)
        theme.follow_size(self, self._fit)

    @property
    def number(self) -> str:
        """The number as it is written, with a question mark where it is not sure."""
        return canvas_text(self, self._number)

    @property
    def sureness(self) -> str:
        """How sure, or that it is not, and why."""
        return canvas_text(self, self._sure)

    @property
    def small_print(self) -> str:
        """How probable the guess is that stands there with a question mark."""
        return canvas_text(self, self._small)

    @property
    def hint(self) -> str:
        """What to do, while there is nothing to read."""
        return canvas_text(self, self._hint)

    def _place(self) -> None:
        """Put every line where it belongs."""
        for item, y in zip(self._lines, (_NUMBER_AT, _SURE_AT, _SMALL_AT, _HINT_AT), strict=True):
            self._items.move(item, 0, px(self, y))

    def show(self, reading: NumberReading | None) -> None:
        """Show a number, or why there is none."""
        self._reading = reading
        number = sure = small = hint = ""
        if reading is None or reading.reason == "empty":
            hint = _("Write a number and it is read as you write, digit by digit.")
        elif not reading.reason:
            number = in_a_line(reading)
            sure = _("{percent} sure").format(percent=percent(reading.confidence))
        else:
            sure = _("Not sure. {why}").format(why=number_refusal(reading.reason))
            if reading.text:
                # The best guess stays where it was, so that nothing jumps while one writes.
                number = f"{in_a_line(reading)}?"
                small = _("perhaps {name}, {percent}").format(
                    name=in_a_line(reading), percent=percent(reading.confidence)
                )
        for item, text in zip(self._lines, (number, sure, small, hint), strict=True):
            self._items.change(item, text=text)
        self._recolor()
        self._fit()

    def _fit(self) -> None:
        """Write the number as large as there is room for."""
        width = self.winfo_width()
        large = tk_font.nametofont(theme.font("number"), root=self)
        size = "number" if large.measure(self.number) <= width else "title"
        self._items.change(self._number, font=theme.font(size))
        for item in self._lines:
            self._items.change(item, width=width)

    def _recolor(self) -> None:
        colors = theme.palette()
        self.configure(background=colors.background)
        is_guess = self._reading is not None and bool(self._reading.reason)
        self._items.change(self._number, fill=colors.muted if is_guess else colors.text)
        self._items.change(self._sure, fill=colors.text)
        self._items.change(self._small, fill=colors.muted)
        self._items.change(self._hint, fill=colors.muted)
