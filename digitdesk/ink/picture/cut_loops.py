"""Loops that the picture's edge cuts: a 0, 6 or 9 that is not all in view is closed along the edge.

Two strokes that leave the picture side by side and bend towards each other would have met beyond
its edge. Left open, a 6 looks like a 5 and a 9 like a 3.
"""

from __future__ import annotations

import itertools

import numpy as np

from digitdesk.ink.arrays import Float32Array, Mask
from digitdesk.ink.picture.regions import find_runs

_INK = 0.5
_DEPTH_PENS = 1.5
"""So far into the picture the way of a stroke to the edge is followed."""
_LEAST_BEND = 0.2
"""Pixels along the edge by pixels towards it: what is steeper would not meet soon."""
_WIDEST = 0.6
"""Of the ink's extent along the edge: strokes farther apart are two ends, no loop."""


def with_closed_loops(ink: Float32Array) -> Float32Array:
    """Ink with each loop that the picture's edge cuts closed along the edge.

    Shapes:
        (H, W) ink 0 … 1 → the same.
    """
    mask = ink > _INK
    if sum(len(find_runs(side)) for side in (mask[0], mask[-1], mask[:, 0], mask[:, -1])) < 2:
        return ink
    pen = _pen_width(mask)
    found = ink
    for turns in range(4):
        turned = np.rot90(mask, turns)
        for begin, end in _gaps(turned, pen):
            if found is ink:
                found = ink.copy()
            np.rot90(found, turns)[:pen, begin:end] = 1
    return found


def _pen_width(mask: Mask) -> int:
    """Width of the pen in pixels: twice the ink's area by the length of its outline."""
    padded = np.pad(mask, 1)
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    outline = int(np.count_nonzero(mask & ~inside))
    return max(1, round(2 * int(np.count_nonzero(mask)) / max(outline, 1)))


def _gaps(mask: Mask, pen: int) -> list[tuple[int, int]]:
    """Where a loop is open at the upper edge: begin and end."""
    contacts = find_runs(mask[0])
    if len(contacts) < 2:
        return []
    columns = np.flatnonzero(mask.any(axis=0))
    widest = _WIDEST * (columns[-1] + 1 - columns[0])
    bends = [_bend(mask, begin, end, pen) for begin, end in contacts]
    gaps = []
    pairs = itertools.pairwise(zip(contacts, bends, strict=True))
    for (left, own), (right, other) in pairs:
        is_loop = own >= _LEAST_BEND and other <= -_LEAST_BEND
        if is_loop and pen < right[0] - left[1] <= widest:
            gaps.append((left[1], right[0]))
    return gaps


def _bend(mask: Mask, begin: int, end: int, pen: int) -> float:
    """How far a stroke moves to the right for each pixel that it nears the upper edge."""
    depth = max(2, round(_DEPTH_PENS * pen))
    first = (begin + end) / 2
    middle = first
    row = 0
    for row in range(1, min(depth + 1, len(mask))):
        touching = [run for run in find_runs(mask[row]) if run[0] <= end and begin <= run[1]]
        if len(touching) != 1:
            row -= 1
            break
        begin, end = touching[0]
        middle = (begin + end) / 2
    return (first - middle) / row if row else 0.0
