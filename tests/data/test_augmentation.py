"""Augmentation: nothing changes at strength 0, digits stay digits, seeds decide everything."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.data.augmentation import augment
from digitdesk.data.batches import shuffled_batches
from digitdesk.data.strokes.stroke_augmentation import StrokeStyle, augment_strokes, render_varied
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.preprocessing import preprocess_strokes

SEVEN = (((60, 60), (180, 62), (150, 120), (110, 230)), ((90, 140), (170, 138)))
STILL = StrokeStyle(rotation=0, shear=0, log_aspect=0, displacement=0, pen_px=(2.5, 2.5))


@pytest.fixture
def images():
    return np.repeat(preprocess_strokes(SEVEN)[None], 200, axis=0)


def test_strength_zero_changes_nothing(images):
    np.testing.assert_array_equal(augment(images, np.random.default_rng(0), strength=0), images)
    nearly = augment(images, np.random.default_rng(0), strength=1e-6)
    np.testing.assert_allclose(nearly, images, atol=1e-4)


@pytest.mark.parametrize("count", [1, 31, 32, 33, 200])
def test_any_number_and_the_input_is_left_alone(images, count):
    before = images[:count].copy()
    changed = augment(images[:count], np.random.default_rng(1), strength=1.0)
    np.testing.assert_array_equal(images[:count], before)
    assert changed.shape == before.shape and changed.dtype == np.float32
    assert changed.min() >= 0 and changed.max() <= 1


def test_images_differ_but_keep_their_ink_and_place(images):
    changed = augment(images, np.random.default_rng(2), strength=1.0)
    assert np.abs(changed[0] - changed[1]).sum() > 10
    ink = changed.sum(axis=(1, 2)) / images[0].sum()
    assert 0.9 < ink.mean() < 1.15 and ink.min() > 0.4 and ink.max() < 2
    mean = changed.mean(axis=0)
    shift = np.arange(28) @ (
        mean.sum(axis=1) / mean.sum() - images[0].sum(axis=1) / images[0].sum()
    )
    assert abs(shift) < 0.4


def test_the_seed_decides(images):
    first, again, other = (augment(images, np.random.default_rng(s)) for s in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_batches_hold_every_index_once():
    batches = list(shuffled_batches(103, 10, np.random.default_rng(0)))
    assert [len(batch) for batch in batches] == [10] * 10 + [3]
    assert sorted(np.concatenate(batches).tolist()) == list(range(103))
    again = list(shuffled_batches(103, 10, np.random.default_rng(0)))
    assert all(map(np.array_equal, batches, again))
    assert list(shuffled_batches(0, 10, np.random.default_rng(0))) == []
    with pytest.raises(ValueError, match="at least one"):
        next(shuffled_batches(3, 0, np.random.default_rng(0)))


def test_strokes_without_change_are_only_centered():
    ink = InkBatch.from_drawings([SEVEN, [[(5, 5)]]])
    moved = augment_strokes(ink, np.random.default_rng(0), STILL)
    np.testing.assert_allclose(
        moved.points * 170 + [120, 145], [*SEVEN[0], *SEVEN[1], (120, 145)], atol=1e-3
    )
    picture = render_varied(ink, np.random.default_rng(0), STILL)[0]
    np.testing.assert_array_equal(picture, np.round(preprocess_strokes(SEVEN) * 255))


def test_each_change_does_what_its_name_says():
    square = InkBatch.from_drawings([[[(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]]]).repeated(
        400
    )

    def spread(**changes):
        style = StrokeStyle(
            **{"rotation": 0, "shear": 0, "log_aspect": 0, "displacement": 0, **changes}
        )
        points = augment_strokes(square, np.random.default_rng(0), style).points
        corners = points.reshape(400, 5, 2)
        top, side = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
        return {
            "rotation": np.arctan2(top[:, 1], top[:, 0]).std(),
            "shear": (-side[:, 0] / side[:, 1]).std(),
            "log_aspect": np.log(top[:, 0] / side[:, 1]).std(),
        }

    assert spread()["rotation"] == pytest.approx(0, abs=1e-6)
    for name in ("rotation", "shear", "log_aspect"):
        assert spread(**{name: 0.2})[name] == pytest.approx(0.2, rel=0.15)
    assert spread(displacement=0.03)["rotation"] > 0.01
