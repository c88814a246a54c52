"""Augmentation on the device: ``data.augmentation`` with its work on every pixel done by a card."""

from __future__ import annotations

from digitdesk.data.augmentation import map_basis
from digitdesk.nn.core.backend import Array
from digitdesk.nn.kernels.gpu.augmentation import DRAW_WITH_PEN, SAMPLE
from digitdesk.nn.kernels.gpu.cublas import multiply
from digitdesk.nn.network import Network
from digitdesk.training.gpu.picture_set import PictureSet


class Augmentation:
    """Takes batches from a set, changed as was drawn on the host.

    Args:
        network: What the batches are for; it takes pictures of one channel.
        pictures: The set.
        count: Images in a batch.

    Attributes:
        numbers_per_image: Of ``Changes``, for one image: its two maps and its thickness.
    """

    def __init__(self, network: Network, pictures: PictureSet, count: int) -> None:
        self._backend = network.backend
        self._dtype = network.dtype
        self._pictures = pictures
        self._count = count
        self._shape = network.input_shape
        _, height, width = network.input_shape
        basis = map_basis(height, width)
        self._basis = network.backend.asarray(basis, network.dtype)
        self.numbers_per_image = 2 * len(basis) + 1

    def take_batch(self, indices: Array, changes: Array) -> Array:
        """The batch's images, changed; may be recorded.

        Args:
            indices: (N,) int32 on the device.
            changes: Maps (2, N, rows) and thickness (N,), flat and one after the other.

        Returns:
            (C, H, W, N).
        """
        xp, count, pictures = self._backend.xp, self._count, self._pictures
        _, height, width = self._shape
        rows = len(self._basis)
        maps = changes[: 2 * count * rows].reshape(2 * count, rows)
        sources = xp.empty((2 * count, height * width), dtype=self._dtype)
        # Where each pixel comes from is linear in all random numbers: one product.
        multiply(maps, self._basis, sources, xp=xp)
        pieces = xp.empty((count, height, width), dtype=self._dtype)
        size = height, width
        SAMPLE(xp, pictures.images, indices, sources, *size, pictures.divisor, pieces)
        x = xp.empty((*self._shape, count), dtype=self._dtype)
        DRAW_WITH_PEN(xp, pieces, changes[2 * count * rows :], *size, count, x)
        return x
