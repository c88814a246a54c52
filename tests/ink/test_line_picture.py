"""A line of writing comes out alike from strokes and from a picture, at any size."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.line_picture import (
    COLUMNS_OF_PICTURES,
    COLUMNS_PER_HEIGHT,
    ROWS,
    WIDTHS,
    picture_of_greys,
    picture_of_strokes,
)
from digitdesk.ink.segmentation.stroke_number import StrokeInk
from tests.number_support import picture, written

TEXT = "2045"


def of_strokes(height: float = 100.0, text: str = TEXT):
    return picture_of_strokes(written(text, gap=0.2, height=height).strokes, height)


def test_a_line_is_as_high_as_it_should_be_and_in_the_middle() -> None:
    grey = of_strokes().grey
    rows, columns = np.nonzero(grey > 0.5)
    assert grey.shape == (ROWS, 256)
    assert np.ptp(rows) + 1 == pytest.approx(COLUMNS_PER_HEIGHT / 2, abs=3)
    assert (rows.min() + rows.max()) / 2 == pytest.approx(ROWS / 2 - 0.5, abs=1)
    assert (columns.min() + columns.max()) / 2 == pytest.approx(grey.shape[1] / 2 - 0.5, abs=1)


@pytest.mark.parametrize("height", [12.0, 700.0])
def test_the_size_of_the_writing_does_not_matter(height: float) -> None:
    assert of_strokes(height).grey == pytest.approx(of_strokes().grey, abs=0.02)


def test_a_picture_of_strokes_looks_as_the_strokes_do() -> None:
    strokes = written(TEXT, gap=0.2, height=100.0).strokes
    drawn = picture_of_strokes(strokes, 100.0 * COLUMNS_PER_HEIGHT / COLUMNS_OF_PICTURES).grey
    ink = (255 - picture(strokes, pen_px=9.0)) / np.float32(225)
    shown = picture_of_greys(ink.astype(np.float32), 100.0).grey
    assert shown.shape == drawn.shape
    assert np.corrcoef(shown.ravel(), drawn.ravel())[0, 1] > 0.85


def test_places_are_told_in_the_unit_of_the_line() -> None:
    number = written("11", gap=1.5, height=300.0)
    line = picture_of_strokes(number.strokes, 300.0)
    ink = line.grey.sum(axis=0)
    empty = np.flatnonzero(ink == 0)
    gap = empty[(empty > np.flatnonzero(ink)[0]) & (empty < np.flatnonzero(ink)[-1])]
    left = max(x for x, _ in number.digits[0][0])
    right = min(x for x, _ in number.digits[1][0])
    assert line.x_of(gap[0]) == pytest.approx(left, abs=25)
    assert line.x_of(gap[-1] + 1) == pytest.approx(right, abs=25)


def test_a_long_line_is_shown_wide_and_one_that_is_far_too_long_not_at_all() -> None:
    assert of_strokes(text="0123456789012").grey.shape[1] == WIDTHS[-1]
    assert of_strokes(text="0123456789" * 3) is None


def test_a_single_point_is_a_line_too() -> None:
    line = picture_of_strokes((((5.0, 5.0),),), 1.0)
    assert line.grey.shape == (ROWS, WIDTHS[0])
    assert line.grey.any()


# The same ink cut by columns


def test_strokes_are_cut_where_they_pass_an_edge() -> None:
    """An 8 and a 2 in one stroke: each of the two gets its own part of it."""
    number = written("82", gap=0.3)
    both = (number.digits[0][0] + number.digits[1][0],)
    edge = max(x for x, _ in number.digits[0][0]) + 5
    ink, found = StrokeInk(both).sliced([edge])
    assert [candidate.box[0] < edge for candidate in found] == [True, False]
    left, right = ink.shown(found)
    assert all(x < edge for stroke in left for x, _ in stroke)
    assert all(x > edge for stroke in right for x, _ in stroke)


def test_a_stroke_that_only_just_passes_an_edge_stays_whole() -> None:
    number = written("10", gap=0.3)
    edge = min(x for x, _ in number.digits[1][0]) + 2
    ink, found = StrokeInk(number.strokes).sliced([edge])
    assert [len(drawing) for drawing in ink.shown(found)] == [1, 1]
    assert min(x for x, _ in ink.shown(found)[1][0]) < edge


def test_a_cut_that_leaves_nothing_on_one_side_is_none() -> None:
    assert StrokeInk(written("8", gap=0.3).strokes).sliced([-50.0]) is None
