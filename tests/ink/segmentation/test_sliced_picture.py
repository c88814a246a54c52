"""A region of ink is cut by columns where a network for lines says so."""

from __future__ import annotations

import numpy as np

from digitdesk.ink.segmentation.candidates import candidates
from digitdesk.ink.segmentation.picture_number import PictureInk
from tests.number_support import picture, written


def test_digits_that_touch_are_cut_at_the_edge() -> None:
    number = written("88", gap=-0.08)
    ink = PictureInk(picture(number.strokes), "dark")
    grey = ink.line_picture().grey
    cut, found = ink.sliced([ink.line_picture().x_of(grey.shape[1] / 2)])
    first, second = cut.shown(found)
    assert len(found) == 2
    assert found[0].box[2] <= found[1].box[0] + 1
    # Each is about the 8 that it would be alone.
    alone = PictureInk(picture(written("8", gap=0).strokes), "dark")
    (eight,) = alone.shown(candidates(alone.line)[:1])
    for digit in (first, second):
        seen, wanted = digit.preprocessed, eight.preprocessed
        assert np.corrcoef(seen.ravel(), wanted.ravel())[0, 1] > 0.85


def test_a_region_that_just_passes_an_edge_stays_whole() -> None:
    ink = PictureInk(picture(written("80", gap=0.3).strokes), "dark")
    edge = ink.line.pieces[0].box[2] - 4
    _, found = ink.sliced([edge])
    assert found[0].box == ink.line.pieces[0].box


def test_a_cut_that_leaves_nothing_on_one_side_is_none() -> None:
    assert PictureInk(picture(written("80", gap=0.3).strokes), "dark").sliced([-5.0]) is None


def test_a_point_that_touches_a_digit_is_cut_off() -> None:
    strokes = written("0", gap=0).strokes
    right, bottom = (max(point[k] for stroke in strokes for point in stroke) for k in (0, 1))
    point = ((right - 5, bottom - 20), (right + 12, bottom - 20), (right + 12, bottom - 16))
    ink = PictureInk(picture((*strokes, point)), "dark")
    assert len({piece.source for piece in ink.line.pieces}) == 1
    width = max(piece.box[2] for piece in ink.line.pieces) - ink.line.pieces[0].box[0]
    edge = ink.line.pieces[0].box[0] + 0.88 * width
    _, (digit, dot) = ink.sliced([edge])
    assert digit.box[2] - digit.box[0] > 0.8 * width
    assert dot.box[3] - dot.box[1] < 0.5 * (digit.box[3] - digit.box[1])
