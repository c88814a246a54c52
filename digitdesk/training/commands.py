"""Commands for a run: stop, pause, one step, another setting, more epochs.

One object is shared by the thread that gives them and the thread that trains; their order is kept.
"""

from __future__ import annotations

import queue
from dataclasses import dataclass
from enum import Enum


class Request(Enum):
    """A command that needs no more words."""

    PAUSE = "pause"
    RESUME = "resume"
    STEP = "step"
    WAKE = "wake"


@dataclass(frozen=True, slots=True)
class Change:
    """The command to use another value of a setting, from the next step on."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Extend:
    """The command to train so many epochs more than planned."""

    epochs: int


Command = Request | Change | Extend


class RunCommands:
    """The commands for one run, given from any thread and obeyed by the run between two steps.

    Attributes:
        is_stopping: The run is to end after the step that is running.
        is_closing: It is also to do nothing more that takes time, such as reading the test set.
    """

    def __init__(self) -> None:
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        self.is_stopping = False
        self.is_closing = False

    def pause(self) -> None:
        """Wait before the next step."""
        self._commands.put(Request.PAUSE)

    def resume(self) -> None:
        """Go on after a pause."""
        self._commands.put(Request.RESUME)

    def single_step(self) -> None:
        """In a pause: make one step, and wait again."""
        self._commands.put(Request.STEP)

    def extend(self, epochs: int = 1) -> None:
        """Train more epochs than planned."""
        self._commands.put(Extend(epochs))

    def change(self, name: str, value: float) -> None:
        """Use another value of a setting from the next step on; see ``LiveSettings``."""
        self._commands.put(Change(name, value))

    def stop(self, *, closing: bool = False) -> None:
        """Finish after the step that is running; also ends a pause.

        Args:
            closing: Nobody waits for figures any more.
        """
        self.is_closing = self.is_closing or closing
        self.is_stopping = True
        # A run that waits for a command must wake up to see that it is to stop.
        self._commands.put(Request.WAKE)

    def next_command(self, *, wait: bool) -> Command | None:
        """The oldest command not yet taken; ``None`` where there is none and nobody is to wait."""
        if not wait and self._commands.empty():
            return None
        return self._commands.get()
