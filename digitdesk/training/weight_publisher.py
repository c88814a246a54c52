"""Weights handed over while a network learns, so that others read with it; never a broken set.

A set counts as good once a step with it gave a loss that is a number.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]


class WeightPublisher:
    """Hands weights over, and takes back those that turned out to be broken.

    Args:
        publish: Receives ``(step, weights)``.
    """

    def __init__(self, publish: Callable[[int, Weights], None]) -> None:
        self._publish = publish
        self._last: tuple[int, Weights] | None = None
        self._good: tuple[int, Weights] | None = None

    def hand_over(self, step: int, weights: Weights) -> None:
        """Publish finite weights from the end of ``step``."""
        self._last = (step, weights)
        self._publish(step, weights)

    def approve(self, step: int) -> None:
        """The loss of ``step`` is a number, so weights from before it are good."""
        if self._last is not None and self._last[0] < step:
            self._good = self._last

    def fall_back(self) -> None:
        """Publish the last good weights again; nothing follows."""
        if self._good is not None:
            self._publish(*self._good)
