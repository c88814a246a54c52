"""Random numbers that belong to a picture, whichever others are asked for beside it.

A picture is spoiled in the same way alone, among a thousand, and at every strength.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIXERS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_NUMBERS_EACH = 1 << 20


class Chance:
    """Random numbers for some pictures.

    Args:
        indices: (N,) places of the pictures in their set.
        seed: Another one gives other numbers.
    """

    def __init__(self, indices: NDArray[np.intp], seed: int = 0) -> None:
        self._indices, self._seed = indices, seed

    def of(self, part: slice) -> Chance:
        """That of some of the pictures."""
        return Chance(self._indices[part], self._seed)

    def uniform(self, count: int, offset: int = 0) -> Float32Array:
        """(N, count) numbers from 0 to below 1; others with another ``offset``.

        Source:
            G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number
            generators", OOPSLA 2014: the mixing of SplitMix64.
        """
        numbers = np.arange(offset + 1, offset + count + 1, dtype=np.uint64)
        first = self._indices.astype(np.uint64) * np.uint64(_NUMBERS_EACH)
        mixed = (first[:, None] + np.uint64(self._seed << 44) + numbers) * _STEP
        for shift, factor in _MIXERS:
            mixed ^= mixed >> shift
            mixed *= factor
        # The highest 24 bits are as many as a float32 tells apart.
        high = (mixed ^ (mixed >> np.uint64(31))) >> np.uint64(40)
        return high.astype(np.float32) * np.float32(2**-24)

    def normal(self, count: int) -> Float32Array:
        """(N, count) numbers with mean 0 and standard deviation 1.

        Source:
            G. E. P. Box and M. E. Muller, "A note on the generation of random normal deviates",
            Annals of Mathematical Statistics 29 (1958), 610-611.
        """
        half = (count + 1) // 2
        radius = np.sqrt(np.float32(-2) * np.log1p(-self.uniform(half)))
        angle = np.float32(2 * math.pi) * self.uniform(half, offset=count)
        both = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        return both[:, :count]
