"""Callbacks to come. They belong to a widget and end with it: nothing calls into a lost window.

Tk counts delays by the clock on the wall. Set back by an hour, it would let nothing happen for an
hour that was to happen in a moment; so what the user does next has all delays counted anew.
"""

from __future__ import annotations

import time
import tkinter as tk
import weakref
from collections.abc import Callable

_MOST_DRIFT_SECONDS = 1.0


class Timer:
    """A callback to come: once, however often it is asked for before it fires.

    Args:
        widget: The timer ends with this widget.
        delay_ms: Time from asking to firing, in milliseconds; ``None`` waits for the next moment
            in which the window has nothing else to do.
        callback: What to call.
    """

    def __init__(self, widget: tk.Misc, delay_ms: int | None, callback: Callable[[], None]) -> None:
        self._widget = widget
        self._delay_ms = delay_ms
        self._callback = callback
        self._pending: str | None = None
        self._pending_ms: int | None = None
        self._is_over = False
        widget.bind("<Destroy>", self._on_destroy, add="+")
        _timers.add(self)

    @property
    def is_pending(self) -> bool:
        """Whether the callback is going to be called."""
        return self._pending is not None

    def ask(self, delay_ms: int | None = None) -> None:
        """Have the callback called, unless that is so already or the widget is gone."""
        if self._pending is not None or self._is_over:
            return
        self._pending_ms = self._delay_ms if delay_ms is None else delay_ms
        if self._pending_ms is None:
            self._pending = self._widget.after_idle(self._fire)
        else:
            self._pending = self._widget.after(self._pending_ms, self._fire)

    def restart(self) -> None:
        """Count the delay from now: for callbacks that wait until typing pauses."""
        self.cancel()
        self.ask()

    def count_anew(self) -> None:
        """Count the delay from now, if it is being counted."""
        if self._pending is not None:
            self.cancel()
            self.ask(self._pending_ms)

    def cancel(self) -> None:
        """Forget it."""
        if self._pending is not None:
            self._widget.after_cancel(self._pending)
            self._pending = None

    def _fire(self) -> None:
        self._pending = None
        self._callback()

    def _on_destroy(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._widget:
            # A window that is being taken down still sends events to what is left of it.
            self._is_over = True
            self.cancel()


_timers: weakref.WeakSet[Timer] = weakref.WeakSet()


def follow_clock(root: tk.Misc) -> None:
    """Have all timers count anew when the user comes back to a window whose clock was set back."""
    drift = _clock_drift()

    def look(_event: object) -> None:
        nonlocal drift
        before, drift = drift, _clock_drift()
        if drift < before - _MOST_DRIFT_SECONDS:
            for timer in list(_timers):
                timer.count_anew()

    for sequence in ("<Enter>", "<ButtonPress>", "<KeyPress>"):
        root.bind_all(sequence, look, add="+")


def _clock_drift() -> float:
    """How far the clock on the wall is ahead of one that nobody can set."""
    return time.time() - time.monotonic()
