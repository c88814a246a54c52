"""Ink of numbers comes apart where digits may begin, and finds together what belongs together."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.data.synthetic.numbers import NumberStyle, compose_number
from digitdesk.ink.picture.regions import label_regions, region_boxes
from digitdesk.ink.segmentation.candidates import (
    Line,
    Piece,
    candidates,
    division_penalty,
    line_height,
    make_line,
)
from digitdesk.ink.segmentation.picture_number import PictureInk
from digitdesk.ink.segmentation.picture_writing import writing_in_lines
from digitdesk.ink.segmentation.region_cuts import seams
from digitdesk.ink.segmentation.stroke_cuts import joints, resampled
from digitdesk.ink.segmentation.stroke_number import StrokeInk
from tests.number_support import DRAWINGS, picture, sample, written


def piece(left, right, top=0, bottom=100, source=0, bond=0.0):
    return Piece((left, top, right, bottom), source, bond=bond)


# The line


def test_a_bar_neither_makes_the_line_lower_nor_the_digit_two():
    digit, bar = (0, 20, 60, 100), (10, 0, 70, 5)
    assert line_height([digit, bar, (100, 5, 160, 95)]) == pytest.approx(95)
    assert line_height([digit, bar, (100, 5, 160, 95), (200, 48, 210, 52)]) == pytest.approx(95)
    assert line_height([]) > 0


def test_pieces_stand_from_left_to_right():
    line = make_line([piece(50, 60), piece(0, 90), piece(0, 10)], 100)
    assert [p.box[0] for p in line.pieces] == [0, 0, 50]


def together(line: Line) -> float:
    """How far the penalties prefer the first two pieces to be one digit, in nats."""
    both = next(c for c in candidates(line) if (c.first, c.last) == (0, 2))
    return division_penalty(line, 1) - both.penalty


@pytest.mark.parametrize(
    ("name", "left", "right", "is_one"),
    [
        ("the bar of a 5 over its belly", piece(0, 50, 0, 100), piece(8, 58, 0, 3, 1), True),
        ("the two strokes of a 4", piece(0, 60, 0, 65), piece(43, 46, 35, 100, 1), True),
        ("the bar through a 7", piece(0, 55), piece(8, 52, 48, 52, 1), True),
        ("two digits apart", piece(0, 55), piece(75, 130, source=1), False),
        ("two digits that touch", piece(0, 55), piece(53, 110, source=1), False),
        ("two ones", piece(0, 8), piece(30, 38, source=1), False),
    ],
)
def test_strokes_over_each_other_are_one_digit_and_those_beside_are_two(name, left, right, is_one):
    line = make_line([left, right], 100)
    if is_one:
        assert together(line) > 1, name
    elif [c for c in candidates(line) if (c.first, c.last) == (0, 2)]:
        assert together(line) < -1, name


def test_a_pen_that_was_not_lifted_needs_more_to_convince():
    def line(bond):
        return make_line([piece(0, 60), piece(60, 120, bond=bond)], 100)

    assert together(line(0.0)) < 0 < together(line(5.0))


def test_every_piece_alone_is_a_candidate_and_no_candidate_is_as_wide_as_the_line():
    line = make_line([piece(70 * k, 70 * k + 60, source=k) for k in range(9)], 100)
    found = candidates(line)
    assert {(c.first, c.last) for c in found} >= {(k, k + 1) for k in range(9)}
    assert max(c.box[2] - c.box[0] for c in found) < 300


# Strokes


def test_strokes_of_one_digit_come_back_in_the_order_they_were_written():
    ink = StrokeInk(written("45", gap=0.2).strokes)
    first = next(c for c in candidates(ink.line) if (c.first, c.last) == (0, 2))
    long, bar = ink.strokes(first)
    assert long[0] == pytest.approx(written("45", gap=0.2).strokes[0][0])
    assert bar[0][1] > long[0][1]
    assert ink.box(first)[0] == pytest.approx(min(x for x, _ in long))


def test_more_points_do_not_move_the_stroke():
    stroke = ((0.0, 0.0), (100.0, 0.0), (100.0, 3.0), (100.0, 3.0))
    fine = resampled(stroke, 100)
    assert set(stroke) <= set(fine)
    steps = np.hypot(*np.diff(np.array(fine), axis=0).T)
    assert steps.max() <= 4.0001
    assert resampled(((5.0, 5.0),), 100) == ((5.0, 5.0),)


@pytest.mark.parametrize("digit", range(10))
def test_no_digit_of_one_stroke_is_cut(digit):
    for stroke in DRAWINGS[digit]:
        assert joints(resampled(stroke, 100), 100) == []


@pytest.mark.parametrize("pair", [(2, 3), (3, 2), (6, 1)])
def test_a_pen_that_was_not_lifted_leaves_a_place_to_cut(pair):
    style = NumberStyle(gap=(0.4, 0.4), size=(1, 1), baseline=0, joined=1.0)
    number = compose_number([sample(digit) for digit in pair], np.random.default_rng(0), style)
    (stroke,) = number.strokes
    ink = StrokeInk((stroke,))
    assert len(ink.line.pieces) == 2
    left, right = ink.line.pieces
    middle = (number.digits[0][0][0][0], number.digits[1][0][0][0])
    assert left.box[2] <= right.box[0] + 25 and left.box[0] < sum(middle) / 2 < right.box[2]
    whole = next(c for c in candidates(ink.line) if (c.first, c.last) == (0, 2))
    (joined,) = ink.strokes(whole)
    assert (joined[0], joined[-1]) == (stroke[0], stroke[-1])


def test_taps_are_left_out_but_a_tap_alone_is_ink():
    tap = ((200.0, 50.0),)
    assert len(StrokeInk((*written("1", gap=0).strokes, tap)).line.pieces) == 1
    assert len(StrokeInk((tap,)).line.pieces) == 1
    assert StrokeInk(()).line.pieces == ()


# Pictures


def test_boxes_of_regions_end_after_their_last_pixel():
    mask = np.zeros((6, 9), dtype=np.bool_)
    mask[1:3, 2:5] = mask[4, 8] = True
    labels, count = label_regions(mask)
    assert region_boxes(labels, count) == [(2, 1, 5, 3), (8, 4, 9, 5)]


def test_a_four_whose_two_strokes_keep_apart_is_offered_and_likelier_than_its_halves():
    line = make_line([piece(0, 50, bottom=55), piece(95, 105, source=1, top=5)], 100)
    found = {(candidate.first, candidate.last): candidate for candidate in candidates(line)}
    halves = found[0, 1].penalty + found[1, 2].penalty
    # A reader that knows its corner for no digit adds nine nats to the halves.
    assert found[0, 2].penalty < halves + 5


def test_a_seam_goes_where_two_digits_touch_and_around_what_hangs_over():
    ink = np.zeros((100, 120), dtype=np.float32)
    ink[:, 0:8] = ink[0:8, 0:60] = 1  # a pole with an arm that hangs over the next one
    ink[20:, 52:60] = 1
    ink[90:96, 0:60] = 1  # and both touch at the foot
    ink[:, 112:120] = ink[50:56, 60:120] = 1
    found = seams(ink, 100)
    assert any(8 < seam[92] < 52 and ink[np.arange(100), seam].sum() < 20 for seam in found)
    for seam in found:
        assert len(seam) == 100
        assert np.abs(np.diff(seam)).max() <= 1


def test_two_rings_that_touch_along_a_wall_are_cut_there():
    y, x = np.mgrid[0:100, 0:190].astype(np.float32)
    ink = np.zeros((100, 190), dtype=np.float32)
    for middle in (49, 141):
        ink[np.abs(np.hypot(x - middle, y - 50) - 46) <= 4] = 1
    assert any(90 < seam[50] < 100 for seam in seams(ink, 100))


def test_narrow_regions_are_not_cut():
    assert seams(np.ones((100, 30), dtype=np.float32), 100) == []


@pytest.mark.parametrize("gap", [0.25, 0.1, 0.0])
def test_pieces_of_a_picture_hold_all_ink_and_each_pixel_once(gap):
    ink = PictureInk(picture(written("2035", gap=gap).strokes))
    assert len(ink.line.pieces) >= 4
    whole = ink.line.pieces
    area = sum((p.box[2] - p.box[0]) * (p.box[3] - p.box[1]) for p in whole)
    assert area > 0
    assert len({p.first for p in whole}) == len(whole)


def test_boxes_are_in_pixels_of_the_picture_even_where_it_was_looked_at_from_near():
    small = picture(written("2035", gap=0.3, height=40).strokes, pen_px=3)
    large = np.full((1500, 1600), 255, dtype=np.uint8)
    large[1000 : 1000 + small.shape[0], 300 : 300 + small.shape[1]] = small
    ink = PictureInk(large)
    left = min(ink.box(c)[0] for c in candidates(ink.line))
    top = min(ink.box(c)[1] for c in candidates(ink.line))
    assert (left, top) == (pytest.approx(340, abs=5), pytest.approx(1040, abs=5))


def test_specks_frames_and_other_lines_are_no_writing():
    mask = np.zeros((120, 300), dtype=np.bool_)
    mask[0:2] = mask[:, 0:2] = True  # a frame
    for left in (20, 90, 160):
        mask[30:90, left : left + 30] = True
    mask[32:36, 200:230] = True  # the bar of a 5
    mask[60:63, 250:253] = True  # a speck
    mask[100:112, 20:60] = True  # another line
    kept, is_whole = writing_in_lines(mask)
    assert kept[30:90, 20:50].all() and kept[32:36, 200:230].all()
    assert not (kept[0].any() or kept[60:63, 250:253].any() or kept[100:112].any())
    assert is_whole


@pytest.mark.parametrize(
    ("name", "rows", "columns", "is_part"),
    [
        ("the bar of a 5", (32, 37), (100, 135), True),
        ("one that rises", (22, 38), (100, 135), True),
        ("one that begins beside its digit", (34, 38), (125, 165), True),
        ("a line across all digits", (32, 37), (10, 290), False),
        ("a line that is far away", (2, 7), (100, 135), False),
        ("a line beside the digits", (32, 37), (230, 260), False),
        ("a line below them", (96, 101), (100, 135), False),
        ("a speck", (34, 37), (100, 103), False),
    ],
)
def test_a_bar_above_the_rest_of_its_digit_is_kept(name, rows, columns, is_part):
    mask = np.zeros((120, 300), dtype=np.bool_)
    for left in (20, 100, 180):
        mask[44:90, left : left + 30] = True
    bar = slice(*rows), slice(*columns)
    mask[bar] = True
    kept, is_whole = writing_in_lines(mask)
    assert kept[44:90, 100:130].all() and kept[bar].all() == kept[bar].any() == is_part, name
    assert is_whole


@pytest.mark.parametrize(("above", "is_part"), [(12, True), (30, False), (36, False)])
def test_a_bar_as_near_to_a_digit_above_it_is_a_fractions(above, is_part):
    mask = np.zeros((160, 100), dtype=np.bool_)
    mask[above - 10 : above + 30, 30:60] = True
    mask[71:75, 25:65] = True
    mask[85:135, 30:60] = True
    kept, is_whole = writing_in_lines(mask)
    assert kept[85:135, 30:60].all() and kept[above - 10 : above + 30, 30:60].all()
    assert kept[71:75].any() == is_part and is_whole


def test_what_may_hide_a_digit_is_told_of():
    mask = np.zeros((120, 300), dtype=np.bool_)
    for left in (20, 90, 160):
        mask[30:90, left : left + 8] = True
    mask[50:54, 60:70] = True  # a speck, and part of nothing
    assert writing_in_lines(mask)[1]
    mask[30:90, 230:270] = True  # what stands where a digit may, ...
    mask[:, 270:] = True  # ... but hangs together with a shadow's edge
    kept, is_whole = writing_in_lines(mask)
    assert not kept[:, 230:].any() and is_whole  # a strip of half an edge and more is a table
    mask[70:, 270:] = False
    mask[:30, 270:] = False
    kept, is_whole = writing_in_lines(mask)
    assert not kept[:, 230:].any() and not is_whole


def test_thin_digits_beside_thick_ones_are_no_hairs():
    mask = np.zeros((100, 160), dtype=np.bool_)
    mask[20:80, 30:42] = True
    mask[20:80, 90:96] = True  # drawn by half the pen, and as tall as a third of the picture
    kept, _ = writing_in_lines(mask)
    assert kept[20:80, 90:96].all()


def test_paper_without_ink_has_no_pieces():
    assert PictureInk(np.full((60, 200), 240, dtype=np.uint8)).line.pieces == ()
