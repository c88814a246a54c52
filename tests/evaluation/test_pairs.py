"""Two exams on the same pictures, with every count done by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from digitdesk.errors import DataError
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.pairs import PairedSets
from digitdesk.messages.evaluation import EVERY_ITEM, ItemSelection
from digitdesk.metrics import mcnemar_p_value
from digitdesk.recognition.reader import Answers

NAMES = ("x", "y", "z")
LABELS = np.array([0, 0, 1, 1, 2, 2])


def said(*answers: int, sure: float = 0.8, names: tuple[str, ...] = NAMES) -> EvaluatedSet:
    probabilities = np.full((len(answers), 3), (1 - sure) / 2)
    probabilities[np.arange(len(answers)), answers] = sure
    known = Answers(probabilities, probabilities.max(axis=1), np.zeros((len(answers), 0)))
    pictures = np.zeros((len(answers), 28, 28), np.uint8)
    pictures[:, 0, 0] = np.arange(len(answers))
    return EvaluatedSet(names, pictures, LABELS[: len(answers)], known, ("",) * len(answers))


PAIR = PairedSets(said(0, 0, 1, 2, 0, 1), said(0, 1, 1, 1, 0, 0, sure=0.9))


def test_who_is_right_is_counted() -> None:
    counts = PAIR.counts()
    assert (counts.both_right, counts.only_a, counts.only_b, counts.both_wrong) == (2, 1, 1, 2)
    assert (counts.n, counts.agreed, counts.p_value) == (6, 3, 1.0)
    assert counts.agreement_matrix == ((2, 1, 0), (1, 1, 0), (0, 1, 0))


@pytest.mark.parametrize(
    ("selection", "indices"),
    [
        (EVERY_ITEM, [0, 1, 2, 3, 4, 5]),
        (ItemSelection(right_in="a"), [1]),
        (ItemSelection(right_in="b"), [3]),
        (ItemSelection(right_in="both"), [0, 2]),
        (ItemSelection(right_in="none"), [4, 5]),
        (ItemSelection(answer="x", answer_b="y"), [1]),
        (ItemSelection(label="z", answer="y"), [5]),
        (ItemSelection(right_in="none", order="label"), [4, 5]),
        (ItemSelection(confidence_above=0.85), [0, 1, 2, 3, 4, 5]),
        (ItemSelection(confidence_above=0.95), []),
    ],
)
def test_pairs_are_selected(selection: ItemSelection, indices: list[int]) -> None:
    page = PAIR.page(0, 9, selection)
    assert [item.index for item in page.items] == indices
    assert page.total == len(indices)


def test_a_pair_says_what_both_said() -> None:
    (item,) = PAIR.page(3, 1, EVERY_ITEM).items
    assert (item.label, item.a, item.b, item.index) == ("y", "z", "y", 3)
    assert (item.confidence_a, item.confidence_b) == (pytest.approx(0.8), pytest.approx(0.9))
    assert item.picture.pixels[0] == 3


def test_other_pictures_or_classes_cannot_be_paired() -> None:
    with pytest.raises(DataError, match="same labeled pictures"):
        PairedSets(said(0, 0, 1), said(0, 0))
    other = said(0, 0, 1)
    other.pictures[1, 5, 5] = 9
    with pytest.raises(DataError, match="same labeled pictures"):
        PairedSets(said(0, 0, 1), other)
    with pytest.raises(DataError, match="other classes"):
        PairedSets(said(0), said(0, names=("x", "y", "w")))


@pytest.mark.parametrize(
    ("only_a", "only_b", "by_hand"),
    [
        (0, 0, 1.0),  # they never differ
        (1, 0, 1.0),  # 2 · 1/2
        (5, 0, 2 / 32),
        (6, 1, 2 * (1 + 7) / 128),
        (8, 2, 2 * (1 + 10 + 45) / 1024),
        (3, 3, 1.0),  # as far apart as can be expected
        (10, 2, 2 * (1 + 12 + 66) / 4096),
    ],
)
def test_mcnemar_is_what_a_pencil_gives(only_a: int, only_b: int, by_hand: float) -> None:
    assert mcnemar_p_value(only_a, only_b) == pytest.approx(by_hand, rel=1e-12)
    assert mcnemar_p_value(only_b, only_a) == mcnemar_p_value(only_a, only_b)


@pytest.mark.parametrize(("only_a", "only_b"), [(41, 18), (700, 640), (1500, 1300)])
def test_mcnemar_agrees_with_whole_numbers(only_a: int, only_b: int) -> None:
    n, fewer = only_a + only_b, min(only_a, only_b)
    exact = Fraction(2 * sum(math.comb(n, k) for k in range(fewer + 1)), 2**n)
    assert mcnemar_p_value(only_a, only_b) == pytest.approx(float(exact), rel=1e-10)


def test_mcnemar_of_very_many_is_still_a_number() -> None:
    assert mcnemar_p_value(1_000_000, 1_000_000) == 1.0
    assert 0.1 < mcnemar_p_value(1_000_000, 1_002_000) < 0.2
    assert mcnemar_p_value(5_000_000, 0) == 0.0
