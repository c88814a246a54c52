"""Which regions of a picture are its numbers: rows are parted, and what lies around is left out."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.preprocessing import preprocess_image
from digitdesk.ink.segmentation.picture_number import PictureInk
from tests.benchmarks.photo_parts.ink import Writing, drawn_digit
from tests.benchmarks.photo_parts.sheets import covered, placed
from tests.benchmarks.photo_parts.surroundings import rectangle
from tests.number_support import sample


def row(text, height=60, pen=5):
    digits = tuple(drawn_digit(sample(int(letter))) for letter in text)
    count = len(digits)
    return Writing(digits, (0.4,) * (count - 1), (0.0,) * count, (1.0,) * count).ink(height, pen)


def paper(ink, shape, top=40, left=40):
    sheet = np.full(shape, 0.9, dtype=np.float32)
    return covered(sheet, placed(shape, ink, top, left), 0.2)


def regions(ink):
    """How many regions of ink there are; a wide one is cut into pieces."""
    return len({piece.source for piece in ink.line.pieces})


def test_two_rows_are_two_numbers():
    sheet = paper(row("203"), (240, 300))
    sheet = np.minimum(sheet, paper(row("71"), (240, 300), top=140))
    assert [regions(one) for one in PictureInk(sheet).rows()] == [3, 2]


def test_one_row_is_itself():
    ink = PictureInk(paper(row("203"), (150, 300)))
    assert ink.rows() == [ink]


@pytest.mark.parametrize("width", [1, 3])
def test_a_frame_around_a_number_is_none_of_it(width):
    sheet = paper(row("203"), (150, 260))
    framed = covered(sheet, rectangle(sheet.shape, (15, 15, 245, 130), width), 0.25)
    assert regions(PictureInk(framed)) == 3


@pytest.mark.parametrize("side", range(4))
def test_a_strip_along_an_edge_is_none_of_it(side):
    sheet = paper(row("203"), (150, 260))
    np.rot90(sheet, side)[:5, 3:-3] = 0.3
    assert regions(PictureInk(sheet)) == 3


def test_a_digit_at_the_edge_is_kept():
    """Cropped to its ink, the first and the last touch the picture's edges."""
    ink = row("305")
    assert regions(PictureInk(paper(ink, ink.shape, 0, 0))) == 3


def test_small_writing_on_a_large_page_is_seen_as_from_near():
    ink = Writing((drawn_digit(sample(5)),)).ink(24, 2.5)
    page = paper(ink, (1100, 1500), 700, 1100)
    near = paper(ink, (80, 80), 28, 28)
    seen = [preprocess_image(one).ravel() for one in (page, near)]
    assert np.corrcoef(seen)[0, 1] > 0.95
