"""Evaluation counts what a person with a pencil would count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitdesk.errors import DataError
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.scores import compare, scores
from digitdesk.messages.model import ModelCard
from digitdesk.recognition.reader import Reader

NAMES = ("a", "b", "c")


def test_a_case_counted_by_hand() -> None:
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1], np.uint8)
    predicted = np.array([0, 0, 0, 1, 1, 1, 1, 1, 1, 2])
    result = compare(predicted, labels, NAMES)
    assert (result.n, result.correct, result.accuracy) == (10, 8, 0.8)
    assert result.confusion_matrix == ((3, 1, 0), (0, 5, 1), (0, 0, 0))
    assert result.per_class_accuracy == (0.75, 5 / 6, None)
    # Wilson's interval for 8 of 10, as published: 0.4902 to 0.9433.
    assert result.interval == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert result.class_names == NAMES


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=50))
def test_it_agrees_with_counting_one_by_one(pairs: list[tuple[int, int]]) -> None:
    labels = np.array([actual for actual, _ in pairs], np.uint8)
    result = compare(np.array([guess for _, guess in pairs]), labels, NAMES)
    for actual in range(3):
        for guess in range(3):
            assert result.confusion_matrix[actual][guess] == pairs.count((actual, guess))
    assert result.correct == sum(actual == guess for actual, guess in pairs)
    assert result.interval is not None and result.accuracy is not None
    low, high = result.interval
    assert 0 <= low <= result.accuracy <= high <= 1


class Brightness:
    """Says class 0, 1 or 2 for dark, grey and bright pictures."""

    def predict_logits(self, images: Any, /) -> Any:
        brightness = images.mean(axis=(1, 2))
        return -np.abs(brightness[:, np.newaxis] - np.array([0.0, 0.5, 1.0]))


def test_pictures_are_read_and_compared() -> None:
    levels = np.array([0, 0.5, 1, 1], np.float32)
    pictures = np.ones((4, 28, 28), np.float32) * levels[:, np.newaxis, np.newaxis]
    reader = Reader(Brightness(), ModelCard("t", "none", class_names=NAMES))
    result = scores(evaluate(reader, LabelledSet.of(pictures, np.array([0, 1, 2, 0]))))
    assert result.correct == 3, "an empty picture gets the network's best guess, too"
    assert result.confusion_matrix == ((1, 0, 1), (0, 1, 0), (0, 0, 1))


@pytest.mark.parametrize(
    ("count", "labels", "sentence"),
    [
        (0, [], "nothing to evaluate"),
        (2, [0], "do not belong together"),
        (1, [3], "0 to 2.*3 to 3"),
        (1, [-1], "0 to 2.*-1 to -1"),
    ],
)
def test_sets_that_do_not_fit_are_refused(count: int, labels: list[int], sentence: str) -> None:
    reader = Reader(Brightness(), ModelCard("t", "none", class_names=NAMES))
    with pytest.raises(DataError, match=sentence):
        pictures = np.zeros((count, 28, 28), np.float32)
        evaluate(reader, LabelledSet.of(pictures, np.array(labels, np.int64)))
