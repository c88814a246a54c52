"""Collects garbage on the window's thread and nowhere else, while the hand rests.

Python collects on whichever thread happens to allocate; a Tk object that is collected on a worker
aborts the process. So the collector is switched off and called by the clock. To look through all
objects takes up to a sixth of a second, in which a pen that moves on would cut its corners.
"""

from __future__ import annotations

import gc
import tkinter as tk

from digitdesk.ui.toolkit.timer import Timer

_LOOK_MS = 1000

_FULL_ROUNDS = 30
"""Looks from one collection of everything to the next."""

_MOST_ROUNDS = 90
"""Looks since then after which no hand is waited for."""


class GarbageCollection:
    """Switches Python's own collector off, and collects by the window's clock instead.

    What is alive when everything is first collected is the program itself; it is not looked
    through again.

    Args:
        root: Mouse buttons pressed anywhere in it tell that a hand is at work.
    """

    def __init__(self, root: tk.Misc) -> None:
        gc.disable()
        self._is_held = self._was_touched = self._is_settled = False
        self._rounds = 0
        root.bind_all("<ButtonPress>", lambda _event: self._on_button(True), add="+")
        root.bind_all("<ButtonRelease>", lambda _event: self._on_button(False), add="+")
        self._timer = Timer(root, _LOOK_MS, self.look)
        self._timer.ask()

    def look(self) -> None:
        """Collect what is due, unless a button is held or was a moment ago."""
        self._rounds += 1
        if not (self._is_held or self._was_touched) or self._rounds >= _MOST_ROUNDS:
            self._collect()
        self._was_touched = False
        self._timer.ask()

    def _collect(self) -> None:
        if self._rounds < _FULL_ROUNDS:
            gc.collect(1)
            return
        self._rounds = 0
        gc.collect()
        if not self._is_settled:
            self._is_settled = True
            gc.freeze()

    def _on_button(self, is_held: bool) -> None:
        self._is_held, self._was_touched = is_held, True
