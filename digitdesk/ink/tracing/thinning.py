"""Thins ink to lines of one pixel, many pictures at a time.

Source:
    T. Y. Zhang and C. Y. Suen, "A fast parallel algorithm for thinning digital patterns",
    Communications of the ACM 27 (1984), 236-239.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Mask

_AROUND = ((0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0), (0, 0))
"""A pixel's neighbors in a padded picture: above it, and on clockwise; one bit for each."""


def _table(*never_both: tuple[int, int, int]) -> NDArray[np.uint8]:
    """For each set of neighbors, 1 where a pixel may go: it is at an edge, and joins nothing.

    Args:
        never_both: Triples of neighbors that may not all be ink.
    """
    table = np.zeros(256, dtype=np.uint8)
    for code in range(256):
        ink = [code >> place & 1 for place in range(8)]
        turns = sum(not ink[place - 1] and ink[place] for place in range(8))
        is_free = not any(all(ink[place] for place in triple) for triple in never_both)
        table[code] = 2 <= sum(ink) <= 6 and turns == 1 and is_free
    return table


@functools.cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """From the lower right, then from the upper left; made when the first picture is thinned."""
    return _table((0, 2, 4), (2, 4, 6)), _table((0, 2, 6), (0, 4, 6))


def thin(masks: Mask) -> Mask:
    """Take pixels off the edges of ink until only its middle lines are left.

    Shapes:
        (N, H, W) → (N, H, W).
    """
    padded = np.pad(masks, ((0, 0), (1, 1), (1, 1))).astype(np.uint8)
    own = padded[:, 1:-1, 1:-1]
    height, width = own.shape[1:]
    around = [padded[:, y : y + height, x : x + width] for y, x in _AROUND]
    while True:
        is_done = True
        for table in _tables():
            code = np.zeros_like(own)
            for place, neighbor in enumerate(around):
                code |= neighbor << np.uint8(place)
            goes = table[code] & own
            if goes.any():
                is_done = False
                own -= goes
        if is_done:
            thinned: Mask = own.astype(np.bool_)
            return thinned
