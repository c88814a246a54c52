"""An exam gives to think about what is true of it, and advises what is not in use yet."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from digitdesk.evaluation.advice import advice
from digitdesk.evaluation.damages import DAMAGES
from digitdesk.evaluation.scores import compare
from digitdesk.messages.evaluation import ClassScores, ConfidenceRange, Evaluation
from digitdesk.messages.exam import DamageCurve, DamagePoint
from digitdesk.messages.hint import REASONS, reason_of_exam_hint
from digitdesk.messages.model import ModelCard
from digitdesk.messages.run import Suggestion

CARD = ModelCard("Mine", "softmax")
AUGMENTED = dataclasses.replace(CARD, config={"augmentation": 0.5, "label_smoothing": 0.1})
NAMES = ("a", "b", "c")


def evaluation(*rows: tuple[int, int, int], confidence: float = 0.9) -> Evaluation:
    """From a confusion matrix, with all answers as sure as said."""
    pairs = [(i, j) for i, row in enumerate(rows) for j, n in enumerate(row) for _ in range(n)]
    labels, answers = (np.array(side) for side in zip(*pairs, strict=True))
    result = compare(answers, labels, NAMES)
    by_class = tuple(
        ClassScores(name, None, row[k] / max(1, sum(row)), None, sum(row))
        for k, (name, row) in enumerate(zip(NAMES, rows, strict=True))
    )
    sure = ConfidenceRange(0.8, 1.0, result.n, confidence, result.accuracy or 0.0)
    return dataclasses.replace(result, by_class=by_class, reliability=(sure,))


GOOD = evaluation((190, 5, 5), (4, 190, 6), (10, 0, 190), confidence=0.95)
WEAK = evaluation((140, 12, 48), (2, 198, 0), (0, 0, 200), confidence=0.9)


def curve(name: str, *accuracies: float) -> DamageCurve:
    damage = next(one for one in DAMAGES if one.name == name)
    points = zip(damage.strengths, accuracies, strict=True)
    return DamageCurve(damage, tuple(DamagePoint(s, a, (a, a), 1000) for s, a in points))


def said(result: Evaluation, card: ModelCard = CARD, *curves: DamageCurve) -> dict[str, object]:
    return {hint.kind: hint.suggestion for hint in advice(card, result, curves)}


def test_a_good_exam_gives_nothing_to_think_about() -> None:
    steady = [curve(damage.name, *[0.95] * 7) for damage in DAMAGES]
    assert said(GOOD, CARD, *steady) == {}


def test_few_pictures_say_little() -> None:
    (hint,) = advice(CARD, evaluation((30, 1, 1), (1, 30, 1), (1, 1, 30)), ())
    assert hint.kind == "small-set"
    assert hint.sentence.startswith("These are only 96 pictures: the accuracy could as well be 87")


def test_a_weak_class_is_named_with_what_it_is_taken_for() -> None:
    (hint,) = advice(CARD, WEAK, ())
    assert hint.sentence == (
        "Of a, only 70.00 % are read right; most of the others are taken for c."
    )
    assert hint.suggestion == Suggestion("augmentation", 0.5)
    assert said(WEAK, AUGMENTED) == {"weak-class": None}
    # Two of three wrong of a class of which there are only three may be chance.
    assert said(evaluation((1, 2, 0), (2, 198, 0), (0, 0, 200))) == {}


def test_answers_that_are_surer_than_right_are_named() -> None:
    surer = evaluation((170, 15, 15), (15, 170, 15), (15, 15, 170), confidence=0.97)
    (hint,) = advice(CARD, surer, ())
    assert hint.sentence == "It is 97.00 % sure on average, and right 85.00 % of the time."
    assert hint.suggestion == Suggestion("label_smoothing", 0.1)
    assert said(surer, AUGMENTED) == {"too-sure": None}
    honest = evaluation((170, 15, 15), (15, 170, 15), (15, 15, 170), confidence=0.87)
    assert said(honest) == {}


@pytest.mark.parametrize("name", ["rotation", "shift", "scale"])
def test_what_breaks_it_although_people_hardly_notice_is_named(name: str) -> None:
    damage = next(one for one in DAMAGES if one.name == name)
    fragile = [0.95 if strength == damage.neutral else 0.6 for strength in damage.strengths]
    (hint,) = advice(CARD, GOOD, (curve(name, *fragile),))
    assert hint.kind == f"breaks-by-{name}"
    assert hint.sentence.endswith(f"of {name} it reads 60.00 % instead of 95.00 %.")
    assert hint.suggestion == Suggestion("augmentation", 0.5)


def test_what_breaks_it_for_everybody_or_for_no_training_is_not() -> None:
    strong = curve("rotation", 0.95, 0.94, 0.93, 0.6, 0.4, 0.3, 0.2)
    assert strong.damage.strengths[3] > 20
    assert said(GOOD, CARD, strong, curve("blur", 0.95, *[0.1] * 6)) == {}


def test_without_labels_there_is_nothing_to_say() -> None:
    unlabelled = dataclasses.replace(WEAK, accuracy=None, interval=None)
    assert said(unlabelled) == {}


def test_every_hint_has_its_reason() -> None:
    hints = [
        *advice(CARD, WEAK, (curve("shift", 0.95, *[0.1] * 6),)),
        *advice(CARD, evaluation((30, 1, 1), (1, 30, 1), (1, 1, 30)), ()),
    ]
    assert {reason_of_exam_hint(hint) for hint in hints} == {
        REASONS["weak-class"], REASONS["breaks"], REASONS["small-set"]
    }  # fmt: skip
