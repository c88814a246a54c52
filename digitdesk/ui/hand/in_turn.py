"""Small pieces of work beside the window, one after the other in the order they were asked for.

A drawing is kept in a few milliseconds; the next one is not to overtake it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from digitdesk.ui.toolkit.background import Background

T = TypeVar("T")


class InTurn:
    """Has one piece done at a time. One that fails stays the first, until it is tried again.

    Args:
        background: Works beside the window.
        when_failed: Takes the error of a piece.
    """

    def __init__(self, background: Background, when_failed: Callable[[Exception], None]) -> None:
        self._background = background
        self._when_failed = when_failed
        self._waiting: deque[tuple[Callable[[], Callable[[], Any]], Callable[[Any], None]]] = (
            deque()
        )
        self._is_at_work = False

    @property
    def count(self) -> int:
        """How many pieces are not done yet."""
        return len(self._waiting)

    def ask(self, begin: Callable[[], Callable[[], T]], when_done: Callable[[T], None]) -> None:
        """Have a piece done after all others.

        Args:
            begin: Called when it is its turn; gives the work, which is done beside the window.
            when_done: Takes what the work returned.
        """
        self._waiting.append((begin, when_done))
        if len(self._waiting) == 1:
            self.go_on()

    def go_on(self) -> None:
        """Do the first piece that waits; also one that has failed before."""
        if self._is_at_work or not self._waiting:
            return
        work = self._waiting[0][0]()
        self._is_at_work = True
        self._background(lambda _job: work(), self._done, self._failed)

    def _done(self, result: Any) -> None:
        self._is_at_work = False
        _begin, when_done = self._waiting.popleft()
        when_done(result)
        self.go_on()

    def _failed(self, error: Exception) -> None:
        self._is_at_work = False
        self._when_failed(error)

    def give_up(self) -> None:
        """Forget the first piece, which has failed, and do the next."""
        if not self._is_at_work and self._waiting:
            self._waiting.popleft()
            self.go_on()
