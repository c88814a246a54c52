"""Mean loss and accuracy of the samples seen since the last report, whatever their batches."""

from __future__ import annotations

from typing import SupportsFloat, SupportsInt

from digitdesk.metrics import accuracy


class RunningMean:
    """Mean loss and accuracy of the samples seen since the last ``reset``."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._loss_sum = 0.0
        self._correct = 0
        self._count = 0
        self._late: list[tuple[SupportsFloat, SupportsInt, int]] = []

    def add(self, loss: SupportsFloat, correct: SupportsInt, count: int) -> None:
        """Take in one batch.

        Args:
            loss: Mean loss of the batch; what is no number yet, but still on a GPU, is made one
                when the mean is asked for.
            correct: Samples read right, likewise.
            count: Samples in the batch.
        """
        self._count += count
        if isinstance(loss, float) and isinstance(correct, int):
            self._loss_sum += loss * count
            self._correct += correct
        else:
            self._late.append((loss, correct, count))

    def _take_late(self) -> None:
        """Take in what was not known yet."""
        for loss, correct, count in self._late:
            self._loss_sum += float(loss) * count
            self._correct += int(correct)
        self._late.clear()

    @property
    def sums(self) -> tuple[float, int, int]:
        """Sum of losses, right answers and samples; ``restore`` takes them back."""
        self._take_late()
        return self._loss_sum, self._correct, self._count

    @property
    def so_far(self) -> tuple[float, int]:
        """Sum of losses and samples; a number of its own, also on a GPU, where sums are arrays."""
        return self._loss_sum + 0.0, self._count

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
        self._take_late()
        return self._loss_sum / self._count if self._count else 0.0

    @property
    def accuracy(self) -> float:
        """Part of the samples read right, 0 … 1."""
        self._take_late()
        return accuracy(self._correct, self._count)
