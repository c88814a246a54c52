"""Lines across the paper are dropped, level, sloped or bowed, and the writing on them is kept."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.picture.ruled_lines import without_ruled_lines
from tests.benchmarks.photo_parts.ink import Writing, drawn_digit
from tests.benchmarks.photo_parts.sheets import lines, placed, squares
from tests.number_support import sample

SHAPE = (300, 400)


def writing(digit, height=150, pen=5, top=70, left=150):
    return placed(SHAPE, Writing((drawn_digit(sample(digit)),)).ink(height, pen), top, left) > 0.5


def left_over(ruling, ink):
    """Parts of the lines that are kept, of those beside the ink, and of the ink that is lost."""
    cleaned = without_ruled_lines(ruling | ink)
    near = np.lib.stride_tricks.sliding_window_view(np.pad(ink, 4), (9, 9)).any(axis=(2, 3))
    beside = ruling & ~near
    return (cleaned & beside).sum() / beside.sum(), (ink & ~cleaned).sum() / ink.sum()


@pytest.mark.parametrize("digit", [2, 4, 5, 7, 8])
@pytest.mark.parametrize(
    "slope,bow", [(0, 0), (0.004, 0), (-0.01, 0), (0.03, 0), (0, 5), (0.01, -5)]
)
def test_lines_of_any_slope_and_bow(digit, slope, bow):
    ruling = lines(SHAPE, 50, 1.6, slope, bow) > 0.5
    kept, lost = left_over(ruling, writing(digit))
    assert kept < 0.06
    assert lost < 0.03


@pytest.mark.parametrize("slope", [0, 0.01, 0.03])
def test_squared_paper(slope):
    kept, lost = left_over(squares(SHAPE, 30, 1.6, slope) > 0.5, writing(3))
    assert kept < 0.06
    assert lost < 0.06


@pytest.mark.parametrize("slope", [0, 0.01, 0.03])
def test_one_line_below_a_digit_that_stands_on_it(slope):
    ruling = lines(SHAPE, 1000, 4, slope, 0, 0.22) > 0.5
    kept, lost = left_over(ruling, writing(5, top=71))
    assert kept < 0.06
    assert lost < 0.08  # of its foot, what lies in the line


@pytest.mark.parametrize("digit", [1, 2, 7])
def test_a_digits_own_bar_is_no_line(digit):
    """Cropped to its ink, a thin 7 has a bar from edge to edge of its picture, nearly."""
    ink = np.pad(Writing((drawn_digit(sample(digit)),)).ink(200, 3), 8) > 0.5
    assert (without_ruled_lines(ink) == ink).all()


def test_a_row_of_sevens_keeps_its_bars():
    sevens = Writing((drawn_digit(sample(7)),) * 6, (0.15,) * 5, (0.0,) * 6, (1.0,) * 6)
    ink = np.pad(sevens.ink(60, 3), 20) > 0.5
    assert (without_ruled_lines(ink) == ink).all()
