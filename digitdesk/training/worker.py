"""The one thread that trains, so that the window never waits for a network.

It speaks to the window through a queue of events only, and its last event always comes.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

from digitdesk.errors import DigitDeskError
from digitdesk.messages import RunEvent, RunFinished, RunPaused, RunResumed

Emit = Callable[[RunEvent], None]
ShouldStop = Callable[[], bool]
Job = Callable[[Emit, ShouldStop], RunFinished]

_log = logging.getLogger(__name__)


class TrainingWorker:
    """Runs one job on a thread of its own and puts its events on a queue.

    Args:
        job: Trains until done or told to stop; returns the last event and does not emit it.
        run_id: Written into every event made here.
        events: Where the events go; read by the window at its own pace.
    """

    def __init__(self, job: Job, run_id: int, events: queue.SimpleQueue[RunEvent]) -> None:
        self._job = job
        self._run_id = run_id
        self._events = events
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        # A daemon: a window that closes is never held up by a step that takes long.
        self._thread = threading.Thread(target=self._run, name=f"training-{run_id}", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def pause(self) -> None:
        """Wait before the next step, until ``resume`` or ``stop``."""
        self._go.clear()

    def resume(self) -> None:
        """Go on after a pause."""
        self._go.set()

    def stop(self) -> None:
        """Finish after the step that is running; also ends a pause."""
        self._stop.set()
        self._go.set()

    def join(self, timeout_seconds: float) -> bool:
        """Wait for the thread, never longer than asked; True when it has ended."""
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _should_stop(self) -> bool:
        if not self._go.is_set():
            self._events.put(RunPaused(self._run_id))
            self._go.wait()
            if not self._stop.is_set():
                self._events.put(RunResumed(self._run_id))
        return self._stop.is_set()

    def _run(self) -> None:
        try:
            last = self._job(self._events.put, self._should_stop)
        except DigitDeskError as error:
            _log.warning("Run %d failed: %s", self._run_id, error.sentence)
            last = RunFinished(self._run_id, "failed", error.sentence)
        except MemoryError:
            _log.exception("Run %d ran out of memory", self._run_id)
            last = RunFinished(
                self._run_id,
                "failed",
                "The computer ran out of memory. Take a smaller network or batch size.",
            )
        except BaseException as error:
            _log.exception("Run %d failed", self._run_id)
            last = RunFinished(
                self._run_id,
                "failed",
                f"Training stopped because of an unexpected error ({type(error).__name__}: "
                f"{error}). The log file has the details.",
            )
        self._events.put(last)
