"""Two pieces of work on data at once, each on a core of its own where there are two."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from digitdesk.data.progress import StopIfTold

A = TypeVar("A")
B = TypeVar("B")


class _GivenUpError(Exception):
    """Ends the part whose result nobody wants any more."""


def side_by_side(
    here: Callable[[], A], beside: Callable[[StopIfTold], B], stop_if_told: StopIfTold
) -> tuple[A, B]:
    """Do both, and return what both return.

    Args:
        here: Done in the caller's thread.
        beside: Done in another; calls what it is given often, which raises to stop.
        stop_if_told: Stops both.

    Raises:
        Exception: What either raises; the other is stopped, or done by then.
    """
    is_given_up = False

    def stop_beside() -> None:
        if is_given_up:
            raise _GivenUpError
        stop_if_told()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(beside, stop_beside)
        try:
            mine = here()
        except BaseException:
            is_given_up = True
            raise
        return mine, other.result()
