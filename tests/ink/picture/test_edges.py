"""What the picture's edge does to writing: it cuts loops, and shows cards' edges and tables."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitdesk.ink.picture.cut_loops import with_closed_loops
from digitdesk.ink.picture.edge_bands import without_edge_bands
from digitdesk.ink.picture.find_ink import find_ink
from digitdesk.ink.picture.regions import label_regions

SHAPE = (140, 90)


def drawn(*commands, size=SHAPE, paper=0, ink=255):
    """Lines and rings with a pen of 5 px: ("line", points) or ("ellipse", box)."""
    image = Image.new("L", size[::-1], paper)
    pen = ImageDraw.Draw(image)
    for name, points in commands:
        if name == "line":
            pen.line(points, fill=ink, width=5)
        else:
            pen.ellipse(points, outline=ink, width=5)
    return np.asarray(image, dtype=np.float32) / 255


def holes(ink):
    """How many places are enclosed by ink; beyond the picture there is no paper."""
    outside = ~(ink > 0.5)
    return label_regions(outside)[1] - 1


@pytest.mark.parametrize("turns", range(4))
def test_a_ring_that_an_edge_cuts_is_closed_along_it(turns):
    cut = np.rot90(drawn(("ellipse", (-12, 30, 60, 110))), turns)
    closed = with_closed_loops(cut)
    edge = np.rot90(closed, -turns)[:, 0]
    assert (edge[45:95] == 1).all()
    assert (closed >= cut).all()
    assert closed.sum() - cut.sum() < 8 * 60  # no more than a stroke


def test_strokes_that_part_at_an_edge_stay_open():
    parting = drawn(("line", (0, 20, 60, 60)), ("line", (0, 110, 60, 70)))
    assert np.array_equal(with_closed_loops(parting), parting)
    lone = drawn(("line", (0, 20, 60, 60)))
    assert np.array_equal(with_closed_loops(lone), lone)


def test_two_rings_cut_by_the_upper_edge_are_closed_one_by_one():
    cut = drawn(("ellipse", (10, -15, 60, 60)), ("ellipse", (80, -15, 130, 60)), size=(100, 140))
    closed = with_closed_loops(cut)
    assert closed[0, 35] == closed[0, 105] == 1
    assert closed[0, 70] == 0


def test_a_six_whose_back_is_beyond_the_edge_is_found_whole():
    six = drawn(("ellipse", (-8, 60, 60, 120)), ("line", (0, 80, 50, 20)), paper=240, ink=50)
    found = find_ink(six)
    assert (found[95:105, 0] > 0.5).all()


def test_a_cards_edge_is_parted_from_the_digit_that_touches_it():
    edge = ("line", (2, 0, 2, 140))
    one = drawn(edge, ("line", (3, 120, 60, 20)), ("line", (60, 20, 50, 115))) > 0.5
    cleaned = without_edge_bands(one)
    assert not cleaned[:, :4].any()
    assert np.array_equal(cleaned[:, 8:], one[:, 8:])


def test_a_bar_across_a_tight_crop_is_no_cards_edge():
    seven = drawn(("line", (0, 2, 90, 2)), ("line", (85, 4, 40, 140))) > 0.5
    assert np.array_equal(without_edge_bands(seven), seven)


def test_a_loop_that_a_cards_edge_cuts_stays_closed_by_it():
    six = drawn(("line", (2, 0, 2, 140)), ("ellipse", (-12, 60, 60, 120))) > 0.5
    assert np.array_equal(without_edge_bands(six), six)


@pytest.mark.parametrize("turns", range(4))
def test_a_wedge_of_table_leaves_no_ink_in_its_corners(turns):
    rng = np.random.default_rng(5)
    sheet = np.full((520, 560), 0.85, dtype=np.float32)
    y, x = np.mgrid[0:520, 0:560]
    sheet[y > 520 - 110 * x / 560] = 0.16
    sheet += rng.normal(0, 0.01, sheet.shape).astype(np.float32)
    ring = drawn(("ellipse", (200, 180, 300, 300)), size=sheet.shape) > 0.5
    sheet[ring] = 0.2
    found = find_ink(np.rot90(sheet, turns), keep=lambda mask: mask)
    rows, columns = np.nonzero(np.rot90(found, -turns) > 0.3)
    scale = 400 / 560
    beside = (rows < 150 * scale) | (rows > 330 * scale) | (columns < 170 * scale)
    beside |= columns > 330 * scale
    assert beside.sum() < 30
    assert len(rows) > 500


def test_ink_across_the_edge_of_a_shadow_is_kept():
    sheet = np.full((300, 400), 0.9, dtype=np.float32)
    y, x = np.mgrid[0:300, 0:400]
    sheet[y > 40 + 0.6 * x] *= 0.6
    line = drawn(("line", (60, 150, 340, 150)), size=sheet.shape) > 0.5
    sheet[line] *= 0.25
    found = find_ink(sheet, keep=lambda mask: mask)
    assert (found[148:153, 70:330].max(axis=0) > 0.5).all()
