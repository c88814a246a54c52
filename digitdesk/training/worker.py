"""The one thread that trains, so that the window never waits for a network.

It speaks to the window through a queue of events only, and its last event always comes.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from digitdesk.errors import DigitDeskError
from digitdesk.messages.run import RunEvent, RunFinished
from digitdesk.training.commands import RunCommands

Emit = Callable[[RunEvent], None]
Job = Callable[[Emit, RunCommands], RunFinished]

_log = logging.getLogger(__name__)


class TrainingWorker:
    """Runs one job on a thread of its own and puts its events on a queue.

    Args:
        job: Trains until done or told to stop; returns the last event and does not emit it.
        run_id: Written into every event made here.
        events: Where the events go; read by the window at its own pace.
        commands: Handed to the job, which is told there what to do.
    """

    def __init__(
        self,
        job: Job,
        run_id: int,
        events: queue.SimpleQueue[RunEvent],
        commands: RunCommands | None = None,
    ) -> None:
        self._job = job
        self._run_id = run_id
        self._events = events
        self.commands = commands or RunCommands()
        # A daemon: a window that closes is never held up by a step that takes long.
        self._thread = threading.Thread(target=self._run, name=f"training-{run_id}", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def join(self, timeout_seconds: float) -> bool:
        """Wait for the thread, never longer than asked; True when it has ended."""
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            last = self._job(self._events.put, self.commands)
        except DigitDeskError as error:
            _log.warning("Run %d failed: %s", self._run_id, error.sentence)
            last = RunFinished(self._run_id, "failed", error.sentence)
        except MemoryError:
            _log.exception("Run %d ran out of memory", self._run_id)
            last = RunFinished(
                self._run_id,
                "failed",
                "The computer ran out of memory. Take a smaller network or batch size.",
                is_in_log=True,
            )
        except BaseException as error:
            _log.exception("Run %d failed", self._run_id)
            last = RunFinished(
                self._run_id,
                "failed",
                "Training stopped because of an unexpected error "
                f"({type(error).__name__}: {error}).",
                is_in_log=True,
            )
        self._events.put(last)
