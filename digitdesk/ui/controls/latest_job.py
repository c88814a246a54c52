"""Work beside the window of which only the last is wanted: whoever asks again ends what he asked.

A slider that moves, or another model that is chosen, makes what is being computed out of date.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from digitdesk.errors import CancelledError
from digitdesk.ui.toolkit.background import Background, Progress

if TYPE_CHECKING:
    from digitdesk.session.jobs import Job

T = TypeVar("T")


class LatestJob:
    """Has one piece of work done at a time, and tells of none but the last that was asked for.

    Args:
        background: Works beside the window.
        when_failed: Takes the error of work that was not cancelled.
    """

    def __init__(self, background: Background, when_failed: Callable[[Exception], None]) -> None:
        self._background = background
        self._when_failed = when_failed
        self._asked = 0
        self._job: Job[Any] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is being done that somebody waits for."""
        return self._job is not None

    def ask(
        self,
        work: Callable[[Job[T]], T],
        when_done: Callable[[T], None],
        when_moved: Progress | None = None,
        when_failed: Callable[[], None] = lambda: None,
    ) -> None:
        """Have work done; what was asked for before is cancelled and no more heard of.

        Args:
            work: Gets the job.
            when_done: Takes what the work returned.
            when_moved: Takes how much is done and of how much.
            when_failed: Called after the error has been told.
        """
        self.cancel()
        number = self._asked

        def done(result: T) -> None:
            if number == self._asked:
                self._job = None
                when_done(result)

        def failed(error: Exception) -> None:
            if number == self._asked and not isinstance(error, CancelledError):
                self._job = None
                self._when_failed(error)
                when_failed()

        def moved(part: int, whole: int) -> None:
            if number == self._asked and when_moved is not None:
                when_moved(part, whole)

        job = self._background(work, done, failed, moved)
        if not job.is_over:
            self._job = job

    def cancel(self) -> None:
        """Want nothing of it any more."""
        self._asked += 1
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
