"""What an exam gives to think about, and which setting of a next run usually helps.

Plain comparisons of numbers, as the rules about a run (``training/diagnosis/rules.py``); why it is
so is said by ``messages.hint``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digitdesk.messages.evaluation import ClassScores, Evaluation
from digitdesk.messages.exam import DamageCurve, ExamHint
from digitdesk.messages.model import ModelCard
from digitdesk.messages.percent import percent
from digitdesk.messages.run import Suggestion
from digitdesk.metrics import wilson_interval

_FEW = 300
_FEWEST_OF_A_CLASS, _WEAKER_BY = 20, 0.05
_SURER_BY = 0.03
_LOSES = 0.1
_AUGMENTED = 0.5
_SLIGHT = {"rotation": 20.0, "shift": 3.0, "scale": 30.0}
"""By how much a picture may be damaged so that people hardly notice, in the damage's units; those
that augmentation trains for."""


def advice(
    card: ModelCard, evaluation: Evaluation, curves: Sequence[DamageCurve]
) -> tuple[ExamHint, ...]:
    """What is worth saying of an exam, the most general first.

    Args:
        card: Of the model.
        evaluation: Its figures; without labels there is nothing to say.
        curves: How it bears damages, as far as that is known.
    """
    if evaluation.accuracy is None:
        return ()
    return (
        *_of_few(evaluation),
        *_of_a_weak_class(card, evaluation),
        *_of_too_sure_answers(card, evaluation),
        *(hint for curve in curves for hint in _of_damage(card, curve)),
    )


def _of_few(evaluation: Evaluation) -> Iterator[ExamHint]:
    if evaluation.n < _FEW and evaluation.interval is not None:
        low, high = evaluation.interval
        yield ExamHint(
            "small-set",
            f"These are only {evaluation.n:,} pictures: the accuracy could as well be "
            f"{percent(low, 0)} or {percent(high, 0)}. Examine on more.",
        )


def _of_a_weak_class(card: ModelCard, evaluation: Evaluation) -> Iterator[ExamHint]:
    assert evaluation.accuracy is not None
    counted = [
        one
        for one in evaluation.by_class
        if one.recall is not None and one.support >= _FEWEST_OF_A_CLASS
    ]
    if len(counted) < 2:
        return
    weakest = min(counted, key=lambda one: one.recall or 0.0)
    right = round((weakest.recall or 0.0) * weakest.support)
    is_no_chance = wilson_interval(right, weakest.support)[1] < evaluation.accuracy
    if is_no_chance and evaluation.accuracy - (weakest.recall or 0.0) >= _WEAKER_BY:
        yield ExamHint(
            "weak-class",
            f"Of {weakest.name}, only {percent(weakest.recall or 0.0)} are read right; most of the "
            f"others are taken for {_taken_for(evaluation, weakest)}.",
            _more_variety(card),
        )


def _taken_for(evaluation: Evaluation, one: ClassScores) -> str:
    """The name of the class that most of a class's wrong answers are."""
    place = evaluation.class_names.index(one.name)
    row = evaluation.confusion_matrix[place]
    others = [k for k in range(len(row)) if k != place]
    return evaluation.class_names[max(others, key=lambda k: row[k])]


def _of_too_sure_answers(card: ModelCard, evaluation: Evaluation) -> Iterator[ExamHint]:
    assert evaluation.accuracy is not None
    count = sum(one.count for one in evaluation.reliability)
    if count < _FEW:
        return
    sure = sum(one.count * one.confidence for one in evaluation.reliability) / count
    if sure - evaluation.accuracy >= _SURER_BY:
        is_smoothed = float(card.config.get("label_smoothing") or 0.0) > 0
        yield ExamHint(
            "too-sure",
            f"It is {percent(sure)} sure on average, and right {percent(evaluation.accuracy)} of "
            "the time.",
            None if is_smoothed else Suggestion("label_smoothing", 0.1),
        )


def _of_damage(card: ModelCard, curve: DamageCurve) -> Iterator[ExamHint]:
    damage = curve.damage
    slight = _SLIGHT.get(damage.name)
    if slight is None:
        return
    unharmed = min(curve.points, key=lambda point: abs(point.strength - damage.neutral))
    hurt = [
        point
        for point in curve.points
        if 0 < abs(point.strength - damage.neutral) <= slight
        and unharmed.accuracy - point.accuracy >= _LOSES
    ]
    if hurt:
        first = min(hurt, key=lambda point: abs(point.strength - damage.neutral))
        yield ExamHint(
            f"breaks-by-{damage.name}",
            f"At {first.strength:g} {damage.unit} of {damage.name} it reads "
            f"{percent(first.accuracy)} instead of {percent(unharmed.accuracy)}.",
            _more_variety(card),
        )


def _more_variety(card: ModelCard) -> Suggestion | None:
    """Augmentation, where the model was trained with less of it."""
    known = float(card.config.get("augmentation") or 0.0)
    return None if known >= _AUGMENTED else Suggestion("augmentation", _AUGMENTED)
