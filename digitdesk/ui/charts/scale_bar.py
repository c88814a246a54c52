"""What the colors of numbers mean: a bar from the lowest to the highest, nothing in the middle."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import font as tk_font

from digitdesk.ui.charts.photos import ZoomedPhoto
from digitdesk.ui.charts.signed_colors import colored
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

_BAR, _HEIGHT = 96, 20
_THICK = 10
_LEVELS = bytes(range(1, 256))


class ScaleBar(theme.Canvas):
    """A bar of all colors with three numbers: the limits, and nothing.

    Args:
        parent: The widget to sit in.
        write: Turns a number into text.
    """

    def __init__(self, parent: tk.Misc, write: Callable[[float], str]) -> None:
        super().__init__(
            parent, width=px(parent, _BAR), height=px(parent, _HEIGHT),
            highlightthickness=0, borderwidth=0,
        )  # fmt: skip
        self._write = write
        self._limit: float | None = None
        self._photo = ZoomedPhoto(self)
        self._image = self.create_image(0, 0, anchor="w", image=self._photo.image)
        small = theme.font("small")
        self._low = self.create_text(0, 0, anchor="w", font=small)
        self._high = self.create_text(0, 0, anchor="w", font=small)
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        theme.follow_size(self, self._draw)

    def show(self, limit: float | None) -> None:
        """Show the scale of numbers up to so large, on both sides of nothing."""
        if limit != self._limit:
            self._limit = limit
            self._draw()

    @property
    def words(self) -> tuple[str, str]:
        """What is written at both ends."""
        low, high = (self.itemcget(item, "text") for item in (self._low, self._high))  # type: ignore[no-untyped-call]
        return low, high

    def _draw(self) -> None:
        colors = theme.palette()
        self.configure(background=colors.background)
        is_shown = self._limit is not None
        for item in (self._image, self._low, self._high):
            self.itemconfigure(item, state="normal" if is_shown else "hidden")
        if self._limit is None:
            return
        font = tk_font.nametofont(theme.font("small"), root=self)
        low, high = self._write(-self._limit), self._write(self._limit)
        gap, middle = px(self, GAP / 2), px(self, _HEIGHT) / 2
        left = font.measure(low) + gap
        wide, thick = int(px(self, _BAR)), int(px(self, _THICK))
        levels = bytes(_LEVELS[255 * x // wide] for x in range(wide))
        self._photo.show_bytes(colored(levels * thick, wide, thick), 1)
        self.coords(self._low, 0, middle)
        self.coords(self._image, left, middle)
        self.coords(self._high, left + wide + gap, middle)
        self.itemconfigure(self._low, text=low, fill=colors.muted)
        self.itemconfigure(self._high, text=high, fill=colors.muted)
        self.configure(width=left + wide + gap + font.measure(high))
