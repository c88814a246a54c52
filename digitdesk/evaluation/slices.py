"""Many pictures a slice at a time, so that reading them can be followed and stopped on the way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

SLICE = 512
"""Pictures read between two looks at whether anybody still wants to know: half a second for a large
network that takes several views of each. So many are also what a convolution reads no otherwise
than a whole set, to the last bit; so are twice, four times or eight times as many."""

_SOON_SECONDS = 0.1
"""After a slice that took no longer, the next one has twice as many: to begin with each takes a
network a while, a tenth of the time for cnn-standard."""
_MOST = 8 * SLICE

Advance = Callable[[int, int], None]
"""Told how many pictures are read, and of how many; raises to stop."""


def slices(count: int, advance: Advance) -> Iterator[slice]:
    """Consecutive parts of so many pictures; told of each when it has been worked on."""
    first, size = 0, SLICE
    while first < count:
        advance(first, count)
        # The last one takes the rest with it: few pictures are read as if somebody waited for them,
        # and whoever reads many would have to make way.
        end = count if count - first < 2 * size else first + size
        begun = time.perf_counter()
        yield slice(first, end)
        if time.perf_counter() - begun < _SOON_SECONDS:
            size = min(2 * size, _MOST)
        first = end
    advance(count, count)
