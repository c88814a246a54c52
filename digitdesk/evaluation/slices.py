"""Reads many pictures a slice at a time, so that it can be followed and stopped on the way.

Beside a window, whoever draws gets the processor between two slices at the latest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

SLICE = 512
"""Pictures read between two looks at whether anybody still wants to know."""

Advance = Callable[[int, int], None]
"""Told how many pictures are read, and of how many; raises to stop."""


def slices(count: int, advance: Advance) -> Iterator[slice]:
    """Consecutive parts of so many pictures; told of each when it has been worked on."""
    for first in range(0, count, SLICE):
        advance(first, count)
        yield slice(first, min(first + SLICE, count))
    advance(count, count)
