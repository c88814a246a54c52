"""Work beside the window: one kind of job, which tells how far it is, hears when to stop, and ends.

Jobs share a few threads. They touch no widget and know no screen; whoever asked for one looks at
it now and then.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from digitdesk.errors import CancelledError

WORKERS = 4
"""Jobs at work at once. Most wait for a disk or a network; of those that compute, each does so in
small slices, and on one core while somebody draws or a network trains."""

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Job(Generic[T]):
    """One piece of work, from when it is asked for until it has ended in one way.

    Args:
        work: Called once, with this job.

    Attributes:
        progress: How much is done, and of how much; (0, 0) until it is known.
    """

    def __init__(self, work: Callable[[Job[T]], T]) -> None:
        self._work = work
        self._changing = threading.Lock()
        self._has_begun = False
        self._is_cancelled = False
        self._over = threading.Event()
        self._result: T | None = None
        self._error: BaseException | None = None
        self.progress = (0, 0)

    # -- what the work calls

    def report(self, done: int, total: int) -> None:
        """Tell how far the work is."""
        self.progress = (done, total)

    def is_cancelled(self) -> bool:
        """Whether the work should end, having returned what there is or raised an error."""
        return self._is_cancelled

    # -- what is asked of it from elsewhere

    def cancel(self) -> None:
        """Have it end soon; where it has not begun, it has ended with a ``CancelledError``."""
        self._is_cancelled = True
        if self._begins():
            self._end(None, CancelledError("The work was cancelled"))

    @property
    def is_over(self) -> bool:
        """Whether ``outcome`` can be asked for without waiting."""
        return self._over.is_set()

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until it is over, never longer than asked; True when it is."""
        return self._over.wait(timeout_seconds)

    def outcome(self) -> T:
        """What the work returned, once it is over.

        Raises:
            Exception: What the work raised, with all its parts.
        """
        self._over.wait()
        if self._error is not None:
            raise self._error
        return self._result  # type: ignore[return-value]  # None only where that was returned

    def run(self) -> None:
        """Do the work here and now, unless that was begun or cancelled before."""
        if not self._begins():
            return
        try:
            result = self._work(self)
        except Exception as error:
            _log.warning("Work beside the window failed", exc_info=True)
            self._end(None, error)
        except BaseException as error:  # whatever ends a thread, nobody waits for ever
            _log.warning("Work beside the window was ended", exc_info=True)
            self._end(None, RuntimeError(repr(error)))
        else:
            self._end(result, None)

    def _begins(self) -> bool:
        """Whether it is for the caller to bring this to an end; so for one caller only."""
        with self._changing:
            is_first, self._has_begun = not self._has_begun, True
        return is_first

    def _end(self, result: T | None, error: BaseException | None) -> None:
        self._result, self._error = result, error
        self._over.set()


class JobPool:
    """A few threads that do one job after another, and are gone when there is none to do.

    Args:
        workers: The most threads.
    """

    def __init__(self, workers: int = WORKERS) -> None:
        self._most = workers
        self._changing = threading.Lock()
        self._waiting: deque[Job[Any]] = deque()
        self._running: list[Job[Any]] = []
        self._names = itertools.count(1)
        self._is_closed = False

    def start(self, work: Callable[[Job[T]], T]) -> Job[T]:
        """Have work done as soon as a thread is free.

        Raises:
            RuntimeError: The system gives no thread.
        """
        job = Job(work)
        with self._changing:
            if self._is_closed:
                job.cancel()
            elif len(self._running) >= self._most:
                self._waiting.append(job)
            else:
                # A daemon: a process that ends is never held up by work that does not listen.
                threading.Thread(
                    target=self._work, args=(job,), name=f"beside-{next(self._names)}", daemon=True
                ).start()
                self._running.append(job)
        return job

    def close(self, timeout_seconds: float) -> bool:
        """Cancel every job and begin no more; True when all are over within the time."""
        with self._changing:
            self._is_closed = True
            jobs = [*self._running, *self._waiting]
            self._waiting.clear()
        for job in jobs:
            job.cancel()
        end = time.monotonic() + timeout_seconds
        return all(job.wait(max(0.0, end - time.monotonic())) for job in jobs)

    def _work(self, job: Job[Any] | None) -> None:
        while job is not None:
            job.run()
            job = self._after(job)

    def _after(self, done: Job[Any]) -> Job[Any] | None:
        """The next job to do; jobs that were cancelled while they waited are over already."""
        with self._changing:
            self._running.remove(done)
            if not self._waiting:
                return None
            job = self._waiting.popleft()
            self._running.append(job)
            return job
