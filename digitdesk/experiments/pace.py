"""How long an experiment has worked, and how long it will: by the runs it has made."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """Counts the time of runs.

    Args:
        worked_seconds: Of work before this start.
        clock: Seconds, monotonic.
    """

    def __init__(self, worked_seconds: float, clock: Callable[[], float]) -> None:
        self._before = worked_seconds
        self._clock = clock
        self._started = clock()
        self._running: dict[int, float] = {}
        self._took: list[float] = []

    @property
    def worked_seconds(self) -> float:
        """Time of work, in this start and those before."""
        return self._before + self._clock() - self._started

    def began(self, number: int) -> None:
        """A run begins."""
        self._running[number] = self._clock()

    def ended(self, number: int) -> None:
        """A run is over."""
        self._took.append(self._clock() - self._running.pop(number))

    def seconds_left(self, left: int | None, cores: int, limit_seconds: float) -> float | None:
        """Estimated time to the end.

        Args:
            left: Runs that are not over; ``None`` where only the time says.
            cores: Runs made side by side.
            limit_seconds: Of work in all; 0 for no limit.

        Returns:
            ``None`` as long as no run is over to judge by.
        """
        allowed = max(0.0, limit_seconds - self.worked_seconds) if limit_seconds else None
        if left is None or not self._took:
            return allowed if left is None else None
        now = self._clock()
        mean = sum(self._took) / len(self._took)
        begun = sum(min(now - start, mean) for start in self._running.values())
        beside = max(1, min(cores, left))
        seconds = max(0.0, (mean * left - begun) / beside)
        return seconds if allowed is None else min(seconds, allowed)
