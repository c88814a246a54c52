"""Many pictures a slice at a time, so that reading them can be followed and stopped on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

SLICE = 512
"""Pictures read between two looks at whether anybody still wants to know: half a second for a large
network that takes several views of each. So many are also what a convolution reads no otherwise
than a whole set, to the last bit."""

Advance = Callable[[int, int], None]
"""Told how many pictures are read, and of how many; raises to stop."""


def slices(count: int, advance: Advance) -> Iterator[slice]:
    """Consecutive parts of so many pictures; told of each when it has been worked on."""
    for first in range(0, count, SLICE):
        advance(first, count)
        yield slice(first, min(first + SLICE, count))
    advance(count, count)
