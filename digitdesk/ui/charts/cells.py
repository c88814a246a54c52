"""The cells of a gallery: a picture, a line below it, and a ring around the one that is chosen.

Each is made once and given what is to be seen: nothing is deleted while one scrolls.
"""

from __future__ import annotations

import tkinter as tk
from dataclasses import dataclass

from digitdesk.messages.picture import DIGIT_SIDE, Picture
from digitdesk.ui.charts.photos import ZoomedPhoto
from digitdesk.ui.toolkit import theme


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a cell, in screen pixels, but for ``zoom``: screen pixels per pixel of a picture."""

    zoom: int
    gap: int
    line: int
    least_width: int = 0

    @property
    def side(self) -> int:
        """Of the picture."""
        return DIGIT_SIDE * self.zoom

    @property
    def width(self) -> int:
        """With the gap at its right."""
        return max(self.side, self.least_width) + self.gap

    @property
    def height(self) -> int:
        """With its line and the gap below it."""
        return self.side + self.line + self.gap


class Cell:
    """One picture with a line of words.

    Args:
        canvas: What it is drawn on.
    """

    def __init__(self, canvas: tk.Canvas) -> None:
        self._canvas = canvas
        self._photo = ZoomedPhoto(canvas)
        self._shown: tuple[object, ...] = ()
        self._image = canvas.create_image(0, 0, anchor="nw", image=self._photo.image)
        self._ring = canvas.create_rectangle(0, 0, 0, 0, width=2)
        self._line = canvas.create_text(
            0, 0, anchor="n", font=theme.font("small"), justify="center"
        )
        self._items = (self._image, self._ring, self._line)

    def put(self, x: int, y: int, shape: Shape) -> None:
        """Give it its place, the left upper corner."""
        canvas, inset = self._canvas, (shape.width - shape.gap - shape.side) // 2
        left = x + inset
        canvas.coords(self._image, left, y)
        canvas.coords(self._ring, left - 2, y - 2, left + shape.side + 1, y + shape.side + 1)
        canvas.coords(self._line, left + shape.side // 2, y + shape.side + 2)

    def show(self, picture: Picture, words: str, *, zoom: int, is_wrong: bool) -> None:
        """Show a picture and say something below it."""
        colors = theme.palette()
        now = (picture, words, zoom, is_wrong, colors.text)
        if now == self._shown:
            return
        self._photo.show(picture, zoom)
        self._canvas.itemconfigure(
            self._line, text=words, fill=colors.danger if is_wrong else colors.text
        )
        self._canvas.itemconfigure(self._image, state="normal")
        self._canvas.itemconfigure(self._line, state="normal")
        self._shown = now

    def ring(self, color: str) -> None:
        """Put a ring around it; no color takes it away."""
        self._canvas.itemconfigure(self._ring, outline=color, state="normal" if color else "hidden")

    def hide(self) -> None:
        """Show nothing."""
        for item in self._items:
            self._canvas.itemconfigure(item, state="hidden")
        self._shown = ()

    def remove(self) -> None:
        """Take it away for good."""
        self._canvas.delete(*self._items)
