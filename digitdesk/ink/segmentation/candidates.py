"""Puts neighboring pieces of ink together as candidate digits, with what speaks against each.

It offers rather too many than too few: which candidates are digits, a reader decides.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from digitdesk.messages.boxes import Box, union

MOST_PIECES = 6
"""No digit falls into more pieces than this."""

WIDEST = 1.7
"""Width of the widest candidate of several pieces."""

# Logistic regression: whether neighboring pieces are one digit, from how they lie to each other;
# fitted to numbers of 172 writers by ``tests/benchmarks/written_numbers.py --fit``.
_OF_GAP = -9.2
_OF_LOWER_HEIGHT = -3.0
_OF_COVERED = 8.5
_OF_WIDTH = -4.0
_OF_FEET = 2.7
_BIAS = 1.2

_LEAST_WIDTH = 0.1
"""A stem counts as wide as that where it is asked how much of it a bar covers."""

# The same for neighbors that were one region or stroke until it was cut.
_CUT_WIDTH = -1.0
_CUT_NARROWER_WIDTH = -4.8
_CUT_BIAS = 2.6

_POINTS = ".,"
_UNDER, _UNDER_IN_PICTURE = 0.85, 0.5
"""So much of a point may be under its neighbor; in a picture, a splinter of a digit is no point."""
_LEAST_COLUMN = 0.4
_MOST_COLUMN = 1.8
_TALL = 0.5
_LEAST_HEIGHT = 0.75
_MOST_WIDTH = 1.0
_MOST_OFFSET = 0.15
_SIZE_PENALTY = 8.0
_HOPELESS = 14.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Ink that is not divided any more.

    Attributes:
        box: Where it lies.
        source: Number of the stroke or region it is a part of.
        first: Where it begins in its source; with ``last``, what its ink is.
        last: Where it ends in its source.
        bond: What speaks for its being one digit with the part of its source before it, in nats.
    """

    box: Box
    source: int
    first: int = 0
    last: int = 0
    bond: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """The pieces of a number from left to right.

    Attributes:
        height: The height that digits have in it.
        pen: Width of the pen, by which boxes of ink are larger than the pen's way.
    """

    pieces: tuple[Piece, ...]
    height: float
    pen: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Neighboring pieces ``first`` … ``last - 1`` that may be one digit.

    Attributes:
        box: Where they lie.
        penalty: How unlike one digit they lie, in nats; 0 is nothing unusual.
        middle: How high they stand beside their tall neighbors: 0 is their top, 1 their foot.
        sign: What they are, where they may be a sign between digits instead.
    """

    first: int
    last: int
    box: Box
    penalty: float
    middle: float = 0.5
    sign: str = ""


def make_line(pieces: Sequence[Piece], height: float, pen: float = 0.0) -> Line:
    """Sort pieces by their middles, so that those of one digit are neighbors."""
    ordered = sorted(pieces, key=lambda piece: piece.box[0] + piece.box[2])
    return Line(tuple(ordered), height, pen)


def columns(boxes: Sequence[Box]) -> list[Box]:
    """Boxes from left to right, those that lie above each other joined."""
    found: list[Box] = []
    for box in sorted(boxes):
        if found and box[0] <= found[-1][2]:
            found[-1] = union((found[-1], box))
        else:
            found.append(box)
    return found


def line_height(boxes: Sequence[Box]) -> float:
    """The usual height of digits, told from the boxes of all ink.

    Boxes that lie above each other are one column; the median of the columns that are not much
    lower than the tallest is the height, which a slash twice as tall as digits does not change.
    """
    heights = [bottom - top for _, top, _, bottom in columns(boxes)]
    tallest = max(heights, default=0.0)
    least = _LEAST_COLUMN * tallest
    tall = [height for height in heights if height >= least] or [0.0]
    most = _MOST_COLUMN * statistics.median_low(tall)
    usual = statistics.median(height for height in tall if height <= most)
    # A row of nothing but bars has no height of its own.
    widest = max((right - left for left, _, right, _ in boxes), default=0.0)
    return max(usual, 0.2 * widest, 1.0)


def candidates(line: Line) -> list[Candidate]:
    """All runs of neighboring pieces that may be one digit, ordered by their first piece."""
    found = []
    for first in range(len(line.pieces)):
        for last in range(first + 1, min(first + MOST_PIECES, len(line.pieces)) + 1):
            members = line.pieces[first:last]
            box = union(piece.box for piece in members)
            is_alone = last == first + 1
            if not is_alone and box[2] - box[0] > WIDEST * line.height:
                break
            others = (*line.pieces[:first], *line.pieces[last:])
            middle = _middle(box, [piece.box for piece in others], line.height)
            penalty = _size_penalty(box, middle, line.height)
            penalty += sum(
                _softplus(-_togetherness(left, right, line.height))
                for left, right in itertools.pairwise(members)
            )
            # A piece alone is always offered, so that there is always a way through the line.
            if is_alone or penalty < _HOPELESS:
                found.append(Candidate(first, last, box, penalty, middle))
    return found


def division_penalty(line: Line, place: int, beside: str = "") -> float:
    """What speaks against one digit ending before piece ``place`` and another beginning with it.

    Args:
        line: The pieces.
        place: Number of the second piece.
        beside: The sign that one of the two is, if any: it stands as near as it likes, but not over
            or under a digit, as its bar would; a point may, in part.

    Returns:
        Nats; what speaks for it counts against candidates that hold both neighbors.
    """
    left, right = line.pieces[place - 1 : place + 1]
    most = _under(line) if beside in _POINTS else 0.0
    if beside and covered(left.box, right.box, line.height) <= most:
        return 0.0
    return _softplus(_togetherness(left, right, line.height))


def _middle(box: Box, others: Sequence[Box], line_height: float) -> float:
    """How high a box stands beside its tall neighbors; 0.5 where there are none."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    tall = [other for other in columns(others) if other[3] - other[1] >= _TALL * line_height]
    # Not beside the whole line: a number may go uphill.
    nearest = sorted(tall, key=lambda other: abs((other[0] + other[2]) / 2 - x))[:2]
    if not nearest:
        return 0.5
    top, bottom = (sum(other[k] for other in nearest) / len(nearest) for k in (1, 3))
    return (y - top) / max(bottom - top, 1e-9)


def _size_penalty(box: Box, middle: float, line_height: float) -> float:
    """How unusual size and place are for a digit on this line."""
    width, height = (box[2] - box[0]) / line_height, (box[3] - box[1]) / line_height
    too_low, too_wide = max(0.0, _LEAST_HEIGHT - height), max(0.0, width - _MOST_WIDTH)
    off_line = max(0.0, abs(middle - 0.5) - _MOST_OFFSET)
    return _SIZE_PENALTY * (too_low + too_wide + off_line)


def _togetherness(left: Piece, right: Piece, line_height: float) -> float:
    """Log-odds of two neighboring pieces being one digit."""
    low, high = (min(left.box[0], right.box[0]), max(left.box[2], right.box[2]))
    width = (high - low) / line_height
    narrower = min(piece.box[2] - piece.box[0] for piece in (left, right)) / line_height
    if left.source == right.source:
        return _CUT_BIAS + _CUT_WIDTH * width + _CUT_NARROWER_WIDTH * narrower + right.bond
    lower = min(piece.box[3] - piece.box[1] for piece in (left, right)) / line_height
    gap = max(left.box[0], right.box[0]) - min(left.box[2], right.box[2])
    return (
        _BIAS
        + _OF_GAP * gap / line_height
        + _OF_LOWER_HEIGHT * lower
        + _OF_COVERED * covered(left.box, right.box, line_height)
        + _OF_WIDTH * width
        + _OF_FEET * abs(left.box[3] - right.box[3]) / line_height
    )


def is_beside(line: Line, place: int) -> bool:
    """Whether a piece stands beside its neighbors, and not much over or under either."""
    box = line.pieces[place].box
    neighbors = line.pieces[max(0, place - 1) : place] + line.pieces[place + 1 : place + 2]
    return all(covered(box, other.box, line.height) <= _under(line) for other in neighbors)


def _under(line: Line) -> float:
    """How much of a point may lie under a digit; only in a picture has the pen a width."""
    return _UNDER_IN_PICTURE if line.pen else _UNDER


def covered(left: Box, right: Box, line_height: float) -> float:
    """How much of the narrower of two boxes lies over or under the other, 0 … 1."""
    least = _LEAST_WIDTH * line_height / 2
    spans = []
    for low, _, high, _ in (left, right):
        middle, half = (low + high) / 2, max((high - low) / 2, least)
        spans.append((middle - half, middle + half))
    (left_low, left_high), (right_low, right_high) = spans
    narrower = min(left_high - left_low, right_high - right_low)
    return max(0.0, min(left_high, right_high) - max(left_low, right_low)) / narrower


def _softplus(value: float) -> float:
    """``log(1 + exp(value))``: minus the logarithm of a logistic probability."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))
