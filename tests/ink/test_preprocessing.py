"""Preprocessing: a case computed by hand, what it must not depend on, and pictures of all kinds."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from digitdesk.data.synthetic.handwriting import VARIANTS, pack
from digitdesk.ink import rasterizer
from digitdesk.ink.frame import MASS_CENTER_PX
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.pen import PEN_PX
from digitdesk.ink.preprocessing import (
    preprocess_batch,
    preprocess_image,
    preprocess_ink_image,
    preprocess_strokes,
)

MIDDLES = np.arange(28) + 0.5
SEVEN = (((60, 60), (180, 62), (150, 120), (110, 230)), ((90, 140), (170, 138)))


def center(image):
    return (
        float((image.sum(axis=0) * MIDDLES).sum() / image.sum()),
        float((image.sum(axis=1) * MIDDLES).sum() / image.sum()),
    )


def distance(first, second):
    """Mean absolute difference in units of mean ink: 0 is equal, 2 is nothing in common."""
    return float(np.abs(first - second).sum() / ((first.sum() + second.sum()) / 2))


def test_upright_line_computed_by_hand():
    # The pen is 2.5 px wide, so that the box of 20 leaves 17.5 px for the pen's path. The mass is
    # at 14.5: the ink spans columns 13.25 … 15.75 and rows 4.5 … 24.5, with round ends.
    image = preprocess_strokes([[(140, 40), (140, 240)]], pen_px=2.5)
    assert image is not None and image.dtype == np.float32 and image.shape == (28, 28)
    middle = image[8:21]
    np.testing.assert_allclose(middle[:, 13:16], [[0.75, 1.0, 0.75]] * 13, atol=1e-5)
    assert middle[:, :13].max() == 0 and middle[:, 16:].max() == 0
    assert image[:4].max() == 0 and image[25:].max() == 0
    assert 0 < image[4, 14] < 0.5 and 0 < image[24, 14] < 0.5
    assert image.sum() == pytest.approx(17.5 * 2.5 + math.pi * 1.25**2, rel=0.005)
    assert center(image) == pytest.approx((14.5, 14.5), abs=1e-3)


def test_box_pen_and_middle_of_a_digit():
    image = preprocess_strokes(SEVEN)
    assert center(image) == pytest.approx((MASS_CENTER_PX,) * 2, abs=0.02)
    rows = np.flatnonzero(image.max(axis=1) > 0.02)
    assert 20 <= rows[-1] - rows[0] + 1 <= 21
    assert image.max() <= 1 and image.min() >= 0


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.2, 5),
    st.floats(-500, 500),
    st.floats(-500, 500),
    st.permutations([0, 1]),
    st.booleans(),
)
def test_neither_place_nor_size_nor_order_nor_direction_matters(scale, dx, dy, order, backward):
    changed = []
    for index in order:
        stroke = [(x * scale + dx, y * scale + dy) for x, y in SEVEN[index]]
        changed.append(stroke[::-1] if backward else stroke)
    assert distance(preprocess_strokes(changed), preprocess_strokes(SEVEN)) < 0.002


@pytest.mark.parametrize("points,limit", [(9, 0.002), (400, 0.02)])
def test_points_on_the_way_do_not_matter(points, limit):
    dense = [
        [
            (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)
            for a, b in itertools.pairwise(stroke)
            for t in np.linspace(0, 1, points)
        ]
        for stroke in SEVEN
    ]
    assert distance(preprocess_strokes(dense), preprocess_strokes(SEVEN)) < limit


def test_four_fine_pixels_a_pixel_are_enough():
    ink = InkBatch.from_drawings([SEVEN])
    coarse, fine = preprocess_batch(ink)[0], preprocess_batch(ink, oversampling=16)[0]
    assert np.sqrt(np.mean((coarse - fine) ** 2)) < 0.006
    assert np.abs(coarse - fine).max() < 0.07


def test_batch_is_the_same_as_one_by_one():
    rng = np.random.default_rng(0)
    drawings = [
        [rng.uniform(0, 280, (rng.integers(1, 30), 2)).tolist() for _ in range(rng.integers(1, 4))]
        for _ in range(70)
    ]
    drawings = [[stroke for stroke in d if len(stroke) > 1] or [[(1, 1)]] for d in drawings]
    turns = np.linspace(0, 20, 900)
    spiral = np.stack([140 + 5 * turns * np.cos(turns), 140 + 4 * turns * np.sin(turns)], axis=1)
    drawings[40:45] = [[spiral.tolist()]] * 5
    batch = preprocess_batch(InkBatch.from_drawings(drawings))
    for drawing, together in zip(drawings, batch, strict=True):
        np.testing.assert_allclose(preprocess_strokes(drawing), together, atol=1e-4)


def test_small_windows_paint_what_one_large_window_does(monkeypatch):
    rng = np.random.default_rng(4)
    ink = pack([(variant, 3) for variant in VARIANTS], rng)
    pens = rng.uniform(1.4, 6.2, ink.count).astype(np.float32)
    painted = preprocess_batch(ink, pens)
    monkeypatch.setattr(
        rasterizer, "_parts", lambda needed: [(np.arange(len(needed)), int(needed.max()))]
    )
    assert preprocess_batch(ink, pens).tobytes() == painted.tobytes()


def test_nothing_taps_and_slips():
    assert preprocess_strokes([]) is None
    assert preprocess_strokes([[]]) is None
    dot = preprocess_strokes([[(50, 70)]])
    assert dot.sum() == pytest.approx(math.pi * (PEN_PX / 2) ** 2, rel=0.03)
    trembling = preprocess_strokes([[(50, 70), (51, 71), (50, 70.5)]])
    np.testing.assert_allclose(trembling, dot, atol=1e-6)
    slip = [*SEVEN, [(3, 3)]]
    np.testing.assert_array_equal(preprocess_strokes(slip), preprocess_strokes(SEVEN))


def drawn(size=200, ink=1.0, paper=0.0):
    """The seven as a picture: white on black unless said otherwise."""
    image = preprocess_strokes(SEVEN)
    fine = Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC)
    return paper + (ink - paper) * np.clip(np.asarray(fine), 0, 1)


@pytest.mark.parametrize("ink,paper", [(1, 0), (0, 1), (0.1, 0.7), (0.9, 0.5)])
def test_picture_of_any_polarity_and_size(ink, paper):
    wanted = preprocess_strokes(SEVEN)
    for size in (28, 64, 200, 900):
        picture = (drawn(size, ink, paper) * 255).round().astype(np.uint8)
        assert distance(preprocess_image(picture), wanted) < 0.25, size
    right = "bright" if ink > paper else "dark"
    assert distance(preprocess_image(picture, ink=right), wanted) < 0.25


def test_photo_of_unevenly_lit_ruled_paper_with_specks():
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:600, 0:800]
    picture = 0.8 - 0.35 * x / 800 + 0.1 * y / 600 + rng.normal(0, 0.015, (600, 800))
    picture[100:500, 200:600] *= 1 - 0.7 * drawn(400)
    picture[[150, 151, 300, 301, 450, 451]] -= 0.12
    for _ in range(30):
        row, column = rng.integers(0, 590), rng.integers(0, 790)
        picture[row : row + 3, column : column + 3] -= 0.3
    found = preprocess_image((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    assert distance(found, preprocess_strokes(SEVEN)) < 0.3


def test_blank_paper_has_no_ink():
    rng = np.random.default_rng(0)
    assert preprocess_image(np.full((100, 80), 255, dtype=np.uint8)) is None
    assert preprocess_image(np.zeros((1, 1))) is None
    assert preprocess_image(0.8 + rng.normal(0, 0.01, (300, 300))) is None
    assert preprocess_ink_image(np.zeros((16, 16), dtype=np.uint8)) is None


def test_hairline_becomes_visible():
    picture = np.zeros((1000, 1000))
    picture[100:900, 499:502] = 1
    assert preprocess_image(picture).max() > 0.8


def test_preprocessed_ink_image_is_left_alone():
    once = preprocess_strokes(SEVEN)
    np.testing.assert_array_equal(preprocess_ink_image(once), once)


@pytest.mark.parametrize("size", [16, 20, 32, 100])
def test_ink_image_of_other_sizes(size):
    limit = 0.5 if size < 28 else 0.25
    assert distance(preprocess_ink_image(drawn(size)), preprocess_strokes(SEVEN)) < limit


def test_not_a_picture():
    with pytest.raises(ValueError, match="shape"):
        preprocess_image(np.zeros((3, 3, 3)))
