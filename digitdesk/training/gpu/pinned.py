"""Memory of the host that a device copies from whenever it gets there, while the host goes on.

Only page-locked memory is copied without the driver having to wait. What is written there must stay
until it is copied, so there are several stretches of it, used in turn: the host gets so many steps
ahead, and no further.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.nn.core.backend import Array, Backend

_STRETCHES = 32


class PinnedCopies:
    """Sends one array to the device again and again.

    Args:
        backend: Of the device.
        target: The array on the device, flat bytes.
    """

    def __init__(self, backend: Backend, target: Array) -> None:
        cuda = backend.xp.cuda
        self._target = target
        self._stretches: list[NDArray[np.uint8]] = [
            np.frombuffer(cuda.alloc_pinned_memory(target.size), dtype=np.uint8, count=target.size)
            for _ in range(_STRETCHES)
        ]
        self._copied: list[Any] = [cuda.Event(disable_timing=True) for _ in range(_STRETCHES)]
        self._sent = 0

    def begin(self) -> NDArray[np.uint8]:
        """Memory to write the next content into, whole; its last content has been copied."""
        place = self._sent % _STRETCHES
        if self._sent >= _STRETCHES:
            self._copied[place].synchronize()
        return self._stretches[place]

    def send(self) -> None:
        """Have the device copy what was written, on the current stream."""
        place = self._sent % _STRETCHES
        self._target.set(self._stretches[place])
        self._copied[place].record()
        self._sent += 1
