"""A canvas's items that tell Tk only what is new: most of an answer is as it was a moment ago."""

from __future__ import annotations

import tkinter as tk
from typing import Any


class SteadyItems:
    """Changes items of one canvas; whoever uses it changes them in no other way.

    An answer comes with each movement of the pen, and every call of Tk takes 20 to 30 µs.

    Args:
        canvas: Whose items they are.
    """

    def __init__(self, canvas: tk.Canvas) -> None:
        self._canvas = canvas
        self._options: dict[int, dict[str, Any]] = {}
        self._places: dict[int, tuple[float, ...]] = {}

    def change(self, item: int, **options: Any) -> None:
        """Give an item options, as ``Canvas.itemconfigure`` does."""
        told = self._options.setdefault(item, {})
        new = {name: value for name, value in options.items() if told.get(name) != value}
        if new:
            self._canvas.itemconfigure(item, **new)
            told |= new

    def move(self, item: int, *place: float) -> None:
        """Put an item somewhere, as ``Canvas.coords`` does."""
        if self._places.get(item) != place:
            self._canvas.coords(item, *place)
            self._places[item] = place

    def delete(self, *items: int) -> None:
        """Take items away, and forget what they were told."""
        self._canvas.delete(*items)
        for item in items:
            self._options.pop(item, None)
            self._places.pop(item, None)
