"""The same hand with any pen, anywhere on the board, as a picture: the network sees the same."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from digitdesk.data.synthetic.handwriting import generate_strokes
from digitdesk.ink.board import Board
from digitdesk.ink.preprocessing import preprocess_image, preprocess_strokes
from digitdesk.messages.prediction import Stroke

BOARD_PX = 280
DIGITS = [generate_strokes(label, np.random.default_rng(label)) for label in range(10)]


def seen(strokes: tuple[Stroke, ...], **pen: float) -> np.ndarray:
    """What the network sees of strokes that do leave ink."""
    preprocessed = preprocess_strokes(strokes, **pen)
    assert preprocessed is not None
    return preprocessed


PREPROCESSED = [seen(digit) for digit in DIGITS]


def distance(first: np.ndarray, second: np.ndarray) -> float:
    """Mean absolute difference in units of mean ink: 0 is equal, 2 is nothing in common."""
    return float(np.abs(first - second).sum() / ((first.sum() + second.sum()) / 2))


def placed(strokes: tuple[Stroke, ...], size: float, right: float, down: float) -> list[Stroke]:
    """The drawing with this extent, moved by these parts of the room that is left."""
    points = np.array([point for stroke in strokes for point in stroke])
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    factor = size / extent.max()
    room = BOARD_PX - 60 - factor * extent
    shift = 30 + room * (right, down) - factor * low
    return [
        tuple((float(x * factor + shift[0]), float(y * factor + shift[1])) for x, y in stroke)
        for stroke in strokes
    ]


def board_picture(strokes: list[Stroke], pen_px: float) -> np.ndarray:
    board = Board()
    board.pen_width_px = pen_px
    for stroke in strokes:
        board.draw(stroke)
    side = board.picture_size_px
    return np.frombuffer(board.picture(), dtype=np.uint8).reshape(side, side)


@settings(max_examples=80, deadline=None)
@given(
    label=st.integers(0, 9),
    size=st.floats(60, 220),
    relative_pen=st.floats(0.05, 0.2),
    right=st.floats(0, 1),
    down=st.floats(0, 1),
)
def test_a_picture_of_any_size_pen_and_place_comes_near_the_strokes(
    label: int, size: float, relative_pen: float, right: float, down: float
) -> None:
    pen_px = min(max(6.0, relative_pen * size), 40.0)
    strokes = placed(DIGITS[label], size, right, down)
    preprocessed = preprocess_image(board_picture(strokes, pen_px))
    assert preprocessed is not None
    distances = [distance(preprocessed, other) for other in PREPROCESSED]
    assert distances[label] < 0.6
    assert int(np.argmin(distances)) == label, "nearer to itself than to any other digit"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9), st.floats(1.5, 4), st.floats(1.5, 4))
def test_the_pen_changes_less_than_the_digit(label: int, thin: float, thick: float) -> None:
    preprocessed = [seen(DIGITS[label], pen_px=pen) for pen in (thin, thick)]
    # Twice the pen is at most twice the ink: the box, not the pen's path, keeps its size.
    times = abs(math.log(thin / thick))
    assert abs(math.log(preprocessed[0].sum() / preprocessed[1].sum())) <= times + 0.01
    assert distance(preprocessed[0], preprocessed[1]) <= 1.1 * times + 0.02
