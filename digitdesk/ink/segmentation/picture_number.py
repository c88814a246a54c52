"""A number in a picture, divided into regions of ink, and wide regions where digits may touch.

Numbers in rows below each other are parted into their rows first.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array, Float64Array, Mask
from digitdesk.ink.line_picture import LinePicture, picture_of_greys
from digitdesk.ink.picture.find_ink import Polarity
from digitdesk.ink.picture.fine_box import INK_EDGE
from digitdesk.ink.picture.grey_picture import as_grey
from digitdesk.ink.picture.neighborhood import brightest
from digitdesk.ink.picture.regions import label_regions, region_boxes
from digitdesk.ink.preprocessing import SeenDigit, see_ink
from digitdesk.ink.segmentation.candidates import Candidate, Piece, line_height, make_line
from digitdesk.ink.segmentation.number_ink import MOSTLY
from digitdesk.ink.segmentation.picture_writing import find_writing, pen_width
from digitdesk.ink.segmentation.region_cuts import seams
from digitdesk.ink.segmentation.rows import row_of_each
from digitdesk.messages.boxes import Box
from digitdesk.messages.picture import DIGIT_SIDE

_SPECK = 0.5
"""Times the pen: what is smaller has crumbled off soft ink, and is no point."""


class PictureInk:
    """The pieces of a number in a picture.

    Args:
        picture: (H, W) greys, integers of the full range of their type or floats 0 … 1.
        polarity: Whether ink is the ``bright`` or the ``dark`` part.

    Attributes:
        is_whole: Whether nothing was left out that may hide digits.
    """

    def __init__(self, picture: NDArray[Any], polarity: Polarity = "auto") -> None:
        found = find_writing(as_grey(picture), polarity)
        self.is_whole = found.is_whole
        self._fill(found.ink, found.origin, found.scale)

    def _fill(self, ink: Float32Array, origin: tuple[int, int], scale: float) -> None:
        """Take over ink, where it begins in the picture and how large its pixels are there."""
        self._ink, self._origin, self._scale = ink, origin, scale
        self._labels, count = label_regions(self._ink > INK_EDGE)
        boxes = region_boxes(self._labels, count)
        self._rows = row_of_each(boxes)
        self._regions = self._labels.copy()
        height = line_height(boxes)
        self._next_label = count + 1
        pen = pen_width(self._labels > 0)
        pieces: list[Piece] = []
        for source, box in enumerate(boxes, 1):
            if max(box[2] - box[0], box[3] - box[1]) >= _SPECK * pen:
                pieces += self._divide(source, box, height)
        self.line = make_line(pieces, height, pen)

    def rows(self) -> list[PictureInk]:
        """The ink of each row by itself, from top to bottom; itself where there is one row."""
        count = max(self._rows, default=0) + 1
        if count == 1:
            return [self]
        row_of = np.array([-1, *self._rows])[self._regions]
        # The soft edge of ink is in no region: it goes with the row that is nearest.
        near = brightest(row_of.astype(np.float32), 5)
        found = []
        for row in range(count):
            one = PictureInk.__new__(PictureInk)
            one.is_whole = self.is_whole
            own = np.where(row_of >= 0, row_of, near) == row
            one._fill(self._ink * own, self._origin, self._scale)
            found.append(one)
        return found

    def shown(self, found: Sequence[Candidate]) -> list[SeenDigit]:
        """What a network should see of each candidate."""
        return [self._seen(candidate) for candidate in found]

    def _seen(self, candidate: Candidate) -> SeenDigit:
        left, top, right, bottom = (round(edge) for edge in candidate.box)
        own = self._ink[top:bottom, left:right] * self._mask(candidate)
        return see_ink(own) or SeenDigit(np.zeros((DIGIT_SIDE, DIGIT_SIDE), dtype=np.float32))

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

    def line_picture(self) -> LinePicture | None:
        """What a network for lines should see; None where the line is too long for it."""
        # A digit is as high as the pen's way, by which strokes are measured, too.
        return picture_of_greys(self._ink, max(self.line.height - self.line.pen, 1.0))

    def sliced(self, edges: Sequence[float]) -> tuple[PictureInk, list[Candidate]] | None:
        """The same ink cut by columns: a candidate between each two edges, or None."""
        # A point that touches a digit is too little of their ink to be cut off at first.
        for mostly in (MOSTLY, 1.0):
            labels = self._labels_between(edges, mostly)
            boxes = region_boxes(labels, len(edges) + 1)
            if all(left < right for left, _, right, _ in boxes):
                break
        else:
            return None
        cut = copy.copy(self)
        cut._labels = labels
        pieces = [Piece(box, k, k) for k, box in enumerate(boxes, 1)]
        cut.line = dataclasses.replace(self.line, pieces=tuple(pieces))
        return cut, [Candidate(k, k + 1, box, 0.0) for k, box in enumerate(boxes)]

    def _labels_between(self, edges: Sequence[float], mostly: float) -> NDArray[np.intp]:
        """Ink by its place between edges; a piece of which so much has one place stays whole."""
        places = np.searchsorted(edges, np.arange(self._ink.shape[1]) + 0.5) + 1
        labels = np.zeros_like(self._labels)
        for piece in self.line.pieces:
            own = self._labels == piece.first
            counts = np.bincount(places[np.nonzero(own)[1]])
            most = int(counts.argmax())
            whole = counts[most] >= mostly * counts.sum()
            labels[own] = most if whole else np.broadcast_to(places, own.shape)[own]
        return labels

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
