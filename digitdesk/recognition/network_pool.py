"""Lets several threads read with one network's weights at once, each with layers of its own.

Layers use their buffers again, so a network serves one caller at a time.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from digitdesk.nn.network import Network


class NetworkPool:
    """Networks that share their weights: one for each caller that reads at the same time.

    Nobody waits. Who reads alone always gets the same network, whose buffers are there already.

    Args:
        network: The first of them; from now on it is used here only.
    """

    def __init__(self, network: Network) -> None:
        self._first = network
        # Only ever used by ``pop`` and ``append``, each of which threads see whole.
        self._idle = [network]

    def predict_logits(self, images: NDArray[Any], /) -> NDArray[Any]:
        """(N, 28, 28) pictures → (N, outputs) logits."""
        network = self._borrow()
        try:
            return network.predict_logits(images)
        finally:
            self._idle.append(network)

    def _borrow(self) -> Network:
        try:
            return self._idle.pop()
        except IndexError:
            return self._first.replica()
