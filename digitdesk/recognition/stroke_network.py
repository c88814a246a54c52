"""Scores strokes by more than their picture: the direction and the order of the pen, too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.stroke_planes import PLANES, stroke_planes_of_many
from digitdesk.ink.strokes import without_taps
from digitdesk.messages.picture import DIGIT_SIDE
from digitdesk.messages.prediction import Stroke
from digitdesk.recognition.test_time_augmentation import LogitSource


class StrokeNetwork:
    """A network that is shown ``stroke_planes``.

    Args:
        network: What scores planes (N, 10, 28, 28).
        temperature: Divides the mean of its logits and those of the network for pictures.
        weight: Of its logits in that mean.
    """

    def __init__(self, network: LogitSource, temperature: float = 1.0, weight: float = 0.5) -> None:
        self._network = network
        self.temperature = temperature
        self._weight = weight

    def mean_logits(self, planes: Float32Array, of_pictures: NDArray[Any]) -> NDArray[Any]:
        """The mean of its logits and those of the pictures, (N, outputs)."""
        own = self.predict_logits(planes)
        return own * self._weight + of_pictures * (1 - self._weight)

    def predict_logits(self, planes: Float32Array) -> NDArray[Any]:
        """(N, 10, 28, 28), as ``planes_of`` gives them → (N, outputs) logits."""
        return self._network.predict_logits(planes)


def planes_of(drawings: Sequence[tuple[Stroke, ...]]) -> Float32Array:
    """What the network is shown of drawings: (N, 10, 28, 28); blank where there is no ink."""
    planes = np.zeros((len(drawings), PLANES, DIGIT_SIDE, DIGIT_SIDE), dtype=np.float32)
    inked = {k: kept for k, drawing in enumerate(drawings) if (kept := without_taps(drawing))}
    if inked:
        planes[list(inked)] = stroke_planes_of_many(InkBatch.from_drawings(list(inked.values())))
    return planes
