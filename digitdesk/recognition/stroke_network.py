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
from digitdesk.messages.model import StrokePart
from digitdesk.messages.picture import DIGIT_SIDE
from digitdesk.messages.prediction import Stroke
from digitdesk.recognition.test_time_augmentation import LogitSource


class StrokeNetwork:
    """A network that is shown ``stroke_planes``.

    Args:
        network: What scores planes (N, 10, 28, 28).
        part: Temperatures of the mean of its logits and those of the network for pictures, and its
            weights in that; what is not asked beside another has no use for them.
    """

    def __init__(self, network: LogitSource, part: StrokePart | None = None) -> None:
        self._network = network
        self._part = part or StrokePart("")

    @property
    def temperature(self) -> float:
        """Divides ``mean_logits``."""
        return self._part.temperature

    @property
    def picture_temperature(self) -> float:
        """Divides ``mean_logits`` of pictures whose strokes were traced."""
        return self._part.picture_temperature

    @property
    def reads_pictures(self) -> bool:
        """Whether it is asked of pictures, too, whose strokes were traced."""
        return self._part.picture_weight > 0

    def mean_logits(
        self, planes: Float32Array, of_pictures: NDArray[Any], *, are_traced: bool = False
    ) -> NDArray[Any]:
        """The mean of its logits and those of the pictures, (N, outputs)."""
        weight = self._part.picture_weight if are_traced else self._part.weight
        return self.predict_logits(planes) * weight + of_pictures * (1 - weight)

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
