"""Pictures and labels on the device, from which steps take their batches."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Array, Backend
from digitdesk.training.gpu.pinned import PinnedCopies

_PART_OF_MEMORY = 0.5


class PictureSet:
    """Labelled pictures on the device, one after the other.

    Args:
        backend: Of the device.
        images: (N, H, W) on the host, bytes or numbers 0 … 1.
        labels: (N,) class numbers.

    Attributes:
        images: (N, P) on the device, as they are.
        labels: (N,) int32 on the device.
        pixels: P, numbers in a picture.
        divisor: What its numbers are divided by to be 0 … 1.
    """

    def __init__(self, backend: Backend, images: Any, labels: Any) -> None:
        self._backend = backend
        self._copies: list[PinnedCopies] | None = None
        self.pixels = math.prod(images.shape[1:])
        self.divisor = 255.0 if images.dtype == np.uint8 else 1.0
        self.images: Array = backend.asarray(images.reshape(len(images), -1))
        self.labels: Array = backend.asarray(np.asarray(labels, dtype=np.int32))

    def replace(self, images: Any, labels: Any) -> None:
        """Put other pictures in their place, as many and of the same number type."""
        if self._copies is None:
            # As bytes: both are whole stretches of memory.
            targets = [array.reshape(-1).view(np.uint8) for array in (self.images, self.labels)]
            self._copies = [PinnedCopies(self._backend, target) for target in targets]
        for copies, host, kind in zip(
            self._copies, (images, labels), (self.images.dtype, np.int32), strict=True
        ):
            copies.begin().view(kind)[:] = np.asarray(host).ravel()
            copies.send()


def fits(backend: Backend, images: Any) -> bool:
    """Whether a set may lie on the device beside all that a step needs."""
    free, _ = backend.xp.cuda.runtime.memGetInfo()
    return bool(images.nbytes <= _PART_OF_MEMORY * free)
