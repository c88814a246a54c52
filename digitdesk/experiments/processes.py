"""Processes that make runs, as the one that hands the runs out sees them."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from typing import Any, Protocol

from digitdesk.experiments import PROCESS_ARGUMENT
from digitdesk.experiments.trial import TrialTask
from digitdesk.messages.run import TrainingConfig
from digitdesk.storage.plain_json import to_plain
from digitdesk.training.parallel.program import start_program

_LAST_STEP_SECONDS = 10.0

Hear = Callable[["TrialProcess", "dict[str, Any] | None"], None]
"""Receives what a process says, and ``None`` when it has ended."""


class TrialProcess(Protocol):
    """Somebody who makes one run at a time."""

    def train(self, task: TrialTask) -> None:
        """Begin a run."""

    def stop(self, number: int, why: str) -> None:
        """End a run after its step."""

    def close(self) -> None:
        """Take no more; a run that goes on is kept."""

    def wait(self) -> None:
        """Wait until it has ended after ``close``."""


class OwnProcess:
    """One more of this program that makes runs.

    Args:
        facts: What it must know before its first run.
        hear: Receives what it says, on a thread of its own.

    Raises:
        OSError: The system gives no process.
    """

    def __init__(self, facts: dict[str, Any], hear: Hear) -> None:
        self._process = start_program(PROCESS_ARGUMENT)
        self._hear = hear
        self._tell(facts)
        threading.Thread(target=self._listen, name="experiment-process", daemon=True).start()

    def train(self, task: TrialTask) -> None:
        """Begin a run."""
        self._tell({"train": to_plain(task)})

    def measure(self, config: TrainingConfig) -> None:
        """Find out how long a run would take; ``hear`` gets the seconds."""
        self._tell({"measure": to_plain(config)})

    def stop(self, number: int, why: str) -> None:
        """End a run after its step."""
        self._tell({"stop": why, "number": number})

    def close(self) -> None:
        """Take no more; a run that goes on is kept."""
        with contextlib.suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()

    def wait(self) -> None:
        """Wait until it has ended after ``close``; one that hangs is ended."""
        with contextlib.suppress(Exception):
            self._process.wait(_LAST_STEP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()

    def _tell(self, message: dict[str, Any]) -> None:
        # One that has ended says so by the end of its answers.
        with contextlib.suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(message).encode() + b"\n")
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in self._process.stdout:
                self._hear(self, json.loads(line))
        self._process.stdout.close()
        self._hear(self, None)
