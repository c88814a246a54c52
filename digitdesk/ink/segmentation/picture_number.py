"""A number in a picture, divided into regions of ink, and wide regions where digits may touch.

Small writing in a large picture is looked at twice, the second time from near.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array, Float64Array, Mask
from digitdesk.ink.picture.find_ink import Polarity, find_ink
from digitdesk.ink.picture.fine_box import INK_EDGE, ink_box
from digitdesk.ink.picture.grey_picture import as_grey
from digitdesk.ink.picture.regions import label_regions, region_boxes
from digitdesk.ink.preprocessing import preprocess_ink_image
from digitdesk.ink.segmentation.candidates import Candidate, Piece, line_height, make_line
from digitdesk.ink.segmentation.region_cuts import seams
from digitdesk.messages.boxes import Box

WORKING_SIDE_PX = 800
"""Longest side of a picture that is searched for a number."""

_NEAR_ENOUGH_PX = 64
_MARGIN = 0.4
_MOST_REGIONS = 80
_LEAST_SIZE = 0.15
_LEAST_MIDDLE = 0.25
_FRAME = 0.95
_POINT_ABOVE, _POINT_BELOW = 0.35, 0.1
_POINT_SIZE = 0.7


class PictureInk:
    """The pieces of a number in a picture.

    Args:
        picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.
        polarity: Whether ink is the ``bright`` or the ``dark`` part.
    """

    def __init__(self, picture: NDArray[Any], polarity: Polarity = "auto") -> None:
        self._ink, self._origin, self._scale = _find(as_grey(picture), polarity)
        self._labels, count = label_regions(self._ink > INK_EDGE)
        boxes = region_boxes(self._labels, count)
        height = line_height(boxes)
        self._next_label = count + 1
        pieces: list[Piece] = []
        for source, box in enumerate(boxes, 1):
            pieces += self._divide(source, box, height)
        self.line = make_line(pieces, height, pen_width(self._labels > 0))

    def preprocessed(self, found: Sequence[Candidate]) -> NDArray[np.float32]:
        """What a network should see of each candidate: (N, 28, 28)."""
        pictures = np.zeros((len(found), 28, 28), dtype=np.float32)
        for picture, candidate in zip(pictures, found, strict=True):
            left, top, right, bottom = (round(edge) for edge in candidate.box)
            own = self._ink[top:bottom, left:right] * self._mask(candidate)
            preprocessed = preprocess_ink_image(own)
            if preprocessed is not None:
                picture[...] = preprocessed
        return pictures

    def points(self, found: Sequence[Candidate]) -> list[Float64Array]:
        """The middles of the pixels of each candidate."""
        corners = [np.array(candidate.box[:2]) + 0.5 for candidate in found]
        masks = map(self._mask, found)
        return [
            np.argwhere(mask)[:, ::-1] + corner for mask, corner in zip(masks, corners, strict=True)
        ]

    def _mask(self, candidate: Candidate) -> Mask:
        """Which pixels within its box are a candidate's."""
        left, top, right, bottom = (round(edge) for edge in candidate.box)
        own = [piece.first for piece in self.line.pieces[candidate.first : candidate.last]]
        return np.isin(self._labels[top:bottom, left:right], own)

    def drawings(self, found: Sequence[Candidate]) -> None:
        """Nobody knows how the pen went."""

    def box(self, candidate: Candidate) -> Box:
        """Where a candidate lies, in pixels of the picture."""
        left, top, right, bottom = (edge * self._scale for edge in candidate.box)
        x, y = self._origin
        return (left + x, top + y, right + x, bottom + y)

    def _divide(self, source: int, box: Box, height: float) -> list[Piece]:
        """The pieces of a region; parts of one that is cut get numbers of their own."""
        left, top, right, bottom = (round(edge) for edge in box)
        labels = self._labels[top:bottom, left:right]
        own = labels == source
        cuts = seams(self._ink[top:bottom, left:right] * own, height)
        if not cuts:
            return [Piece(box, source, source)]
        columns = np.arange(right - left, dtype=np.intp)
        part = np.zeros(labels.shape, dtype=np.intp)
        for cut in cuts:
            part += columns >= cut[:, None]
        labels[own] = self._next_label + part[own]
        boxes = region_boxes(np.where(own, part + 1, 0), len(cuts) + 1)
        pieces = []
        for number, (part_left, part_top, part_right, part_bottom) in enumerate(boxes):
            if part_left < part_right:
                moved = (part_left + left, part_top + top, part_right + left, part_bottom + top)
                pieces.append(Piece(moved, source, self._next_label + number))
        self._next_label += len(cuts) + 1
        return pieces


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


def pen_width(mask: Mask) -> float:
    """Width of the pen that drew the ink: twice its area by its outline's length, in pixels."""
    padded = np.pad(mask, 1)
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    outline = int((mask & ~inside).sum())
    return 2 * float(mask.sum()) / outline if outline else 0.0


def _find(grey: Float32Array, polarity: Polarity) -> tuple[Float32Array, tuple[int, int], float]:
    """The ink, and where it begins and how large its pixels are in the picture."""
    ink = find_ink(grey, polarity, longest_side=WORKING_SIDE_PX, keep=writing_of_a_line)
    if ink is None:
        return np.zeros((1, 1), dtype=np.float32), (0, 0), 1.0
    scale = max(grey.shape) / max(ink.shape)
    box = ink_box(ink)
    if scale <= 1 or box is None or box[3] - box[1] > _NEAR_ENOUGH_PX:
        return ink, (0, 0), scale
    left, top, right, bottom = box
    margin = _MARGIN * (bottom - top)
    left, top = (max(0, round((edge - margin) * scale)) for edge in (left, top))
    right, bottom = (max(0, round((edge - 1 + margin) * scale)) for edge in (right, bottom))
    near = grey[top:bottom, left:right]
    again = find_ink(near, polarity, longest_side=WORKING_SIDE_PX, keep=writing_of_a_line)
    if again is None:
        return ink, (0, 0), scale
    return again, (left, top), max(near.shape) / max(again.shape)


def writing_of_a_line(mask: Mask) -> Mask:
    """Keep the regions that may be digits of one line, or parts of such digits.

    Specks, frames, shadows at the edge and other lines are left out.
    """
    labels, count = label_regions(mask)
    if count == 0:
        return mask
    boxes = np.asarray(region_boxes(labels, count), dtype=np.float64)
    low, high = boxes[:, 1], boxes[:, 3]
    extent = np.maximum(boxes[:, 2] - boxes[:, 0], high - low)
    spans = (boxes[:, 2] - boxes[:, 0] >= _FRAME * mask.shape[1]) | (
        high - low >= _FRAME * mask.shape[0]
    )
    area = np.bincount(labels.reshape(-1), minlength=count + 1)[1:]
    at_edge = (boxes[:, :2] == 0).any(axis=1)
    at_edge |= (boxes[:, 2] == mask.shape[1]) | (high == mask.shape[0])
    inside = ~(spans & at_edge)
    if not inside.any():
        return mask
    # The line is where the region with the most ink is; digits reach into its middle.
    main = int(np.argmax(np.where(inside, area, 0)))
    line = high[main] - low[main]
    middle = np.maximum(np.minimum(high, high[main]) - np.maximum(low, low[main]), 0)
    keep = inside & (middle >= _LEAST_MIDDLE * (high - low)) & (extent >= _LEAST_SIZE * line)
    keep |= inside & _may_be_points(boxes, boxes[keep], pen_width(labels == main + 1))
    order = np.argsort(-area * keep, kind="stable")
    keep[order[_MOST_REGIONS:]] = False
    kept: Mask = np.concatenate([[False], keep])[labels]
    return kept
