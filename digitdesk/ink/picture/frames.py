"""Frames around the writing: a form's cell, a drawing board, a window. They are paper, not ink.

A frame is a region whose box is closed by it on all four sides. What lies in it is the writing,
and where something does, what lies around it is not.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Mask
from digitdesk.ink.picture.regions import label_regions, region_boxes
from digitdesk.messages.boxes import Box, PixelBox

_LEAST_SIDE_PX = 24
_LEAST_SIDE = 0.12
"""Of the picture's shorter side: a smaller box is no frame but a digit."""
_DEPTH = 0.08
"""Of a box: so far from its edge a frame may run, which is seldom quite upright."""
_CLOSED = 0.85
_THICKEST = 0.15
_LEAST_INK = 0.15
"""Of a frame's shorter side: how large the largest thing in it is at least."""
_BAR = 0.84
"""Of a frame's height: what is as high, and thin, parts one cell from the next."""


def without_frames(mask: Mask) -> Mask:
    """What lies in the frames of a picture, or the picture itself where there are none.

    Args:
        mask: (H, W), true where the picture is darker than its paper.
    """
    labels, count = label_regions(mask)
    least = max(_LEAST_SIDE_PX, _LEAST_SIDE * min(mask.shape))
    found: list[tuple[PixelBox, Mask]] = []
    for number, edges in enumerate(region_boxes(labels, count), 1):
        left, top, right, bottom = (round(edge) for edge in edges)
        if min(right - left, bottom - top) < least or _touches_edge(edges, mask.shape):
            continue
        own = labels[top:bottom, left:right] == number
        if _is_closed(own):
            inside = _inside(own, mask[top:bottom, left:right])
            if _holds_ink(inside):
                found.append(((left, top, right, bottom), inside))
    if not found:
        return mask
    cleaned = np.zeros_like(mask)
    for box, inside in found:
        if not any(_encloses(box, other) for other, _ in found):
            left, top, right, bottom = box
            cleaned[top:bottom, left:right] |= inside
    return cleaned


def _touches_edge(box: Box, shape: tuple[int, ...]) -> bool:
    """Whether a box reaches the picture's edge, as the lines of squared paper do."""
    return box[0] == 0 or box[1] == 0 or box[2] == shape[1] or box[3] == shape[0]


def _encloses(box: PixelBox, other: PixelBox) -> bool:
    """Whether a box holds another one, which is not itself."""
    return (
        box != other
        and box[0] <= other[0]
        and box[1] <= other[1]
        and box[2] >= other[2]
        and box[3] >= other[3]
    )


def _is_closed(own: Mask) -> bool:
    """Whether a region runs along all four sides of its box, and is no block."""
    if own.mean() > 0.5:
        return False
    return all(
        np.mean(_depths(side) <= max(2, _DEPTH * side.shape[0])) >= _CLOSED for side in _sides(own)
    )


def _sides(mask: Mask) -> tuple[Mask, ...]:
    """Views of a mask, each with another of its sides at the top."""
    return mask, mask[::-1], mask.T, mask.T[::-1]


def _depths(mask: Mask) -> NDArray[np.intp]:
    """How far down the first pixel is in each column, or the height where there is none."""
    depths: NDArray[np.intp] = np.where(mask.any(axis=0), mask.argmax(axis=0), len(mask))
    return depths


def _inside(own: Mask, mask: Mask) -> Mask:
    """A frame's box without the frame itself and the bars between its cells."""
    inside = mask.copy()
    for frame, view in zip(_sides(own), _sides(inside), strict=True):
        first = _depths(frame)
        last = _ends(frame, first)
        thickness = float(np.median(last - first))
        # Where ink touches the frame, it is thicker there; only the frame is taken out.
        last = np.minimum(last, first + max(2, round(1.6 * thickness)))
        rows = np.arange(len(frame))[:, None]
        view &= rows > last[None, :]
    return _without_bars(inside)


def _ends(mask: Mask, first: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where the run of pixels that begins at ``first`` has ended in each column."""
    rows = np.arange(len(mask))[:, None]
    is_gap = ~mask & (rows >= first[None, :])
    ends: NDArray[np.intp] = np.where(is_gap.any(axis=0), is_gap.argmax(axis=0), len(mask))
    return ends


def _without_bars(inside: Mask) -> Mask:
    """Drop thin regions that go from the top of a frame to its foot, or from side to side."""
    labels, count = label_regions(inside)
    height, width = inside.shape
    dropped = [0]
    for number, (left, top, right, bottom) in enumerate(region_boxes(labels, count), 1):
        wide, tall = right - left, bottom - top
        is_upright = tall >= _BAR * height and wide <= _THICKEST * height
        is_level = wide >= _BAR * width and tall <= _THICKEST * width
        if is_upright or is_level:
            dropped.append(number)
    kept: Mask = ~np.isin(labels, dropped)
    return kept


def _holds_ink(inside: Mask) -> bool:
    """Whether something in a frame is as large as writing would be."""
    labels, count = label_regions(inside)
    sides = [
        max(right - left, bottom - top) for left, top, right, bottom in region_boxes(labels, count)
    ]
    return bool(max(sides, default=0.0) >= _LEAST_INK * min(inside.shape))
