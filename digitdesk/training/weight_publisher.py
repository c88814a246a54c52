"""Weights handed over while a network learns, so that others read with it; never a broken set.

A set counts as good once a step with it gave a loss that is a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.model import ModelCard

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class LiveModel:
    """Weights of a network that is learning or has just learned, with the step they are from."""

    card: ModelCard
    weights: Weights
    step: int


class WeightPublisher:
    """Hands weights over, and takes back those that turned out to be broken.

    Args:
        publish: Receives the network with its weights.
        card: Of the network.
    """

    def __init__(self, publish: Callable[[LiveModel], None], card: ModelCard) -> None:
        self._publish = publish
        self._card = card
        self._last: LiveModel | None = None
        self._good: LiveModel | None = None

    def hand_over(self, step: int, weights: Weights) -> None:
        """Publish finite weights from the end of ``step``."""
        self._last = LiveModel(self._card, weights, step)
        self._publish(self._last)

    def approve(self, step: int) -> None:
        """The loss of ``step`` is a number, so weights from before it are good."""
        if self._last is not None and self._last.step < step:
            self._good = self._last

    def fall_back(self) -> None:
        """Publish the last good weights again; nothing follows."""
        if self._good is not None:
            self._publish(self._good)
