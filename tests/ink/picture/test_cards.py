"""Digits in ballpoint on small cards, as a scanner gives them: edges in view, and faint strokes."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from digitdesk.ink.brush import stamp_capsule
from digitdesk.ink.preprocessing import preprocess_image

HEIGHT, WIDTH = 140, 90
PAPER, TABLE = 0.96, 0.25


def ring(x, y, radius_x, radius_y, begin=0.0, turns=1.0):
    """Points of an ellipse, from the top."""
    angles = -math.pi / 2 + 2 * math.pi * np.linspace(begin, begin + turns, 40)
    return np.stack([x + radius_x * np.cos(angles), y + radius_y * np.sin(angles)], axis=1)


ZERO = [ring(45, 70, 20, 34)]
FIVE = [
    np.array([[35, 40], [33, 66]]),
    ring(42, 80, 17, 17, -0.1, 0.75),
    np.array([[35, 40], [60, 38]]),
]
EIGHT = [ring(45, 54, 13, 15), ring(45, 84, 16, 16)]
DIGITS = {"0": ZERO, "5": FIVE, "8": EIGHT}


def moved(stroke, down):
    return np.asarray(stroke) + np.array([0, down])


def card(strokes, pressures=(1.0,), pen=2.2, move=(0, 0), noise=0.01):
    """A card with a digit, each stroke as dark as its pressure."""
    picture = np.full((HEIGHT, WIDTH), PAPER, dtype=np.float32)
    for k, stroke in enumerate(strokes):
        ink = np.zeros_like(picture)
        points = (stroke + np.asarray(move)).tolist()
        for start, end in itertools.pairwise(points):
            stamp_capsule(ink, start, end, pen / 2)
        picture -= ink * np.float32(0.7 * pressures[k % len(pressures)])
    rng = np.random.default_rng(0)
    picture += rng.normal(0, noise, picture.shape).astype(np.float32)
    return np.clip(picture, 0, 1)


def edge_line(picture):
    """The card's edge, some pixels from the picture's."""
    picture[4:-4, -5:-3] = TABLE
    return picture


def two_edges(picture):
    """Two of its edges, with a rounded corner between them."""
    picture[6:-3, 3:5] = TABLE
    picture[3:5, 6:-3] = TABLE
    picture[4, 5] = picture[5, 4] = TABLE
    return picture


def strip_of_table(picture):
    """A strip of what the card lies on."""
    picture[:, -6:] = TABLE
    return picture


def corner_of_table(picture):
    y, x = np.indices(picture.shape)
    picture[x + (HEIGHT - y) < 14] = TABLE
    return picture


def likeness(one, other):
    """Correlation of two prepared pictures."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@pytest.mark.parametrize("digit", DIGITS)
@pytest.mark.parametrize("around", [edge_line, two_edges, strip_of_table, corner_of_table])
def test_what_lies_along_the_edges_is_no_ink(digit, around):
    seen = preprocess_image(around(card(DIGITS[digit])))
    assert likeness(seen, preprocess_image(card(DIGITS[digit]))) > 0.97


@pytest.mark.parametrize("pressure", [0.5, 0.35, 0.25])
@pytest.mark.parametrize("digit", ["5", "8"])
def test_faint_strokes_of_a_dark_digit_are_ink(digit, pressure):
    whole = preprocess_image(card(DIGITS[digit]))
    for which in range(len(DIGITS[digit])):
        pressures = [pressure if k == which else 1.0 for k in range(3)]
        seen = preprocess_image(card(DIGITS[digit], pressures))
        assert likeness(seen, whole) > 0.85, which


@pytest.mark.parametrize("digit", DIGITS)
def test_a_speck_does_not_take_the_place_of_a_digit_at_the_edge(digit):
    """One whose foot is cut by the edge, and a piece of dust beside it."""
    strokes = DIGITS[digit]
    cut = card(strokes, move=(0, HEIGHT - 104))
    alone = preprocess_image(cut)
    cut[90:104, 12:16] = 0.4
    seen = preprocess_image(cut)
    rows = [np.ptp(np.flatnonzero(one.max(axis=1) > 0.3)) for one in (alone, seen)]
    assert rows[1] >= 0.9 * rows[0]
    assert (seen > 0.3).sum() > 0.8 * (alone > 0.3).sum()


def test_two_strokes_of_which_one_runs_off_the_paper():
    """The bar of a five is inside, its body reaches the edge: both are the digit."""
    body, bowl, bar = FIVE
    strokes = [bar, np.concatenate([moved(body, 8), moved(bowl, 30)])]
    picture = card(strokes, move=(0, 13))
    seen = preprocess_image(picture)
    rows = np.flatnonzero(seen.max(axis=1) > 0.3)
    assert np.ptp(rows) >= 17
    assert (seen[14:] > 0.3).sum() > 25, "not its bar alone"
