"""A number written with a pen, divided into strokes, and long strokes into parts.

The bar of a 4, 5 or 7 is a stroke of its own and finds its digit by where it lies.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Sequence

import numpy as np

from digitdesk.ink.arrays import Float64Array
from digitdesk.ink.line_picture import LinePicture, picture_of_strokes
from digitdesk.ink.segmentation.candidates import Candidate, Piece, line_height, make_line
from digitdesk.ink.segmentation.number_ink import MOSTLY, Drawing
from digitdesk.ink.segmentation.stroke_cuts import joints, resampled
from digitdesk.ink.strokes import stroke_box, without_taps
from digitdesk.messages.boxes import Box, union
from digitdesk.messages.prediction import Stroke

PEN_STAYED_DOWN = 4.0
"""Few hands draw two digits in one stroke: what speaks for one digit, in nats."""


_LOW = 0.6
"""Part of the line's height below its top from where a tap is no slip of the hand but a point."""


class StrokeInk:
    """The pieces of a number written with a pen.

    Args:
        strokes: In the order they were written, in board units, y growing downward.
    """

    def __init__(self, strokes: Sequence[Stroke]) -> None:
        inked = without_taps(strokes)
        height = line_height([stroke_box(stroke) for stroke in inked])
        inked = _with_points(strokes, inked, height)
        self._strokes = [resampled(stroke, height) for stroke in inked]
        pieces: list[Piece] = []
        for source, stroke in enumerate(self._strokes):
            first, bond = 0, 0.0
            for last, next_first in (*joints(stroke, height), (len(stroke) - 1, 0)):
                box = stroke_box(stroke[first : last + 1])
                pieces.append(Piece(box, source, first, last + 1, bond))
                first, bond = next_first, PEN_STAYED_DOWN
        self.line = make_line(pieces, height)

    def strokes(self, candidate: Candidate) -> Drawing:
        """The strokes of a candidate, in the order they were written."""
        spans: dict[int, tuple[int, int]] = {}
        for piece in self.line.pieces[candidate.first : candidate.last]:
            first, last = spans.get(piece.source, (piece.first, piece.last))
            spans[piece.source] = (min(first, piece.first), max(last, piece.last))
        return tuple(self._strokes[k][first:last] for k, (first, last) in sorted(spans.items()))

    def shown(self, found: Sequence[Candidate]) -> list[Drawing]:
        """The strokes of each candidate."""
        return [self.strokes(candidate) for candidate in found]

    def points(self, found: Sequence[Candidate]) -> list[Float64Array]:
        """The points of the pen of each candidate."""
        return [np.concatenate([np.array(stroke) for stroke in self.strokes(one)]) for one in found]

    def line_picture(self) -> LinePicture | None:
        """What a network for lines should see; None where the line is too long for it."""
        return picture_of_strokes(self._strokes, self.line.height)

    def sliced(self, edges: Sequence[float]) -> tuple[StrokeInk, list[Candidate]] | None:
        """The same ink cut by columns: a candidate between each two edges, or None."""
        runs = [run for stroke in self._strokes for run in _between(stroke, edges)]
        if {place for place, _ in runs} != set(range(len(edges) + 1)):
            return None
        cut = StrokeInk.__new__(StrokeInk)
        # In the order they were written, as they are shown to a network; pieces go by their place.
        cut._strokes = [run for _, run in runs]
        order = sorted(range(len(runs)), key=lambda k: runs[k][0])
        pieces = [Piece(stroke_box(runs[k][1]), k, 0, len(runs[k][1])) for k in order]
        cut.line = dataclasses.replace(self.line, pieces=tuple(pieces))
        found, first = [], 0
        for _, own in itertools.groupby(order, key=lambda k: runs[k][0]):
            last = first + len(list(own))
            box = union(piece.box for piece in pieces[first:last])
            found.append(Candidate(first, last, box, 0.0))
            first = last
        return cut, found

    def box(self, candidate: Candidate) -> Box:
        """Where a candidate lies, in board units."""
        return candidate.box


def _between(stroke: Stroke, edges: Sequence[float]) -> list[tuple[int, Stroke]]:
    """The parts of a stroke between edges, each with the number of its place."""
    places = np.searchsorted(edges, [x for x, _ in stroke]).tolist()
    (place, count), *_ = Counter(places).most_common(1)
    if count >= MOSTLY * len(stroke):
        return [(place, stroke)]
    runs, first = [], 0
    for place, own in itertools.groupby(places):
        last = first + len(list(own))
        # A single point is where the stroke just looks over an edge.
        if last - first > 1:
            runs.append((place, stroke[first:last]))
        first = last
    return runs


def _with_points(strokes: Sequence[Stroke], large: Sequence[Stroke], height: float) -> list[Stroke]:
    """The strokes that are no taps, and the taps that may be decimal points: low between others."""
    left, top, right, _ = union(map(stroke_box, large)) if large else (0.0,) * 4
    return [
        stroke
        for stroke in strokes
        if stroke in large
        or (stroke and left < stroke[0][0] < right and stroke[0][1] > top + _LOW * height)
    ]
