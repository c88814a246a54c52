"""Running means for the chart and the throttle that keeps reports at a pace a screen can use."""

from __future__ import annotations

from collections.abc import Callable

_LONGEST_HICCUP_SECONDS = 10.0


class RunningMean:
    """Mean loss and accuracy of the samples seen since the last ``reset``."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._loss_sum = 0.0
        self._correct = 0
        self._count = 0

    def add(self, loss: float, correct: int, count: int) -> None:
        """Take in one batch.

        Args:
            loss: Mean loss of the batch; on a GPU a device number, fetched when asked for.
            correct: Samples read right, likewise.
            count: Samples in the batch.
        """
        self._loss_sum += loss * count
        self._correct += correct
        self._count += count

    @property
    def sums(self) -> tuple[float, int, int]:
        """Sum of losses, right answers and samples; ``restore`` takes them back."""
        return float(self._loss_sum), int(self._correct), self._count

    def restore(self, loss_sum: float, correct: int, count: int) -> None:
        """Go on from the sums of another day."""
        self._loss_sum, self._correct, self._count = loss_sum, correct, count

    @property
    def count(self) -> int:
        """Samples taken in."""
        return self._count

    @property
    def loss(self) -> float:
        """Mean loss per sample; 0 where nothing was taken in."""
        return float(self._loss_sum) / self._count if self._count else 0.0

    @property
    def accuracy(self) -> float:
        """Part of the samples read right, 0 … 1."""
        return int(self._correct) / self._count if self._count else 0.0


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
