"""Drawings are traced in pictures of them, as they are when a picture is read."""

from __future__ import annotations

import numpy as np

from digitdesk.data.strokes import traced_strokes
from digitdesk.data.synthetic.handwriting import generate_strokes
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.ink.stroke_planes import stroke_planes
from digitdesk.ink.tracing.traced import traced

RNG = np.random.default_rng(2)
DIGITS = [StrokeSample(label, "w", generate_strokes(label, RNG)) for label in range(10)]
LETTERS = [StrokeSample(-1, "w", (((0.0, 0.0), (60.0, 90.0)), ((60.0, 0.0), (0.0, 90.0))), "x")]
BAR = np.zeros((28, 28), dtype=np.uint8)
BAR[4:24, 13:16] = 255
NONE = np.zeros((0, 28, 28), dtype=np.uint8), np.zeros(0, dtype=np.uint8)
LIMIT = 40


def generated(pictures=NONE, limit: int = LIMIT, **changes):
    return traced_strokes.generate(DIGITS, LETTERS, pictures, seed=0, limit=limit, **changes)


def test_everything_is_drawn_and_traced() -> None:
    told = []
    pictures = np.stack([BAR, BAR, BAR]), np.array([1, 1, 1], dtype=np.uint8)
    planes, labels = generated(pictures, progress=lambda *done: told.append(done))
    wanted = traced_strokes.DIGIT_RENDERINGS * len(DIGITS) + len(LETTERS) + 3 + 2 * LIMIT
    assert told[-1] == (wanted, wanted)
    assert wanted - 5 <= len(planes) == len(labels) <= wanted
    assert planes.shape[1:] == (10, 28, 28) and planes.dtype == np.uint8
    assert planes.any(axis=(1, 2, 3)).all()
    counts = np.bincount(labels, minlength=13)
    assert (counts[:10] >= 2).all() and counts[10:].sum() >= LIMIT - 4


def test_the_same_seed_gives_the_same_and_a_limit_takes_the_first() -> None:
    one, other = generated(), generated()
    np.testing.assert_array_equal(one[0], other[0])
    np.testing.assert_array_equal(one[1], other[1])
    few = generated(limit=2)
    assert set(few[1][: 2 * traced_strokes.DIGIT_RENDERINGS]) == {0, 1}


def test_a_picture_is_shown_as_it_is_when_it_is_read(monkeypatch) -> None:
    monkeypatch.setattr(traced_strokes, "augment", lambda images, rng, strength: images)
    planes, labels = generated((BAR[None], np.array([1], dtype=np.uint8)), limit=1)
    (strokes,) = traced([BAR / np.float32(255)])
    wanted = stroke_planes(strokes)
    assert wanted is not None
    assert labels[-1] == 1
    np.testing.assert_allclose(planes[-1] / 255, wanted, atol=0.01)


def test_what_has_no_line_is_left_out() -> None:
    blank = np.zeros((5, 28, 28), dtype=np.uint8), np.ones(5, dtype=np.uint8)
    with_blanks, without = generated(blank), generated()
    assert len(with_blanks[1]) == len(without[1])
