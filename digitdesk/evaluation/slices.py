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
    first = 0
    while first < count:
        advance(first, count)
        # The last one takes the rest with it: few pictures are read as if somebody waited for them,
        # and whoever reads many would have to make way.
        end = count if count - first < 2 * SLICE else first + SLICE
        yield slice(first, end)
        first = end
    advance(count, count)
