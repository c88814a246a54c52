"""The brightest and the darkest of each pixel's neighborhood, a square, in few passes."""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Float32Array


def brightest(greys: Float32Array, side: int) -> Float32Array:
    """The greatest grey in a square around each pixel; beyond the edges there is nothing.

    Args:
        greys: (H, W), of any values.
        side: Of the square, odd.
    """
    reach = side // 2
    found = np.pad(greys, reach, constant_values=-np.inf)
    for axis in (0, 1):
        found = _brightest_along(found, side, axis)
    return found


def darkest(greys: Float32Array, side: int) -> Float32Array:
    """The least grey in a square around each pixel."""
    return -brightest(-greys, side)


def closed(greys: Float32Array, side: int) -> Float32Array:
    """The picture without what is dark and has no room for a square.

    Source:
        Serra, "Image Analysis and Mathematical Morphology" (1982).
    """
    return darkest(brightest(greys, side), side)


def _brightest_along(greys: Float32Array, length: int, axis: int) -> Float32Array:
    """The greatest of each run of ``length`` pixels; windows of 2, 4, 8 … make up any length."""
    greys = np.moveaxis(greys, axis, 0)
    reached = 1
    while reached < length:
        step = min(reached, length - reached)
        greys = np.maximum(greys[:-step], greys[step:])
        reached += step
    return np.moveaxis(greys, 0, axis)
