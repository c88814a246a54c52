"""Reads many pictures piece by piece: after the first pieces, by a recorded pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.buffers import aligned_empty
from digitdesk.nn.core.recording import Recording, UnrecordableError, recorded, recording

if TYPE_CHECKING:
    from digitdesk.nn.network import Network

_ENOUGH = 2
"""Pieces read before one is recorded: fewer come of what somebody draws, and recording takes time,
too. By then the buffers are as large as they have to be."""


class PieceReader:
    """Reads with a network for as long as nobody trains it, or does anything else with it.

    Args:
        network: Whose weights at the first pieces stay in force for the others.
        size: Pictures in a piece; ``None`` for as many as the network reads at once.
    """

    def __init__(self, network: Network, size: int | None = None) -> None:
        self._network = network
        self._size = size or network.images_read_at_once
        self._left = _ENOUGH if network.backend.name == "cpu" and not network.is_dense else -1
        self._x: Array = np.empty(0)
        self._logits: NDArray[Any] = np.empty(0)
        self._recording: Recording | None = None

    def predict_logits(self, images: NDArray[Any]) -> NDArray[Any]:
        """(n, 28, 28) pictures → (n, outputs) logits, valid until the next call.

        Args:
            images: As many as a piece has, but for the last.
        """
        if len(images) != self._size:
            # The buffers are laid out anew for it, and zeros around pictures written over.
            self._recording = None
            return self._read(images)
        if self._recording is not None:
            self._network.to_inside(images, out=self._x)
            self._recording.repeat()
            return self._logits
        self._left -= 1
        return self._record(images) if self._left == 0 else self._read(images)

    def _read(self, images: NDArray[Any]) -> NDArray[Any]:
        network = self._network
        logits = network.forward(network.to_inside(images), training=False)
        outputs: NDArray[Any] = np.moveaxis(network.backend.to_host(logits), -1, 0)
        return outputs

    def _record(self, images: NDArray[Any]) -> NDArray[Any]:
        """Read a piece and note how, where that can be repeated."""
        network = self._network
        shape = (*network.input_shape, self._size)
        self._x = aligned_empty(np, int(np.prod(shape)), network.dtype).reshape(shape)
        network.to_inside(images, out=self._x)
        try:
            with recording() as made:
                logits = network.forward(recorded(self._x), training=False)
        except UnrecordableError:
            return self._read(images)
        self._recording, self._logits = made, np.moveaxis(logits.view(np.ndarray), -1, 0)
        return self._logits
