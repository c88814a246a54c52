"""Cuts a stroke where it may run from one digit into the next without the pen being lifted.

Such a place has all earlier ink on its left and all later ink on its right, each tall as a digit.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from digitdesk.ink.arrays import Float64Array
from digitdesk.ink.picture.regions import find_runs
from digitdesk.messages.prediction import Stroke

_STEP = 0.04
_MOST_PARTS = 200
_WIDE = 0.75
_TALL = 0.4
_OVERLAP = 0.2
_STRAIGHT = math.radians(35)
"""All lengths are parts of the line's height."""


def resampled(stroke: Stroke, height: float) -> Stroke:
    """The same stroke with more points, so that none is far from the next one."""
    step = _STEP * height
    points = [stroke[0]]
    for (x, y), (next_x, next_y) in itertools.pairwise(stroke):
        parts = min(math.ceil(math.hypot(next_x - x, next_y - y) / step), _MOST_PARTS)
        points += [
            (x + (next_x - x) * k / parts, y + (next_y - y) * k / parts) for k in range(1, parts)
        ]
        points.append((next_x, next_y))
    return tuple(points)


def joints(stroke: Stroke, height: float) -> list[tuple[int, int]]:
    """Where a stroke may be cut.

    Args:
        stroke: Resampled, in any unit.
        height: Height of the line in the same unit.

    Returns:
        For each cut the connecting line's first and last point: what is drawn before the first
        belongs to one digit, what is drawn after the last to the next.
    """
    points = np.asarray(stroke, dtype=np.float64) / height
    x = points[:, 0]
    if len(points) < 8 or float(np.ptp(x)) < _WIDE:
        return []
    # Earlier ink left of later ink, but for a little overlap; a hand may also write backwards.
    overlap = np.maximum.accumulate(x)[:-1] - np.minimum.accumulate(x[::-1])[::-1][1:]
    allowed = overlap <= _OVERLAP
    allowed &= _tallness(points)[:-1] >= _TALL
    allowed &= _tallness(points[::-1])[::-1][1:] >= _TALL
    cuts = []
    for begin, end in find_runs(allowed):
        middle = _middle_of_lowest(overlap[begin:end]) + begin
        cuts.append(_connection(points, middle, begin, end))
    return cuts


def _tallness(points: Float64Array) -> Float64Array:
    """Height of the ink up to each point."""
    y = points[:, 1]
    tall: Float64Array = np.maximum.accumulate(y) - np.minimum.accumulate(y)
    return tall


def _middle_of_lowest(values: Float64Array) -> int:
    """The middle of all places that are as low as the lowest, nearly."""
    low = np.flatnonzero(values <= values.min() + _STEP)
    return int(low[len(low) // 2])


def _connection(points: Float64Array, middle: int, begin: int, end: int) -> tuple[int, int]:
    """The straight line around a cut: the way of the pen from one digit to the next."""
    first = last = middle
    around = points[min(middle + 1, len(points) - 1)] - points[max(middle - 1, 0)]
    direction = math.atan2(around[1], around[0])

    def bends(k: int) -> bool:
        step = points[k + 1] - points[k]
        turn = math.atan2(step[1], step[0]) - direction
        return abs(math.remainder(turn, 2 * math.pi)) > _STRAIGHT

    while first > begin and not bends(first - 1):
        first -= 1
    while last < end and last + 1 < len(points) and not bends(last):
        last += 1
    return first, max(last, first + 1)
