"""Spoiled pictures: by how much, the same every time, and only as told."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from digitdesk.data.synthetic import handwriting
from digitdesk.errors import CancelledError, ConfigError, DataError
from digitdesk.evaluation.chance import Chance
from digitdesk.evaluation.damages import DAMAGES, damage_named, spoiled
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.robustness import (
    SAMPLE,
    damage_curve,
    damage_point,
    damaged_item,
    sample_places,
)
from digitdesk.ink.picture.grey_picture import as_bytes
from digitdesk.messages.exam import Damage
from digitdesk.messages.model import ModelCard
from digitdesk.recognition.reader import Reader

COUNT = 40
IMAGES = handwriting.generate(COUNT, seed=5)[0].astype(np.float32) / np.float32(255)
PLACES = np.arange(COUNT)

every_damage = pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)


def bar(width: int = 4) -> np.ndarray:
    """A picture of one upright stroke, that wide, in the middle."""
    image = np.zeros((1, 28, 28), np.float32)
    image[0, 4:24, 14 - width // 2 : 14 + width // 2] = 1
    return image


def one(name: str, image: np.ndarray, strength: float) -> np.ndarray:
    return spoiled(image, damage_named(name), strength, Chance(np.array([0])))[0]


@every_damage
def test_each_changes_pictures_more_and_more(damage: Damage) -> None:
    before = IMAGES.copy()
    changes = [
        float(np.abs(spoiled(IMAGES, damage, strength, Chance(PLACES)) - IMAGES).mean())
        for strength in sorted(damage.strengths, key=lambda s: abs(s - damage.neutral))
    ]
    assert (before == IMAGES).all(), "what comes in stays as it was"
    assert changes[0] == 0, "the neutral strength changes nothing"
    if damage.neutral == 0:
        # Tiny dips: a stroke that is moved may come to lie on another part of itself.
        assert all(b > 0.95 * a for a, b in itertools.pairwise(changes))
    assert min(changes[1:]) > 0.001


@every_damage
def test_pictures_stay_pictures(damage: Damage) -> None:
    for strength in (damage.low, damage.default, damage.high):
        result = spoiled(IMAGES, damage, strength, Chance(PLACES))
        assert result.dtype == np.float32 and result.shape == IMAGES.shape
        assert result.min() >= 0 and result.max() <= 1


@every_damage
def test_a_picture_is_spoiled_alike_alone_and_among_others(damage: Damage) -> None:
    among = spoiled(IMAGES, damage, damage.default, Chance(PLACES))
    for place in (0, 7, COUNT - 1):
        chance = Chance(np.array([place]))
        alone = spoiled(IMAGES[place : place + 1], damage, damage.default, chance)
        np.testing.assert_allclose(alone[0], among[place], rtol=0, atol=1e-6)


@every_damage
def test_its_range_is_one_of_a_slider(damage: Damage) -> None:
    assert len(damage.strengths) == 7
    assert damage.strengths[0] == damage.low and damage.strengths[-1] == damage.high
    assert damage.low <= damage.neutral <= damage.high
    assert damage.low < damage.default < damage.high and damage.default != damage.neutral
    assert damage.unit in ("px", "°", "%")
    for strength in (damage.low - 1, damage.high + 1, float("nan")):
        with pytest.raises(ConfigError, match="not that strong"):
            spoiled(IMAGES, damage, strength, Chance(PLACES))


def test_noise_is_as_strong_as_it_says() -> None:
    grey = np.full((1, 28, 28), 0.5, np.float32)
    assert one("noise", grey, 10).std() == pytest.approx(0.1, rel=0.1)


def test_salt_and_pepper_fall_on_as_many_pixels_as_it_says() -> None:
    grey = np.full((1, 28, 28), 0.5, np.float32)
    result = one("salt-and-pepper", grey, 20)
    assert (result == 0).mean() == pytest.approx(0.1, abs=0.03)
    assert (result == 1).mean() == pytest.approx(0.1, abs=0.03)


def test_a_shift_and_a_turn_go_as_far_as_they_say() -> None:
    dot = np.zeros((1, 28, 28), np.float32)
    dot[0, 13:15, 13:15] = 1
    moved = one("shift", dot, 5)
    rows, columns = np.indices((28, 28)) - 13.5
    middle = [(moved * axis).sum() / moved.sum() for axis in (rows, columns)]
    assert np.hypot(*middle) == pytest.approx(5, abs=0.01)
    turned = one("rotation", bar(2), 45)
    assert turned.sum() == pytest.approx(bar(2).sum(), rel=0.03)
    # Upright, it varies along the rows only; at 45° as much along the columns.
    spread = [float((turned * axis**2).sum()) for axis in (rows, columns)]
    assert spread[0] == pytest.approx(spread[1], rel=0.02)


def test_turns_go_both_ways() -> None:
    damage = damage_named("rotation")
    result = spoiled(bar(2).repeat(40, axis=0), damage, 30, Chance(PLACES))
    kinds = np.unique(as_bytes(result).reshape(40, -1), axis=0)
    assert len(kinds) == 2


@pytest.mark.parametrize(
    ("name", "strength", "width"), [("thinner", 2, 2), ("thicker", 2, 6), ("thicker", 4, 8)]
)
def test_strokes_get_as_wide_as_they_say(name: str, strength: float, width: float) -> None:
    assert one(name, bar(4), strength)[14].sum() == pytest.approx(width)


def test_half_a_pixel_is_half_of_the_way() -> None:
    assert one("thinner", bar(4), 1)[14].sum() == pytest.approx(3)


def test_a_patch_covers_ink_with_paper() -> None:
    damage = damage_named("patch")
    for side in (2, 4, 7):
        full = np.ones((COUNT, 28, 28), np.float32)
        covered = (spoiled(full, damage, side, Chance(PLACES)) == 0).sum(axis=(1, 2))
        assert covered.max() == side**2, "less only where it hangs over the edge"
        assert (covered > 0).all()
    ink = bar(4).repeat(COUNT, axis=0)
    assert (spoiled(ink, damage, 3, Chance(PLACES)).sum(axis=(1, 2)) < ink[0].sum()).all()


def test_scale_and_contrast_are_shares() -> None:
    assert one("contrast", bar(), 60).max() == pytest.approx(0.4)
    tall = (one("scale", bar(), 50).sum(axis=1) > 0.5).sum()
    assert tall == pytest.approx(10, abs=1)


def test_a_blur_keeps_the_ink_and_spreads_it() -> None:
    dot = np.zeros((1, 28, 28), np.float32)
    dot[0, 14, 14] = 1
    result = one("blur", dot, 1.5)
    assert result.sum() == pytest.approx(1, abs=1e-3)
    variance = (result * (np.indices((28, 28))[0] - 14) ** 2).sum()
    assert variance == pytest.approx(1.5**2, rel=0.02)


def test_chance_is_even_and_normal() -> None:
    even = Chance(np.arange(200)).uniform(784)
    assert even.min() >= 0 and even.max() < 1
    assert even.mean() == pytest.approx(0.5, abs=0.005)
    assert abs(np.corrcoef(even[0], even[1])[0, 1]) < 0.15
    normal = Chance(np.arange(200)).normal(785)
    assert normal.shape == (200, 785)
    assert normal.mean() == pytest.approx(0, abs=0.01)
    assert normal.std() == pytest.approx(1, abs=0.01)
    assert (Chance(np.arange(3), seed=1).uniform(9) != Chance(np.arange(3)).uniform(9)).any()


def test_an_unknown_damage_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="blur") as caught:
        damage_named("blurr")
    assert "no damage 'blurr'" in str(caught.value)


class Brightness:
    """Takes a picture for an a where it has much ink."""

    def predict_logits(self, images: np.ndarray, /) -> np.ndarray:
        ink = images.reshape(len(images), -1).sum(axis=1) - 60
        return np.stack([ink, -ink], axis=1)


@pytest.fixture
def evaluated() -> EvaluatedSet:
    images = np.zeros((2500, 28, 28), np.float32)
    images[:, 4:24, 12:16] = 1  # 80 pixels
    return evaluate(reader(), LabelledSet.of(images, np.zeros(2500, int)))


def reader() -> Reader:
    return Reader(Brightness(), ModelCard("m", "none", class_names=("a", "b")))


def test_a_curve_falls_where_the_model_gives_up(evaluated: EvaluatedSet) -> None:
    curve = damage_curve(reader(), evaluated, damage_named("contrast"))
    # 80 pixels at 15 % less are 68, at 30 % less 56.
    assert [point.accuracy for point in curve.points] == [1, 1, 0, 0, 0, 0, 0]
    assert {point.n for point in curve.points} == {SAMPLE}
    low, high = curve.points[0].interval
    assert 0.99 < low < high == 1.0
    item = damaged_item(reader(), evaluated, 5, damage_named("contrast"), 30).item
    assert (item.label, item.answer, item.index) == ("a", "b", 5)
    assert max(item.picture.pixels) == round(0.7 * 255)


def test_a_curve_is_followed_and_stopped(evaluated: EvaluatedSet) -> None:
    told: list[int] = []

    def advance(done: int, total: int) -> None:
        told.append(done)
        if done == 3:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        damage_curve(reader(), evaluated, damage_named("blur"), advance)
    assert told == [0, 1, 2, 3]


def test_without_labels_nothing_can_be_right() -> None:
    images = np.ones((3, 28, 28), np.float32)
    unlabeled = evaluate(reader(), LabelledSet(3, None, lambda part: images[part]))
    with pytest.raises(DataError, match="no labels"):
        damage_point(reader(), unlabeled, damage_named("blur"), 1)


def test_the_sample_is_spread_evenly() -> None:
    assert sample_places(10_000)[:3].tolist() == [0, 10, 20]
    assert len(sample_places(10_000)) == SAMPLE
    assert sample_places(3).tolist() == [0, 1, 2]
    assert len(np.unique(sample_places(1500))) == SAMPLE
