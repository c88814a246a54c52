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
# fitted to numbers of twenty writers by ``tests/benchmarks/written_numbers.py --fit``.
_OF_GAP = -11.1
_OF_LOWER_HEIGHT = -3.2
_OF_COVERED = 8.5
_OF_WIDTH = -8.7
_BIAS = 6.1

# The same for neighbors that were one region or stroke until it was cut.
_CUT_WIDTH = -1.0
_CUT_NARROWER_WIDTH = -4.8
_CUT_BIAS = 2.6

_LEAST_HEIGHT = 0.6
_MOST_WIDTH = 1.0
_SIZE_PENALTY = 8.0
_HOPELESS = 9.0


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
    """The pieces of a number from left to right, and the height that digits have in it."""

    pieces: tuple[Piece, ...]
    height: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Neighboring pieces ``first`` … ``last - 1`` that may be one digit.

    Attributes:
        box: Where they lie.
        penalty: How unlike one digit they lie, in nats; 0 is nothing unusual.
    """

    first: int
    last: int
    box: Box
    penalty: float


def make_line(pieces: Sequence[Piece], height: float) -> Line:
    """Sort pieces by their middles, so that those of one digit are neighbors."""
    return Line(tuple(sorted(pieces, key=lambda piece: piece.box[0] + piece.box[2])), height)


def line_height(boxes: Sequence[Box]) -> float:
    """The usual height of digits, told from the boxes of all ink.

    Boxes that lie above each other are one column; the median of the columns that are not much
    lower than the tallest is the height.
    """
    columns: list[Box] = []
    for box in sorted(boxes):
        if columns and box[0] <= columns[-1][2]:
            columns[-1] = union((columns[-1], box))
        else:
            columns.append(box)
    heights = [bottom - top for _, top, _, bottom in columns]
    tallest = max(heights, default=0.0)
    usual = statistics.median([height for height in heights if height >= tallest / 2] or [0.0])
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
            penalty = _size_penalty(box, line.height)
            penalty += sum(
                _softplus(-_togetherness(left, right, line.height))
                for left, right in itertools.pairwise(members)
            )
            # A piece alone is always offered, so that there is always a way through the line.
            if is_alone or penalty < _HOPELESS:
                found.append(Candidate(first, last, box, penalty))
    return found


def division_penalty(line: Line, place: int) -> float:
    """What speaks against one digit ending before piece ``place`` and another beginning with it.

    Returns:
        Nats; what speaks for it counts against candidates that hold both neighbors.
    """
    left, right = line.pieces[place - 1 : place + 1]
    return _softplus(_togetherness(left, right, line.height))


def _size_penalty(box: Box, line_height: float) -> float:
    """How unusual the size is for a digit on this line."""
    width, height = (box[2] - box[0]) / line_height, (box[3] - box[1]) / line_height
    too_low, too_wide = max(0.0, _LEAST_HEIGHT - height), max(0.0, width - _MOST_WIDTH)
    return _SIZE_PENALTY * (too_low + too_wide)


def _togetherness(left: Piece, right: Piece, line_height: float) -> float:
    """Log-odds of two neighboring pieces being one digit."""
    low, high = (min(left.box[0], right.box[0]), max(left.box[2], right.box[2]))
    width = (high - low) / line_height
    narrower = min(piece.box[2] - piece.box[0] for piece in (left, right)) / line_height
    if left.source == right.source:
        return _CUT_BIAS + _CUT_WIDTH * width + _CUT_NARROWER_WIDTH * narrower + right.bond
    lower = min(piece.box[3] - piece.box[1] for piece in (left, right)) / line_height
    overlap = min(left.box[2], right.box[2]) - max(left.box[0], right.box[0])
    gap = -overlap / line_height
    covered = max(0.0, -gap) / max(narrower, 0.1)
    return (
        _BIAS + _OF_GAP * gap + _OF_LOWER_HEIGHT * lower + _OF_COVERED * covered + _OF_WIDTH * width
    )


def _softplus(value: float) -> float:
    """``log(1 + exp(value))``: minus the logarithm of a logistic probability."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))
