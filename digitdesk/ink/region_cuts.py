"""Cuts a region of ink from top to bottom where two digits may touch.

A cut is a seam: a path that goes down row by row, around ink where it can and through little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float32Array = NDArray[np.float32]

_SIDESTEP = 0.15
"""What a step to the side costs, as a part of what a pixel of ink costs."""

_WIDE = 0.7
_NEAREST = 0.12
_MOST_INK = 0.45
"""Lengths as parts of the line's height."""


@dataclass(frozen=True, slots=True)
class Seam:
    """A cut: the column where it passes each row, and how many pixels of ink it goes through."""

    columns: NDArray[np.intp]
    ink: float


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
    middle = ink.shape[0] // 2
    down, from_above = _cheapest(ink[: middle + 1])
    up, from_below = _cheapest(ink[middle:][::-1])
    # Both halves count the middle row.
    cost = down[-1] + up[-1] - ink[middle]
    found: list[Seam] = []
    least = max(2, round(_NEAREST * height))
    for column in _valleys(cost, least, _MOST_INK * height):
        upper = _follow(from_above, column)[::-1]
        lower = _follow(from_below, column)
        columns = np.concatenate([upper, lower[1:]])
        passed = float(ink[np.arange(len(columns)), columns].sum())
        found.append(Seam(columns, passed))
    return found


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


def _valleys(cost: Float32Array, nearest: int, most: float) -> list[int]:
    """Columns whose cost is the lowest around them, away from the ends."""
    columns: list[int] = []
    for column in np.argsort(cost, kind="stable").tolist():
        if cost[column] > most:
            break
        inside = nearest <= column < len(cost) - nearest
        # A neighbor that is cheaper has been taken already, or is the same slope's foot.
        window = cost[max(0, column - nearest) : column + nearest + 1]
        is_valley = cost[column] <= window.min() + np.float32(1e-6)
        if inside and is_valley and all(abs(column - other) >= nearest for other in columns):
            columns.append(column)
    return sorted(columns)
