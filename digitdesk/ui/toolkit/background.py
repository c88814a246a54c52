"""Work beside the window, as the tabs see it: asked for, and called back on the main thread.

The work itself is done by ``session.jobs``. What becomes of it is looked for by the window's clock,
since no other thread may so much as wake up Tk.
"""

from __future__ import annotations

import contextlib
import time
import tkinter as tk
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from digitdesk.errors import DigitDeskError
from digitdesk.session.jobs import Job, JobPool
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.widgets import try_all

T = TypeVar("T")
Progress = Callable[[int, int], None]

_LOOK_MS = 10
_PROGRESS_SECONDS = 0.1
_END_SECONDS = 0.5


class Background(Protocol):
    """Does work and calls back with what became of it."""

    def __call__(
        self,
        work: Callable[[Job[T]], T],
        when_done: Callable[[T], None],
        when_failed: Callable[[Exception], None],
        when_moved: Progress | None = None,
    ) -> Job[T]:
        """Have work done; exactly one of the two that follow it is called when it ends.

        Args:
            work: Gets the job, to report to and to ask whether it is cancelled.
            when_done: Takes what the work returned.
            when_failed: Takes what it raised; a ``CancelledError`` where it never began.
            when_moved: Takes how much is done and of how much, a few times a second.
        """
        ...


class Beside:
    """Works on other threads, and calls back on the main one.

    Args:
        window: Whose clock looks for what has ended; jobs and calls end with it.
        pool: Where the work is done.
    """

    def __init__(self, window: tk.Misc, pool: JobPool | None = None) -> None:
        self._window = window
        self._pool = pool or JobPool()
        self._look = Timer(window, _LOOK_MS, self._look_at_jobs)
        self._calls: list[_Callbacks] = []
        window.bind("<Destroy>", self._on_destroy, add="+")

    def __call__(
        self,
        work: Callable[[Job[T]], T],
        when_done: Callable[[T], None],
        when_failed: Callable[[Exception], None],
        when_moved: Progress | None = None,
    ) -> Job[T]:
        """As for ``Background``."""
        job = self._pool.start(work)
        self._calls.append(_Callbacks(job, when_done, when_failed, when_moved))
        self._look.ask()
        return job

    @property
    def is_busy(self) -> bool:
        """Whether there is something to call back for."""
        return bool(self._calls)

    def _look_at_jobs(self) -> None:
        """Tell of progress, and of one end: the window is to breathe between two."""
        over = next((calls for calls in self._calls if calls.job.is_over), None)
        if over is not None:
            self._calls.remove(over)
        if self._calls:
            self._look.ask()
        try_all(
            *(calls.tell_progress for calls in self._calls),
            *([over.tell_end] if over is not None else []),
        )

    def _on_destroy(self, event: tk.Event[tk.Misc]) -> None:
        if event.widget is self._window:
            self._pool.close(_END_SECONDS)


class AtOnce:
    """Works while the window waits: for tests, and where a window has no threads."""

    def __call__(
        self,
        work: Callable[[Job[T]], T],
        when_done: Callable[[T], None],
        when_failed: Callable[[Exception], None],
        when_moved: Progress | None = None,
    ) -> Job[T]:
        """As for ``Background``; but an error without a sentence for the user is raised."""
        job = Job(work)
        job.run()
        with contextlib.suppress(DigitDeskError):
            job.outcome()
        calls = _Callbacks(job, when_done, when_failed, when_moved)
        calls.tell_progress()
        calls.tell_end()
        return job


class _Callbacks:
    """A job, and whom to call about it."""

    def __init__(
        self,
        job: Job[Any],
        when_done: Callable[[Any], None],
        when_failed: Callable[[Exception], None],
        when_moved: Progress | None,
    ) -> None:
        self.job = job
        self._when_done = when_done
        self._when_failed = when_failed
        self._when_moved = when_moved
        self._told = (0, 0)
        self._told_at = 0.0

    def tell_progress(self) -> None:
        """Tell how far the job is, where that is news."""
        now, progress = time.monotonic(), self.job.progress
        is_due = progress != self._told and now - self._told_at >= _PROGRESS_SECONDS
        if self._when_moved is not None and is_due:
            self._told, self._told_at = progress, now
            self._when_moved(*progress)

    def tell_end(self) -> None:
        """Tell what became of the job."""
        try:
            result = self.job.outcome()
        except Exception as error:
            self._when_failed(error)
        else:
            self._when_done(result)
