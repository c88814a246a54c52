"""Test-time averaging: five views of each picture, and the mean of what is said of them."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.messages.model import ModelCard
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.test_time_augmentation import read_views, views


def bar(angle: float) -> np.ndarray:
    """A soft line through the middle, turned by an angle (clockwise, y downward)."""
    y, x = np.mgrid[:28, :28] - 13.5
    across = np.cos(angle) * x + np.sin(angle) * y
    return np.clip(2 - np.abs(across), 0, 1).astype(np.float32)


def slope(image: np.ndarray) -> float:
    """dx/dy of the line that fits the inner ink best."""
    y, x = np.mgrid[:28, :28] - 13.5
    inner = image * (np.abs(y) < 8)
    return float((inner * x * y).sum() / (inner * y * y).sum())


def test_views_are_straight_turned_and_slanted_both_ways() -> None:
    straight, *changed = views(bar(0.0)[None])
    assert np.array_equal(straight, bar(0.0)), "the first view is the picture itself"
    leans = [slope(view) for view in changed]
    # Turning by 0.08 leans a line by tan 0.08, slanting by 0.12 leans it by 0.12.
    assert leans == pytest.approx([0.08, -0.08, -0.12, 0.12], abs=0.01)


def test_bytes_and_floats_are_the_same_picture() -> None:
    image = np.rint(255 * bar(0.3)).astype(np.uint8)[None]
    np.testing.assert_allclose(views(image), views(image / np.float32(255)), atol=1e-6)


def test_the_mean_counts_picture_by_picture() -> None:
    images = np.random.default_rng(0).random((700, 28, 28), dtype=np.float32)

    def predict(pictures: np.ndarray) -> np.ndarray:
        return np.stack([pictures.mean(axis=(1, 2)), pictures[:, 14, 14]], axis=1)

    expected = predict(views(images)).reshape(5, 700, 2).mean(axis=0)
    np.testing.assert_allclose(read_views(predict, images), expected, rtol=1e-6)
    assert read_views(predict, images[:0]).shape == (0, 2)


class Counting:
    def __init__(self) -> None:
        self.seen = 0

    def predict_logits(self, images: np.ndarray, /) -> np.ndarray:
        self.seen += len(images)
        return np.zeros((len(images), 10))


@pytest.mark.parametrize(("averaging", "looks"), [(False, 3), (True, 15)])
def test_the_card_says_how_often_a_reader_looks(averaging: bool, looks: int) -> None:
    source = Counting()
    card = ModelCard(title="t", spec="flatten dense(10)", test_time_averaging=averaging)
    Reader(source, card).read_many(np.ones((3, 28, 28), dtype=np.float32))
    assert source.seen == looks
