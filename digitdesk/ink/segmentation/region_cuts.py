"""Cuts a region of ink from top to bottom where two digits may touch.

A cut is a seam: a path that goes down row by row, around ink where it can and through little.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array

Seam = NDArray[np.intp]
"""The column at which a cut passes each row."""

_SIDESTEP = 0.3
"""What a step to the side costs, as a part of what a pixel of ink costs."""

_WIDE = 0.5
_MOST_INK = 0.5
_SAME = 0.06
"""Lengths as parts of the line's height."""

_LEAST_STROKE = 0.4
"""Of a stem as tall as the line: what is parted off has so much ink at least."""


def seams(ink: Float32Array, height: float, pen: float) -> list[Seam]:
    """Where a region may be cut, from left to right.

    Args:
        ink: (H, W) greys 0 … 1 of this region alone.
        height: Height of the line in pixels.
        pen: Width of the pen in pixels.

    Source:
        The path is found as in Avidan and Shamir, "Seam carving for content-aware image resizing"
        (2007).
    """
    if ink.shape[1] < _WIDE * height:
        return []
    least = _LEAST_STROKE * pen * height
    # Where a bar touches its neighbor there is little ink to cut; where two bellies touch there
    # is much, more than across the middle of a 0, but the outline has notches above and below.
    found = _cheapest_seams(ink, ink, height, least)
    for seam in _cheapest_seams(_silhouette(ink), ink, height, least):
        if all(abs(seam - other).max() > _SAME * height for other in found):
            found.append(seam)
    return sorted(found, key=lambda seam: float(seam.mean()))


def _cheapest_seams(
    cost: Float32Array, ink: Float32Array, height: float, least: float
) -> list[Seam]:
    """The seams of least cost that leave ink between each other, and at both sides."""
    middle = cost.shape[0] // 2
    down, from_above = _cheapest(cost[: middle + 1])
    up, from_below = _cheapest(cost[middle:][::-1])
    # Both halves count the middle row.
    through = down[-1] + up[-1] - cost[middle]
    columns = np.flatnonzero(through <= _MOST_INK * height)
    columns = columns[np.argsort(through[columns], kind="stable")]
    ways = np.concatenate([_follow(from_above, columns)[::-1], _follow(from_below, columns)[1:]])
    # How much ink lies on the left of each.
    rows = np.arange(len(ink))[:, None]
    left_of = np.pad(np.cumsum(ink, axis=1), ((0, 0), (1, 0)))[rows, ways].sum(axis=0)
    kept, parted = [], [0.0, float(ink.sum())]
    for number, area in enumerate(left_of.tolist()):
        if all(abs(area - other) >= least for other in parted):
            kept.append(ways[:, number])
            parted.append(area)
    return kept


def _silhouette(ink: Float32Array) -> Float32Array:
    """The region with all that lies between the highest and the lowest ink of each column."""
    from_top = np.maximum.accumulate(ink, axis=0)
    from_bottom = np.maximum.accumulate(ink[::-1], axis=0)[::-1]
    filled: Float32Array = np.minimum(from_top, from_bottom)
    return filled


def _cheapest(ink: Float32Array) -> tuple[Float32Array, NDArray[np.int8]]:
    """Least cost from the first row to each pixel, and the step (-1, 0, 1) it was reached by."""
    cost = np.empty_like(ink)
    step = np.zeros(ink.shape, dtype=np.int8)
    cost[0] = ink[0]
    for row in range(1, len(ink)):
        before = np.pad(cost[row - 1], 1, constant_values=np.inf)
        ways = np.stack([before[1:-1], before[:-2] + _SIDESTEP, before[2:] + _SIDESTEP])
        best = ways.argmin(axis=0)
        cost[row] = ink[row] + np.take_along_axis(ways, best[None], axis=0)[0]
        step[row] = np.array([0, -1, 1], dtype=np.int8)[best]
    return cost, step


def _follow(step: NDArray[np.int8], columns: NDArray[np.intp]) -> NDArray[np.intp]:
    """Columns of the cheapest paths that end in ``columns``, from the last row back to the first.

    Shapes:
        (H, W), (N,) → (H, N).
    """
    ways = np.empty((len(step), len(columns)), dtype=np.intp)
    for place, row in enumerate(range(len(step) - 1, -1, -1)):
        ways[place] = columns
        columns = columns + step[row, columns]
    return ways
