"""The events of a run on their way from the worker, and where the run is as they have told."""

from __future__ import annotations

import queue
from collections.abc import Iterable

from digitdesk.messages.run import (
    RunEvent,
    RunFinished,
    RunPaused,
    RunResumed,
    RunStarted,
    RunState,
    SettingChanged,
)
from digitdesk.training.settings import changeable


class RunEvents:
    """A queue that the worker fills and whoever drives the session drains.

    Attributes:
        state: Where the run is, as the drained events tell.
    """

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[RunEvent] = queue.SimpleQueue()
        self._settings: dict[str, float] = {}
        self.state = RunState.IDLE

    def __len__(self) -> int:
        return self._queue.qsize()

    @property
    def settings(self) -> dict[str, float]:
        """What the run that goes on can change, with the present values."""
        return dict(self._settings) if self.state is not RunState.IDLE else {}

    def put(self, event: RunEvent) -> None:
        """Take an event, from any thread."""
        self._queue.put(event)

    def drain(self, limit: int) -> list[RunEvent]:
        """The events since the last call, at most ``limit``; never waits."""
        drained: list[RunEvent] = []
        while len(drained) < limit:
            try:
                event = self._queue.get_nowait()
            except queue.Empty:
                break
            self._follow(event)
            drained.append(event)
        return drained

    def _follow(self, event: RunEvent) -> None:
        match event:
            case RunStarted():
                after = RunState.TRAINING
                self._settings = changeable(event.config)
                self._follow_changes(event.changes)
            case RunResumed():
                after = RunState.TRAINING
            case RunPaused():
                after = RunState.PAUSED
            case RunFinished():
                after = RunState.IDLE
            case SettingChanged():
                self._follow_changes((event,))
                return
            case _:
                return
        # A run that was told to stop stays so until its last event, whatever was on its way.
        if self.state is not RunState.STOPPING or after is RunState.IDLE:
            self.state = after

    def _follow_changes(self, changes: Iterable[SettingChanged]) -> None:
        for change in changes:
            if change.name in self._settings:
                self._settings[change.name] = change.value
