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
_NEAREST = 0.1
_MOST_INK = 0.5
_RIDGE = 0.03
_SAME = 0.06
"""Lengths as parts of the line's height."""


def seams(ink: Float32Array, height: float) -> list[Seam]:
    """Where a region may be cut, from left to right.

    Args:
        ink: (H, W) greys 0 … 1 of this region alone.
        height: Height of the line in pixels.

    Source:
        The path is found as in Avidan and Shamir, "Seam carving for content-aware image resizing"
        (2007).
    """
    if ink.shape[1] < _WIDE * height:
        return []
    # Where a bar touches its neighbor there is little ink to cut; where two bellies touch there
    # is much, more than across the middle of a 0, but the outline has notches above and below.
    found = _cheapest_seams(ink, height)
    for seam in _cheapest_seams(_silhouette(ink), height):
        if all(abs(seam - other).max() > _SAME * height for other in found):
            found.append(seam)
    return sorted(found, key=lambda seam: float(seam.mean()))


def _cheapest_seams(cost: Float32Array, height: float) -> list[Seam]:
    """The seams of least cost, one per valley."""
    middle = cost.shape[0] // 2
    down, from_above = _cheapest(cost[: middle + 1])
    up, from_below = _cheapest(cost[middle:][::-1])
    # Both halves count the middle row.
    through = down[-1] + up[-1] - cost[middle]
    found = []
    for column in _valleys(through, _NEAREST * height, _MOST_INK * height, _RIDGE * height):
        upper = _follow(from_above, column)[::-1]
        lower = _follow(from_below, column)
        found.append(np.concatenate([upper, lower[1:]]))
    return found


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


def _follow(step: NDArray[np.int8], column: int) -> NDArray[np.intp]:
    """Columns of the cheapest path, from the last row back to the first."""
    columns = np.empty(len(step), dtype=np.intp)
    for place, row in enumerate(range(len(step) - 1, -1, -1)):
        columns[place] = column
        column += int(step[row, column])
    return columns


def _valleys(cost: Float32Array, nearest: float, most: float, ridge: float) -> list[int]:
    """The lowest column of each valley, away from the ends; ridges stand between valleys."""
    last = len(cost) - 1
    lowest = [0, last]
    for column in np.argsort(cost, kind="stable").tolist():
        if cost[column] > most:
            break
        # A column that can be reached from a lower one without crossing a ridge is its slope.
        if all(
            cost[min(column, lower) : max(column, lower) + 1].max() > cost[column] + ridge
            for lower in lowest
        ):
            lowest.append(column)
    return sorted(column for column in lowest if nearest <= column <= last - nearest)
