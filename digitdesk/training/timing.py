"""A run's clock: how long a step really took, and how often it is time to report."""

from __future__ import annotations

from collections.abc import Callable

_LONGEST_HICCUP_SECONDS = 10.0


def without_sleep(seconds: float, usual_seconds: float) -> float:
    """How long a step took, unless the computer slept meanwhile or its clock was set.

    Args:
        seconds: By the clock; some systems' clocks run on while they sleep.
        usual_seconds: The mean of the steps before; 0 for the first step.

    Returns:
        ``seconds``, or the usual where that is a hundred times less, or the clock ran backwards.
    """
    if seconds < 0:
        return usual_seconds
    slept = seconds > _LONGEST_HICCUP_SECONDS and seconds > 100 * usual_seconds > 0
    return usual_seconds if slept else seconds


class Throttle:
    """Says when enough time has passed to do something again."""

    def __init__(self, interval_seconds: float, clock: Callable[[], float]) -> None:
        self._interval_seconds = interval_seconds
        self._clock = clock
        self._next_time = clock() + interval_seconds

    def is_due(self) -> bool:
        """True at most once per interval."""
        now = self._clock()
        # A clock that was set back must not silence reports until it has caught up.
        if self._next_time - self._interval_seconds <= now < self._next_time:
            return False
        self._next_time = now + self._interval_seconds
        return True
