"""Brings a run's events from the session's queue to the window, a bounded batch at a time.

The worker never touches the window; the window asks, again and again, whether there is news.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from functools import partial

from digitdesk.messages.run import RunEvent
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.widgets import try_all

#: Time between two looks into the queue, in milliseconds; well under what an eye notices.
INTERVAL_MS = 40
#: Events handled in one go; the window answers the pen between two batches.
BATCH = 200


class EventPump:
    """Drains events on the main thread's own clock.

    Args:
        widget: The pump ends with this widget.
        drain: Returns at most so many waiting events, at once.
        dispatch: Called with each event, in order.
        after_batch: Called once after each batch that held an event.
    """

    def __init__(
        self,
        widget: tk.Misc,
        drain: Callable[[int], Sequence[RunEvent]],
        dispatch: Callable[[RunEvent], None],
        after_batch: Callable[[], None],
    ) -> None:
        self._drain = drain
        self._dispatch = dispatch
        self._after_batch = after_batch
        self._timer = Timer(widget, INTERVAL_MS, self._pump)

    def start(self) -> None:
        """Begin to look for events."""
        self._timer.ask()

    def stop(self) -> None:
        """Look no more; events that wait are left in the queue."""
        self._timer.cancel()

    def _pump(self) -> None:
        # The next look is arranged whatever happens: an error must not silence all that follows.
        events: Sequence[RunEvent] = ()
        try:
            events = self._drain(BATCH)
        finally:
            self._timer.ask(1 if len(events) >= BATCH else None)
        calls = [partial(self._dispatch, event) for event in events]
        try_all(*calls, *([self._after_batch] if events else []))
