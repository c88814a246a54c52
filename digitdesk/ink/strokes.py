"""Strokes as plain points: where they lie, how large they are, and which of them are slips.

Lengths are in board units, and y grows downward.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from digitdesk.ink.pen import BOARD_SIZE_PX
from digitdesk.messages.boxes import Box, union
from digitdesk.messages.prediction import Stroke

Points = Sequence[Sequence[float]]
"""A stroke as a file or a program may give it."""

P = TypeVar("P", bound=Points)

TAP_SIZE = 3.0
"""Ink smaller than this is a dot: a tap or trembling, not a shape."""


def stroke_box(stroke: Points) -> Box:
    """The box around the points of a stroke."""
    xs, ys, *_ = zip(*stroke, strict=False)
    return (min(xs), min(ys), max(xs), max(ys))


def without_taps(strokes: Sequence[P]) -> list[P]:
    """The strokes that have points, without taps where there are larger strokes too."""
    inked = [stroke for stroke in strokes if len(stroke)]
    large = [stroke for stroke in inked if _extent(stroke_box(stroke)) >= TAP_SIZE]
    return large or inked


def fit_to_board(
    strokes: Sequence[Points], size_px: float = BOARD_SIZE_PX, margin_px: float = 40.0
) -> tuple[Stroke, ...]:
    """Scale and move strokes of any unit so that they fill a board, keeping their aspect.

    Args:
        strokes: Points (x, y) per stroke, y growing downward.
        size_px: Side of the board.
        margin_px: Free space kept on the longer side.

    Returns:
        The strokes in board units; a lone dot goes to the middle of the board.
    """
    inked = [stroke for stroke in strokes if stroke]
    if not inked:
        return ()
    box = union(map(stroke_box, inked))
    left, top, right, bottom = box
    extent = _extent(box)
    scale = (size_px - 2 * margin_px) / extent if extent > 0 else 1.0
    middle_x, middle_y, half = (right + left) / 2, (bottom + top) / 2, size_px / 2
    return tuple(
        tuple(
            ((point[0] - middle_x) * scale + half, (point[1] - middle_y) * scale + half)
            for point in stroke
        )
        for stroke in inked
    )


def _extent(box: Box) -> float:
    """The longer side."""
    left, top, right, bottom = box
    return max(right - left, bottom - top)
