"""Lines to train by show what they say they show, and are as a network for lines sees lines."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.data.synthetic.lines import LONGEST, NAMES, WIDTH, LineSources, make_lines
from digitdesk.data.synthetic.signed_numbers import in_one_stroke
from digitdesk.ink.line_picture import ROWS
from tests.number_support import DRAWINGS, SIGNS, sample

COUNT = 300


@pytest.fixture(scope="module")
def sources() -> LineSources:
    image = np.zeros((28, 28), dtype=np.uint8)
    image[4:24, 12:16] = 255
    signs = {
        sign: [tuple(tuple((x / 100, y / 100) for x, y in stroke) for stroke in drawing)]
        for sign, drawing in SIGNS.items()
    }
    return LineSources([[sample(k) for k in DRAWINGS]], signs, image[np.newaxis], np.array([1]))


@pytest.fixture(scope="module")
def made(sources: LineSources):
    return make_lines(sources, COUNT, np.random.default_rng(1))


def test_they_are_lines_of_every_digit_and_sign(made) -> None:
    greys, labels = made
    assert greys.shape == (COUNT, ROWS, WIDTH)
    assert greys.dtype == np.uint8
    assert labels.shape == (COUNT, LONGEST)
    assert set(labels.ravel().tolist()) == {-1, *range(len(NAMES))}
    assert (labels[:, 0] >= 0).all()


def test_longer_numbers_are_wider_and_none_leaves_the_line(made) -> None:
    greys, labels = made
    columns = greys.max(axis=1) > 60
    widths = np.array([np.ptp(np.flatnonzero(row)) for row in columns])
    lengths = (labels >= 0).sum(axis=1)
    assert np.corrcoef(widths, lengths)[0, 1] > 0.7
    assert not columns[:, 0].any()
    assert not columns[:, -1].any()
    assert (greys.max(axis=(1, 2)) > 100).all()


def test_a_seed_decides_everything(sources: LineSources, made) -> None:
    again = make_lines(sources, COUNT, np.random.default_rng(1))
    other = make_lines(sources, COUNT, np.random.default_rng(2))
    assert all(map(np.array_equal, again, made))
    assert not np.array_equal(other[0], made[0])


def test_a_pen_that_is_not_lifted_goes_through_every_stroke_from_either_end() -> None:
    down, across = ((5.0, 0.0), (5.0, 10.0)), ((0.0, 5.0), (10.0, 5.0))
    rng = np.random.default_rng(4)
    found = {in_one_stroke((down, across), rng) for _ in range(20)}
    assert found == {(down + across,), (down + across[::-1],)}
    assert in_one_stroke((down,), rng) == (down,)
