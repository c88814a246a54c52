"""How work that takes long is followed and cancelled, whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable

from digitdesk.errors import CancelledError

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""

Cancelled = Callable[[], bool]
"""Whether nobody wants the outcome any more."""


def told_to_nobody(done: int, total: int) -> None:
    """Progress that is not followed."""


def never() -> bool:
    """Nobody cancels."""
    return False


def advance(progress: Progress, cancelled: Cancelled) -> Progress:
    """Progress that is told to somebody who may want no more.

    Raises:
        CancelledError: ``cancelled`` says so, when it is called.
    """

    def tell(done: int, total: int) -> None:
        if cancelled():
            raise CancelledError("The work was cancelled")
        progress(done, total)

    return tell
