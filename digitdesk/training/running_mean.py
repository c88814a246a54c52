"""Mean loss and accuracy of the samples seen since the last report, whatever their batches."""

from __future__ import annotations

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
        return accuracy(int(self._correct), self._count)
