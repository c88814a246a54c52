"""The one thread that trains, so that the window never waits for a network.

It speaks to others through the run's events only, and the last event always comes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from digitdesk.errors import DigitDeskError
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import RunFinished
from digitdesk.training.run import Run

_log = logging.getLogger(__name__)


class TrainingWorker:
    """Does one run on a thread of its own.

    Args:
        run: Told its last event, whatever happens.
        train: Trains until done or told to stop; returns the last event and does not emit it.

    Attributes:
        run: The same.
    """

    def __init__(self, run: Run, train: Callable[[Run], RunFinished]) -> None:
        self.run = run
        self._train = train
        # A daemon: a window that closes is never held up by a step that takes long.
        self._thread = threading.Thread(
            target=self._work, name=f"training-{run.run_id}", daemon=True
        )

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def join(self, timeout_seconds: float) -> bool:
        """Wait for the thread, never longer than asked; True when it has ended."""
        self._thread.join(timeout_seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        try:
            last = self._train(self.run)
        except DigitDeskError as error:
            _log.warning("Run %d failed: %s", self.run.run_id, error.sentence)
            last = RunFinished(self.run.run_id, "failed", Problem.of(error))
        except MemoryError:
            _log.exception("Run %d ran out of memory", self.run.run_id)
            last = RunFinished(
                self.run.run_id,
                "failed",
                Problem(
                    "The computer ran out of memory", hint="Take a smaller network or batch size"
                ),
                is_in_log=True,
            )
        except BaseException as error:
            _log.exception("Run %d failed", self.run.run_id)
            last = RunFinished(
                self.run.run_id,
                "failed",
                Problem(
                    "Training stopped because of an unexpected error "
                    f"({type(error).__name__}: {error})"
                ),
                is_in_log=True,
            )
        self.run.emit(last)
