"""Which of the dark regions of a picture are the digits of a number, or of several in rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array, Float64Array, Mask
from digitdesk.ink.picture.find_ink import Polarity, find_ink_from_near
from digitdesk.ink.picture.regions import label_regions, region_boxes

WORKING_SIDE_PX = 800
"""Longest side of a picture that is searched for a number."""

_MOST_REGIONS = 80
_LEAST_SIZE = 0.15
_LEAST_MIDDLE = 0.25
_LEAST_ROW = 0.5
"""Least height of a digit in another row, of the main one's."""
_ALONG_EDGE = 0.5
"""Of a side of the picture: what touches so much of it is a table or a shadow."""
_BLOB = 1.6
"""Times the pen: what is so thick at the picture's edge is a patch of light or shadow."""
_HAIR, _LONG = 0.4, 0.3
"""Parts of the pen and of the picture's side: what is so thin and long is a table's edge."""
_POINT_ABOVE, _POINT_BELOW = 0.35, 0.1
_POINT_SIZE = 0.7
_BAR_HEIGHT, _BAR_ABOVE = 0.45, 0.4
"""Of a digit's height: so flat is a bar of its own, and so far above the rest it may lie."""
_BAR_WIDTH = 1.5
"""Of the same: a longer one is a ruled line or a fraction's."""
_BAR_OVER = 0.5
"""Part of a bar that lies over its digit, or over what is beside it on the right, as far as the bar
is long: that of a 5 may begin where the rest ends."""
_BAR_NEARER = 0.5
"""Of the way to a digit above: one that is not so near to its own is a fraction's, or a rule."""
_HIDES_HEIGHT, _HIDES_PEN = 0.5, 0.4
"""Of the line's height and of its pen: what is so tall and thick may be digits that hang together
with the edge of a shadow."""


class Writing(NamedTuple):
    """The ink of a picture that may be digits.

    Attributes:
        ink: (H, W), 0 … 1.
        origin: x and y of where it begins in the picture.
        scale: The picture's pixels per pixel.
        is_whole: Whether nothing was left out that may hide digits of the line.
    """

    ink: Float32Array
    origin: tuple[int, int]
    scale: float
    is_whole: bool


def find_writing(grey: Float32Array, polarity: Polarity) -> Writing:
    """Find the ink of one line of writing or of several."""
    is_whole = True

    def keep(mask: Mask) -> Mask:
        nonlocal is_whole
        kept, is_whole = writing_in_lines(mask)
        return kept

    ink, origin, scale = find_ink_from_near(grey, polarity, longest_side=WORKING_SIDE_PX, keep=keep)
    if ink is None:
        return Writing(np.zeros((1, 1), dtype=np.float32), origin, scale, is_whole=True)
    return Writing(ink, origin, scale, is_whole)


def writing_in_lines(mask: Mask) -> tuple[Mask, bool]:
    """Keep the regions that may be digits, or parts of digits, in one line or in several.

    Specks, and what lies along the picture's edges, are left out.

    Returns:
        What is kept, and whether nothing was left out that may hide digits of the main line.
    """
    labels, count = label_regions(mask)
    if count == 0:
        return mask, True
    boxes = np.asarray(region_boxes(labels, count), dtype=np.float64)
    low, high = boxes[:, 1], boxes[:, 3]
    tall = high - low
    extent = np.maximum(boxes[:, 2] - boxes[:, 0], tall)
    area = np.bincount(labels.reshape(-1), minlength=count + 1)[1:]
    contact = _contact_with_edges(labels, count)
    inside = ~_lies_around(labels, area, extent, contact)
    if not inside.any():
        return mask, True
    # The main line is where the region with the most ink is; digits reach into its middle.
    main = int(np.argmax(np.where(inside, area, 0)))
    middle = np.maximum(np.minimum(high, high[main]) - np.maximum(low, low[main]), 0)
    keep = inside & (middle >= _LEAST_MIDDLE * tall) & (extent >= _LEAST_SIZE * tall[main])
    keep |= inside & _may_be_points(boxes, boxes[keep], pen_width(labels == main + 1))
    keep |= _in_other_rows(boxes, inside, tall[main])
    keep |= inside & _may_be_bars(boxes, boxes[keep], tall[main])
    order = np.argsort(-area * keep, kind="stable")
    keep[order[_MOST_REGIONS:]] = False
    kept: Mask = np.concatenate([[False], keep])[labels]
    # A strip along the edge is as tall as the line, too.
    is_strip = (contact >= _ALONG_EDGE).any(axis=0)
    within = np.minimum(high, high[main]) - np.maximum(low, low[main])
    left_out = ~keep & ~is_strip & (within >= _HIDES_HEIGHT * tall[main])
    line = labels[int(low[main]) : int(high[main])]
    return kept, not _may_hide_digits(line, np.flatnonzero(left_out) + 1, pen_width(kept))


def _may_hide_digits(line: NDArray[np.intp], left_out: NDArray[np.intp], pen: float) -> bool:
    """Whether one of these regions is tall and thick enough within the line."""
    for region in left_out.tolist():
        own = line == region
        if np.mean(own.any(axis=1)) < _HIDES_HEIGHT:
            continue
        if pen_width(own) >= _HIDES_PEN * pen:
            return True
    return False


def _contact_with_edges(labels: NDArray[np.intp], count: int) -> Float64Array:
    """How much of each of the four sides of the picture each region touches, (4, N)."""
    sides = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    parts = [np.bincount(side, minlength=count + 1)[1:] / len(side) for side in sides]
    return np.stack(parts)


def _lies_around(
    labels: NDArray[np.intp],
    area: NDArray[np.intp],
    extent: Float64Array,
    contact: Float64Array,
) -> NDArray[np.bool_]:
    """Which regions (N,) are table, shadow or light along the picture's edges."""
    count = len(area)
    at_edge = contact.any(axis=0)
    outline = np.bincount(labels[_outline(labels > 0)], minlength=count + 1)[1:]
    pens = 2 * area / np.maximum(outline, 1)
    # The usual pen is that of most ink, as long as there is some that is not at the edge.
    inside = ~at_edge if not at_edge.all() else at_edge
    order = np.argsort(pens[inside])
    inked = np.cumsum(area[inside][order])
    usual = pens[inside][order][int(np.searchsorted(inked, inked[-1] / 2))]
    is_along = np.any(contact >= _ALONG_EDGE, axis=0)
    is_blob = at_edge & (pens > _BLOB * usual) & (area > _BLOB * usual * extent / 2)
    is_hair = (pens < _HAIR * usual) & (extent > _LONG * max(labels.shape))
    around: NDArray[np.bool_] = is_along | is_blob | is_hair
    return around


def _in_other_rows(
    boxes: Float64Array, inside: NDArray[np.bool_], height: float
) -> NDArray[np.bool_]:
    """Which regions (N,) are about as tall as the main row's digits, and what is beside them."""
    low, high = boxes[:, 1], boxes[:, 3]
    digits = inside & (high - low >= _LEAST_ROW * height) & (high - low <= 2 * height)
    middles = (low + high) / 2
    beside = (middles[:, None] >= low[digits]) & (middles[:, None] <= high[digits])
    extent = np.maximum(boxes[:, 2] - boxes[:, 0], high - low)
    found: NDArray[np.bool_] = inside & beside.any(axis=1) & (extent >= _LEAST_SIZE * height)
    return found | digits


def _may_be_points(boxes: Float64Array, digits: Float64Array, pen: float) -> NDArray[np.bool_]:
    """Which regions stand where points and commas do: at the digits' foot, between two of them.

    Shapes:
        (N, 4), boxes of the digits (M, 4) → (N,).
    """
    foot, height = np.median(digits[:, 3]), np.median(digits[:, 3] - digits[:, 1])
    left, top, right, bottom = boxes.T
    is_low = (top > foot - _POINT_ABOVE * height) & (top < foot + _POINT_BELOW * height)
    is_between = (left > digits[:, 0].min()) & (right < digits[:, 2].max())
    size = np.maximum(right - left, bottom - top)
    # What is smaller than the pen is a speck.
    may_be: NDArray[np.bool_] = is_low & is_between & (size >= _POINT_SIZE * pen) & (size < height)
    return may_be


def _may_be_bars(boxes: Float64Array, digits: Float64Array, height: float) -> NDArray[np.bool_]:
    """Which regions are bars of a 5 or a 7 that do not reach the rest of it.

    Shapes:
        (N, 4), boxes of the digits (M, 4) → (N,).
    """
    digits = digits[digits[:, 3] - digits[:, 1] >= _LEAST_ROW * height]
    left, top, right, bottom = (edges[:, None] for edges in boxes.T)
    wide = right - left
    is_flat = (bottom - top <= _BAR_HEIGHT * height) & (wide <= _BAR_WIDTH * height)
    is_flat &= wide >= np.maximum(_LEAST_SIZE * height, bottom - top)
    over = np.minimum(right, digits[:, 2] + wide) - np.maximum(left, digits[:, 0])
    is_over = over >= _BAR_OVER * wide
    gap, above = digits[:, 1] - bottom, top - digits[:, 3]
    room = np.min(above, axis=1, where=is_over & (above > 0), initial=np.inf, keepdims=True)
    is_own = is_over & (top < digits[:, 1]) & (gap <= _BAR_ABOVE * height)
    is_own &= gap <= _BAR_NEARER * room
    may_be: NDArray[np.bool_] = (is_flat & is_own).any(axis=1)
    return may_be


def pen_width(mask: Mask) -> float:
    """Width of the pen that drew the ink: twice its area by its outline's length, in pixels."""
    outline = int(_outline(mask).sum())
    return 2 * float(mask.sum()) / outline if outline else 0.0


def _outline(mask: Mask) -> Mask:
    """Pixels of a mask with a neighbor that is none of it."""
    padded = np.pad(mask, 1)
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inside
