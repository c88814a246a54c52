"""Philox on a graphics card: the same random numbers as ``core.random_stream`` draws on the host.

A counter-based generator: each number is computed from its place alone, so that a card's threads
need no order among each other, and a step that is replayed draws anew once its key has changed.

Source:
    Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011: Philox-4×64-10, numbered
    as NumPy numbers it (the first block has counter 1; 32-bit numbers take the low half first).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Array, Backend, Shape
from digitdesk.nn.core.random_stream import RandomStream, stream_key
from digitdesk.nn.kernels.gpu.kernel import GpuKernel

_PREAMBLE = """
__device__ unsigned long long digitdesk_philox(
        unsigned long long word, unsigned long long key0, unsigned long long key1) {
    const unsigned long long m0 = 0xD2E7470EE14C6C93ULL, m1 = 0xCA5A826395121157ULL;
    unsigned long long c[4] = {word / 4 + 1, 0, 0, 0};
    for (int round = 0; round < 10; ++round) {
        const unsigned long long high0 = __umul64hi(m0, c[0]), low0 = m0 * c[0];
        const unsigned long long high1 = __umul64hi(m1, c[2]), low1 = m1 * c[2];
        c[0] = high1 ^ c[1] ^ key0;
        c[1] = low1;
        c[2] = high0 ^ c[3] ^ key1;
        c[3] = low0;
        key0 += 0x9E3779B97F4A7C15ULL;
        key1 += 0xBB67AE8584CAA73BULL;
    }
    return c[word % 4];
}
"""


def _uniform(key: Any, first: int, y: Any) -> None:
    generator = np.random.Generator(np.random.Philox(key=np.array(key[:2], dtype=np.uint64)))
    generator.random(first, dtype=y.dtype.type)
    y[...] = generator.random(y.shape, dtype=y.dtype.type)


UNIFORM = GpuKernel(
    "digitdesk_uniform",
    "raw uint64 key, int64 first",
    "T y",
    """
    const unsigned long long place = first + i;
    if (sizeof(T) == 8) {
        y = (digitdesk_philox(place, key[0], key[1]) >> 11) * (1.0 / 9007199254740992.0);
    } else {
        const unsigned long long word = digitdesk_philox(place / 2, key[0], key[1]);
        const unsigned int half = place % 2 ? word >> 32 : word & 0xFFFFFFFFULL;
        y = (half >> 8) * (1.0f / 16777216.0f);
    }
    """,
    _uniform,
    _PREAMBLE,
)
"""Numbers from 0 to below 1, from place ``first`` of the stream with that key on."""


class DeviceRandomStream(RandomStream):
    """``RandomStream`` whose numbers are drawn on the graphics card, the same to the last bit.

    Args:
        backend: Whose array module has ``ElementwiseKernel``.
        seed: As there.

    Attributes:
        key: Two numbers on the device that choose the stream. Whoever replays a recorded step
            writes them there; otherwise ``seek`` does.
    """

    def __init__(self, backend: Backend, seed: int) -> None:
        super().__init__(backend, seed)
        self.key: Array = None
        self._first = 0

    def seek(self, step: int, micro_batch: int = 0) -> None:
        """Go to the start of the numbers of one micro-batch of a training step."""
        self.rewind(self._backend.asarray(stream_key(self.seed, step, micro_batch)))

    def rewind(self, key: Array) -> None:
        """Go to the start of the numbers that a key on the device chooses."""
        self.key = key
        self._first = 0

    def uniform(self, shape: Shape, dtype: str) -> Array:
        """Draw numbers evenly from 0 (included) to 1 (excluded)."""
        if self.key is None:
            self.seek(0)
        xp = self._backend.xp
        drawn = xp.empty(shape, dtype=dtype)
        UNIFORM(xp, self.key, self._first, drawn)
        self._first += drawn.size
        return drawn
