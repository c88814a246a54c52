"""Random numbers for training, keyed by (seed, step, micro-batch).

A micro-batch draws the same numbers whichever thread works on it, so results do not depend on
threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Array, Backend, Shape

_WORD = 2**64
_MICRO_BATCHES_PER_STEP = 2**20


class RandomStream:
    """Uniform random numbers from a place in an endless, addressable sequence.

    Drawn on the host with a counter-based generator (Philox) and sent to where the arrays are;
    ``kernels/gpu/philox.py`` draws the same on a GPU, so that both drop the same units.

    Source:
        Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
    """

    def __init__(self, backend: Backend, seed: int) -> None:
        self._backend = backend
        self.seed = seed
        self._step = 0
        self._micro_batch = 0
        self._generator: np.random.Generator | None = None

    def seek(self, step: int, micro_batch: int = 0) -> None:
        """Go to the start of the numbers of one micro-batch of a training step."""
        self._step = step
        self._micro_batch = micro_batch
        self._generator = None

    def uniform(self, shape: Shape, dtype: str) -> Array:
        """Draw numbers evenly from 0 (included) to 1 (excluded)."""
        if self._generator is None:
            key = stream_key(self.seed, self._step, self._micro_batch)
            self._generator = np.random.Generator(np.random.Philox(key=key))
        drawn = self._generator.random(shape, dtype=np.dtype(dtype).type)
        return self._backend.asarray(drawn)


def stream_key(seed: int, step: int, micro_batch: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """The generator's key for the numbers of one micro-batch of a training step, (2,)."""
    place = step * _MICRO_BATCHES_PER_STEP + micro_batch
    return np.array([seed % _WORD, place % _WORD], dtype=np.uint64)
