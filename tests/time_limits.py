"""Limits of time that a busy machine does not break.

Other programs only ever make what is measured longer. So where a limit is meant for ours, the
quickest of a few tries has to keep it; what is no faster then is slow by itself.
"""

from __future__ import annotations

from collections.abc import Callable

TRIES = 3


def quickest(measure: Callable[[], float], limit_seconds: float) -> float:
    """The least of up to three measurements; the first within the limit is enough.

    Args:
        measure: Does it once, and checks all the rest of it each time; returns seconds.
        limit_seconds: What the caller is going to compare with.
    """
    least = measure()
    for _try in range(TRIES - 1):
        if least <= limit_seconds:
            break
        least = min(least, measure())
    return least
