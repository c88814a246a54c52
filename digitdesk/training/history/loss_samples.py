"""The losses of a run as a chart wants them: sampled by steps, whatever the clock says.

Told by the clock alone, a fast run would be ten points, the first of them after the steepest part.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Protocol

from digitdesk.training.history.series import DecimatedSeries

Sample = tuple[int, float]
"""A step, and the mean loss from the sample before to this."""

_FIRST_STEPS = 20
"""Each of the first steps is a sample: nowhere does the loss fall faster."""

_SAMPLES = 400
"""About so many are taken of a whole run."""

_MOST_KEPT = 1000


class Sums(Protocol):
    """What is added up since the last report."""

    @property
    def so_far(self) -> tuple[float, int]:
        """Sum of losses, on a GPU a number of the device, and of samples."""


class LossSamples:
    """Notes sums at certain steps; what they are is asked only when somebody is told."""

    def __init__(self) -> None:
        self._noted: list[tuple[int, float, int]] = []
        self._line = DecimatedSeries(_MOST_KEPT)

    def note(self, step: int, total_steps: int, sums: Sums) -> None:
        """Take a sample after a step, where one is due."""
        if step <= _FIRST_STEPS or step % max(1, total_steps // _SAMPLES) == 0:
            self._noted.append((step, *sums.so_far))

    def take(self, step: int, sums: Sums) -> tuple[Sample, ...]:
        """The samples since the last call, to the present step; the sums begin anew after it."""
        if not self._noted or self._noted[-1][0] != step:
            self._noted.append((step, *sums.so_far))
        samples = self._samples_noted()
        self._noted = []
        self.add(samples)
        return samples

    def add(self, samples: Iterable[Sample]) -> None:
        """Take samples of before."""
        for step, loss in samples:
            self._line.append(step, loss)

    @property
    def all(self) -> tuple[Sample, ...]:
        """All of the run, told or not; of many some, the ups and downs of every part among them."""
        told = zip(*self._line.points(), strict=True)
        return (*((int(step), loss) for step, loss in told), *self._samples_noted())

    def _samples_noted(self) -> tuple[Sample, ...]:
        noted = itertools.pairwise([(0, 0.0, 0), *self._noted])
        return tuple(
            (step, (float(loss) - float(loss_before)) / (count - count_before))
            for (_, loss_before, count_before), (step, loss, count) in noted
            if count > count_before
        )
