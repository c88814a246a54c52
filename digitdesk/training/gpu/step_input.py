"""What a recorded step is told anew each time, sent to the device in one small copy.

A recording keeps every number that the host had in hand, so whatever changes from step to step has
to stand in memory of the device: which images, the keys of random numbers, the optimizer's
constants.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.nn.core.backend import Array, Backend
from digitdesk.nn.optim.gpu_update import CONSTANTS
from digitdesk.training.gpu.pinned import PinnedCopies

_LAYOUT = (("key", "uint64", 2), ("place", "uint64", 1), ("constants", "float64", CONSTANTS))

_ALIGNMENT = 256
"""Bytes at whose multiples each begins, as arrays of their own would."""


class StepInput:
    """The same few arrays on the host and on the device.

    Args:
        backend: Of the device.
        count: Images in the batch.
        changes: Numbers of the change of one image; 0 where none are changed.
        dtype: Their number type.

    Attributes:
        key: Chooses the random numbers, (2,) uint64; these are all on the device.
        place: Where in the log the step's outcome goes, (1,) uint64.
        constants: Of the optimizer, float64.
        changes: Of the batch's images, one after the other's, flat.
        indices: Of the batch's images in the set, (N,) int32.
    """

    def __init__(
        self, backend: Backend, count: int, *, changes: int = 0, dtype: str = "float32"
    ) -> None:
        layout = (*_LAYOUT, ("changes", dtype, changes * count), ("indices", "int32", count))
        sizes = [np.dtype(kind).itemsize * numbers for _, kind, numbers in layout]
        rooms = [-(-size // _ALIGNMENT) * _ALIGNMENT for size in sizes]
        on_device = backend.xp.zeros(sum(rooms), dtype=np.uint8)
        self._copies = PinnedCopies(backend, on_device)
        self._places: dict[str, tuple[slice, str]] = {}
        device: dict[str, Array] = {}
        start = 0
        for (name, kind, _), size, room in zip(layout, sizes, rooms, strict=True):
            part = slice(start, start + size)
            self._places[name] = part, kind
            device[name] = on_device[part].view(kind)
            start += room
        self.key, self.place = device["key"], device["place"]
        self.constants, self.indices = device["constants"], device["indices"]
        self.changes = device["changes"]

    def send(
        self,
        key: NDArray[np.uint64],
        place: int,
        constants: Sequence[float],
        indices: NDArray[np.integer[Any]],
        changes: Sequence[NDArray[np.float32]] = (),
    ) -> None:
        """Put a step's input on the device, on the current stream and without waiting for it."""
        bytes_ = self._copies.begin()
        host = {name: bytes_[part].view(kind) for name, (part, kind) in self._places.items()}
        host["key"][:] = key
        host["place"][0] = place
        host["constants"][: len(constants)] = constants
        host["indices"][:] = indices
        start = 0
        for part in changes:
            host["changes"][start : start + part.size] = part.ravel()
            start += part.size
        self._copies.send()
