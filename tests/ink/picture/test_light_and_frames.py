"""Shadows, sun and tables are paper, and so are frames; the digit among them is as it was."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.picture.frames import without_frames
from digitdesk.ink.picture.neighborhood import closed
from digitdesk.ink.preprocessing import preprocess_image
from tests.benchmarks.photo_parts.ink import Writing, drawn_digit
from tests.benchmarks.photo_parts.light import corner_glare, dark_corner, hard_shadow, sun_patch
from tests.benchmarks.photo_parts.sheets import covered, in_the_middle, placed, plain
from tests.benchmarks.photo_parts.surroundings import rectangle
from tests.number_support import sample

SHAPE = (300, 260)


def ink(digit):
    return Writing((drawn_digit(sample(digit)),)).ink(110, 6)


def sheet(digit, seed=0):
    rng = np.random.default_rng(seed)
    return covered(plain(SHAPE, 0.88, rng), in_the_middle(SHAPE, ink(digit), rng), 0.25)


def likeness(picture, other):
    one, two = (preprocess_image(np.clip(part, 0, 1)) for part in (picture, other))
    return float(np.corrcoef(one.ravel(), two.ravel())[0, 1])


@pytest.mark.parametrize("digit", [0, 4, 5, 8])
@pytest.mark.parametrize(
    "light,strength",
    [
        (hard_shadow, 0.3),
        (hard_shadow, 0.5),
        (corner_glare, 0.6),
        (sun_patch, 0.5),
        (dark_corner, 0.75),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_digit_in_uneven_light_is_seen_as_in_even_light(digit, light, strength):
    picture = sheet(digit, seed=digit)
    lit = picture * light(SHAPE, strength, np.random.default_rng(digit))
    assert likeness(lit, picture) > 0.9


@pytest.mark.parametrize("width", [18, 50, 110])
@pytest.mark.parametrize("turns", range(4))
def test_a_table_beside_the_sheet_is_no_ink(width, turns):
    picture = sheet(5)
    wide = np.concatenate([np.full((300, width), 0.15), picture], axis=1)
    assert likeness(np.rot90(wide, turns).copy(), np.rot90(picture, turns).copy()) > 0.9


@pytest.mark.parametrize("digit", [0, 1, 4, 8])
@pytest.mark.parametrize("width", [1, 3, 6])
def test_a_rectangle_around_a_digit_is_no_ink(digit, width):
    picture = sheet(digit)
    framed = covered(picture, rectangle(SHAPE, (25, 30, 235, 270), width), 0.25)
    assert likeness(framed, picture) > 0.97


def test_cells_are_left_out_and_their_digits_kept():
    digits = np.zeros((120, 300), dtype=np.float32)
    cells = np.zeros_like(digits)
    for place, digit in enumerate((3, 7)):
        one = Writing((drawn_digit(sample(digit)),)).ink(60, 5)
        left = 30 + place * 110
        digits = np.maximum(digits, placed(digits.shape, one, 30, left + 30))
        cells = np.maximum(cells, rectangle(digits.shape, (left, 15, left + 108, 105), 2))
    found = without_frames((cells > 0.5) | (digits > 0.5))
    assert (found == (digits > 0.5)).all()


def test_a_digit_that_touches_its_frame_is_kept_whole():
    digit = placed(SHAPE, ink(4), 160, 60) > 0.5
    frame = rectangle(SHAPE, (25, 30, 235, 268), 3) > 0.5
    found = without_frames(digit | frame)
    assert (found & digit).sum() > 0.95 * digit.sum()
    assert (found & ~digit).sum() < 0.1 * frame.sum()


@pytest.mark.parametrize("digit", range(10))
def test_no_digit_is_a_frame(digit):
    mask = placed(SHAPE, ink(digit), 60, 60) > 0.5
    mask[110:114, 80:84] = True  # a speck, for the 0 to enclose
    assert (without_frames(mask) == mask).all()


def test_closing_fills_what_has_no_room_for_the_square():
    greys = np.ones((40, 40), dtype=np.float32)
    greys[:, :12] = 0.2
    greys[10:14, 20:36] = 0.1
    result = closed(greys, 9)
    assert (result[:, 12:] == 1).all() and (result[:, :12] == np.float32(0.2)).all()
