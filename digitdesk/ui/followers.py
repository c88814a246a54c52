"""Who wants to hear of a change of the whole window, such as of its language or its size."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

_FEWEST = 128
"""So many are kept before it is asked which of their widgets are gone."""


class Followers:
    """Calls back for each widget that is still there.

    What is gone is forgotten at the next change, and before there are twice as many as lived when
    that was last asked: dialogs that come and go between two changes would be kept with all that
    they hold.
    """

    def __init__(self) -> None:
        self._kept: list[tuple[tk.Misc, Callable[[], None]]] = []
        self._most = _FEWEST

    def add(self, widget: tk.Misc, callback: Callable[[], None]) -> None:
        """Call back after each change for as long as a widget lives."""
        if len(self._kept) >= self._most:
            self._forget_lost()
        self._kept.append((widget, callback))

    def tell(self) -> None:
        """Call everybody back, in the order in which they came."""
        self._forget_lost()
        for _widget, callback in list(self._kept):
            callback()

    def _forget_lost(self) -> None:
        self._kept = [(widget, callback) for widget, callback in self._kept if _lives(widget)]
        self._most = max(_FEWEST, 2 * len(self._kept))


def _lives(widget: tk.Misc) -> bool:
    try:
        return bool(widget.winfo_exists())
    except tk.TclError:
        # Its whole application is gone.
        return False
