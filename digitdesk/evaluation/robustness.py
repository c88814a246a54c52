"""How well a model still reads pictures that are spoiled, more and more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError
from digitdesk.evaluation.chance import Chance
from digitdesk.evaluation.damages import spoiled
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.slices import Advance
from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.picture.grey_picture import as_bytes
from digitdesk.messages.evaluation import EvaluatedItem
from digitdesk.messages.exam import Damage, DamageCurve, DamagePoint, ItemDetail
from digitdesk.messages.picture import Picture
from digitdesk.metrics import accuracy, count_right, wilson_interval
from digitdesk.recognition.reader import Reader

SAMPLE = 1000
"""Pictures of a set that are spoiled, the same for every model, damage and strength."""


def sample_places(count: int, most: int = SAMPLE) -> NDArray[np.intp]:
    """Places of at most so many pictures, evenly spread over a set."""
    taken = min(count, most)
    return np.arange(taken) * count // max(1, taken)


def damage_point(
    reader: Reader, evaluated: EvaluatedSet, damage: Damage, strength: float
) -> DamagePoint:
    """How many of ``SAMPLE`` spoiled pictures are still read right.

    Raises:
        ConfigError: The strength is out of range.
        DataError: The set does not say what its pictures show.
    """
    if evaluated.labels is None:
        raise DataError(
            "These pictures have no labels", hint="Examine the model on a set that has some"
        )
    places = sample_places(len(evaluated))
    images = spoiled(_greys(evaluated, places), damage, strength, Chance(places))
    right = count_right(reader.read_many(images).argmax(axis=1), evaluated.labels[places])
    n = len(places)
    return DamagePoint(strength, accuracy(right, n), wilson_interval(right, n), n)


def damage_curve(
    reader: Reader,
    evaluated: EvaluatedSet,
    damage: Damage,
    advance: Advance = lambda done, total: None,
) -> DamageCurve:
    """The same for all strengths of a damage.

    Args:
        reader: The model.
        evaluated: The set.
        damage: In which way its pictures are spoiled.
        advance: Told how many strengths are done, and of how many; raises to stop.

    Raises:
        DataError: As for ``damage_point``.
    """
    points = []
    for done, strength in enumerate(damage.strengths):
        advance(done, len(damage.strengths))
        points.append(damage_point(reader, evaluated, damage, strength))
    advance(len(points), len(points))
    return DamageCurve(damage, tuple(points))


def damaged_item(
    reader: Reader, evaluated: EvaluatedSet, index: int, damage: Damage, strength: float
) -> ItemDetail:
    """One picture as it is spoiled, and what the model says of it then.

    Raises:
        ConfigError: The strength is out of range.
    """
    places = np.array([index])
    image = spoiled(_greys(evaluated, places), damage, strength, Chance(places))
    answers = reader.answer_many(image)
    probabilities = answers.probabilities[0]
    item = EvaluatedItem(
        Picture.of(as_bytes(image[0])),
        evaluated.label(index),
        evaluated.class_names[int(probabilities.argmax())],
        float(probabilities.max()),
        reader.reason(answers, 0) if image.any() else "empty",
        index,
    )
    return ItemDetail(item, tuple(probabilities.tolist()))


def _greys(evaluated: EvaluatedSet, places: NDArray[np.intp]) -> Float32Array:
    return evaluated.pictures[places].astype(np.float32) / np.float32(255)
