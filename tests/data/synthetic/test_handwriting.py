"""Made-up and real handwriting: quick, repeatable, and the same to look at as the board's ink."""

from __future__ import annotations

import time

import numpy as np
import pytest

from digitdesk.data.datasets import load_dataset
from digitdesk.data.strokes.pendigits import read_pendigits, render_samples
from digitdesk.data.strokes.stroke_augmentation import StrokeStyle
from digitdesk.data.synthetic import handwriting
from digitdesk.data.synthetic.skeleton_curves import Hand, draw_variant
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.ink.stroke_file import StrokeSample

CALM = Hand(spread=1, node_jitter=0, stroke_shift=0, end_slip=0, hook_chance=0, tremor=0)


def test_every_digit_has_its_usual_variants():
    names = {
        label: [v.name for v in handwriting.VARIANTS if v.label == label] for label in range(10)
    }
    assert all(len(names[label]) >= 3 for label in range(10))
    assert len({(variant.label, variant.name) for variant in handwriting.VARIANTS}) == len(
        handwriting.VARIANTS
    )


def nodes_of(variant):
    texts = [word for master in variant.masters for stroke in master for word in stroke.split()]
    return np.array([text.removeprefix("^").split(",") for text in texts], dtype=float)


@pytest.mark.parametrize("variant", handwriting.VARIANTS, ids=lambda v: f"{v.label} {v.name}")
def test_masters_of_a_variant_fit_together(variant):
    strokes = draw_variant(variant, 20, np.random.default_rng(0), CALM)
    assert len(strokes) == len(variant.masters[0])
    for points in strokes:
        assert points.shape[0] == 20 and points.shape[2] == 2
        # Curves stay near their nodes: no wild swings between uneven nodes.
        nodes = nodes_of(variant)
        assert (points >= nodes.min(axis=0) - 12).all()
        assert (points <= nodes.max(axis=0) + 12).all()
        steps = np.linalg.norm(np.diff(points, axis=1), axis=2)
        assert steps.max() < 25


def test_seed_count_and_balance():
    images, labels = handwriting.generate(600, seed=5)
    again, again_labels = handwriting.generate(600, seed=5)
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, again_labels)
    other, _ = handwriting.generate(600, seed=6)
    assert not np.array_equal(images, other)
    assert images.shape == (600, 28, 28) and images.dtype == np.uint8
    assert np.bincount(labels, minlength=10).min() > 30
    # Variants are mixed, not one after the other.
    assert np.count_nonzero(np.diff(labels.astype(int))) > 400
    assert len({image.tobytes() for image in images}) == 600


def test_progress_is_told():
    told = []
    handwriting.generate(30, seed=0, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (30, 30)


def test_ink_is_that_of_the_board():
    images, _ = handwriting.generate(300, seed=0)
    rng = np.random.default_rng(0)
    drawn = [preprocess_strokes(handwriting.generate_strokes(n % 10, rng)) for n in range(300)]
    assert images.max() == 255 and images.min() == 0
    made, board = images.mean() / 255, np.mean(drawn)
    assert made == pytest.approx(board, rel=0.25)


@pytest.mark.parametrize("label", range(10))
def test_strokes_fill_a_board(label):
    strokes = handwriting.generate_strokes(label, np.random.default_rng(label))
    points = np.array([point for stroke in strokes for point in stroke])
    assert points.min() >= 39.9 and points.max() <= 240.1
    assert preprocess_strokes(strokes).sum() > 20


def test_no_such_digit():
    with pytest.raises(ValueError, match="no digit 10"):
        handwriting.generate_strokes(10, np.random.default_rng(0))


def test_generation_is_quick():
    started = time.process_time()
    handwriting.generate(1000, seed=0)
    # About 0.3 s on one core; the limit leaves room for a slower one.
    assert time.process_time() - started < 3


def test_built_in_set(tmp_path, monkeypatch):
    monkeypatch.setattr(handwriting, "TRAIN_COUNT", 200)
    monkeypatch.setattr(handwriting, "TEST_COUNT", 50)
    first, second = (
        load_dataset("handwriting", data_dir=None, user_data=tmp_path, seed=seed) for seed in (0, 1)
    )
    assert (len(first.train_labels), len(first.test_labels)) == (200, 50)
    np.testing.assert_array_equal(first.test_images, second.test_images)
    assert first.sha256 != second.sha256
    joined = load_dataset("handwriting+handwriting", data_dir=None, user_data=tmp_path)
    assert (len(joined.train_labels), len(joined.test_labels)) == (400, 50)


def test_what_is_tested_on_is_drawn_once_and_nobody_writes_to_it(monkeypatch):
    monkeypatch.setattr(handwriting, "TEST_COUNT", 37)

    def stop():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        handwriting.test_part(stop)
    images, labels = handwriting.test_part()
    drawn, drawn_labels = handwriting.generate(37, seed=handwriting.TEST_SEED)
    np.testing.assert_array_equal(images, drawn)
    np.testing.assert_array_equal(labels, drawn_labels)
    assert handwriting.test_part()[0] is images
    for array in (images, labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_renderings_of_a_sample_are_its_preprocessed_strokes():
    sample = StrokeSample(4, "1", (((0, 0), (0, 50), (60, 50)), ((40, 10), (40, 90))))
    still = StrokeStyle(rotation=0, shear=0, log_aspect=0, displacement=0, pen_px=(2.5, 2.5))
    images, labels = render_samples([sample] * 3, seed=0, renderings=2, style=still)
    assert images.shape == (6, 28, 28) and labels.tolist() == [4] * 6
    expected = np.round(preprocess_strokes(sample.strokes, pen_px=2.5) * 255)
    for image in images:
        np.testing.assert_allclose(image, expected, atol=1)
    varied, _ = render_samples([sample] * 3, seed=0, renderings=2)
    assert len({image.tobytes() for image in varied}) == 6
    more, _ = render_samples([sample] * 3, seed=0, renderings=3)
    np.testing.assert_array_equal(more[:6], varied)


def test_the_real_pen_digits(pendigits_file):
    samples = read_pendigits(pendigits_file.parent)
    assert len(samples) == 7494
    assert {sample.writer for sample in samples} == {str(number) for number in range(1, 31)}
    assert np.bincount([sample.label for sample in samples])[0] == 780
