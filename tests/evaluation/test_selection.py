"""Pictures of an exam in every order and by every filter, and quickly."""

from __future__ import annotations

import time

import numpy as np
import pytest

from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.messages.evaluation import EVERY_ITEM, ItemSelection
from digitdesk.recognition.reader import Answers
from tests.time_limits import quickest

NAMES = ("a", "b")


def evaluated(sure: list[float], labels: list[int]) -> EvaluatedSet:
    """Every picture is read as an a where it is surer than one half, else as a b."""
    first = np.array(sure)
    probabilities = np.stack([first, 1 - first], axis=1)
    answers = Answers(probabilities, probabilities.max(axis=1), np.zeros((len(sure), 0)))
    pictures = np.zeros((len(sure), 28, 28), np.uint8)
    return EvaluatedSet(NAMES, pictures, np.array(labels), answers, ("",) * len(sure))


@pytest.mark.parametrize(
    ("selection", "indices"),
    [
        (EVERY_ITEM, [0, 1, 2, 3, 4]),
        (ItemSelection(order="confidence"), [2, 0, 3, 1, 4]),
        (ItemSelection(order="unsure"), [4, 1, 0, 3, 2]),
        (ItemSelection(order="label"), [2, 1, 4, 0, 3]),
        (ItemSelection(is_right=False, order="confidence"), [2, 1]),
        (ItemSelection(confidence_above=0.8, order="unsure"), [0, 3, 2]),
        (ItemSelection(confidence_above=0.9), [2]),
        (ItemSelection(label="unknown"), []),
    ],
)
def test_they_come_in_the_order_that_is_wanted(
    selection: ItemSelection, indices: list[int]
) -> None:
    """As sure as each other, they stay as in the file."""
    found = evaluated([0.1, 0.3, 0.01, 0.1, 0.55], [1, 0, 0, 1, 0]).page(0, 9, selection)
    assert [item.index for item in found.items] == indices
    assert found.total == len(indices)


def test_one_picture_has_all_its_probabilities() -> None:
    detail = evaluated([0.25, 0.875], [0, 0]).detail(1)
    assert detail.probabilities == (0.875, 0.125)
    assert (detail.item.index, detail.item.answer, detail.item.is_right) == (1, "a", True)
    assert detail.strokes is None


def test_a_page_of_ten_thousand_comes_at_once() -> None:
    rng = np.random.default_rng(0)
    many = evaluated(rng.random(10_000).tolist(), rng.integers(0, 2, 10_000).tolist())
    wanted = ItemSelection(is_right=False, label="a", order="confidence")

    def seconds() -> float:
        begun = time.perf_counter()
        assert len(many.page(1000, 60, wanted).items) == 60
        return time.perf_counter() - begun

    assert quickest(seconds, 0.02) < 0.02
