"""Who goes first where a few pictures and very many are read at once: what somebody waits for."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


class RightOfWay:
    """Taken for a moment by whoever must not wait; others then do with one core.

    Args:
        clock: Seconds from any moment on.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = -math.inf

    def take(self, seconds: float) -> None:
        """Go first from now on and for so long, in which one will want to again."""
        self._until = max(self._until, self._clock() + seconds)

    def is_taken(self) -> bool:
        """Whether somebody has to go first just now."""
        return self._clock() < self._until


RIGHT_OF_WAY = RightOfWay()
"""Of who draws or trains, before who reads very many: all threads of a process share the cores."""

DRAWING = RightOfWay()
"""Of who draws, before who trains."""
