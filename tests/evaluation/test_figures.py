"""Figures beyond accuracy, each against a count with a pencil."""

from __future__ import annotations

import math

import numpy as np
import pytest

from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.figures import (
    THRESHOLDS,
    class_scores,
    confidence_ranges,
    cross_entropy,
    risk_points,
)
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.scores import scores
from digitdesk.messages.evaluation import ClassScores
from digitdesk.messages.model import ModelCard
from digitdesk.recognition.reader import Reader

NAMES = ("a", "b", "c", "d")
#: Five of a, of which one is read as b; two of b, one read as a; none of c, read once; no d at all.
CONFUSION = np.array([[4, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]])


def test_each_class_is_counted_by_hand() -> None:
    assert class_scores(CONFUSION, NAMES) == (
        ClassScores("a", precision=4 / 5, recall=4 / 5, f1=8 / 10, support=5),
        ClassScores("b", precision=0.0, recall=0.0, f1=0.0, support=2),
        ClassScores("c", precision=0.0, recall=None, f1=0.0, support=0),
        ClassScores("d", precision=None, recall=None, f1=None, support=0),
    )


def test_the_loss_is_the_mean_surprise() -> None:
    probabilities = np.array([[0.5, 0.5], [0.25, 0.75], [1.0, 0.0]])
    labels = np.array([0, 1, 0])
    expected = -(math.log(0.5) + math.log(0.75)) / 3
    assert cross_entropy(probabilities, labels) == pytest.approx(expected)
    # What was thought impossible costs much, but is a number.
    assert 600 < cross_entropy(probabilities, np.array([0, 1, 1])) * 3 < 700


def test_confidences_are_sorted_into_ranges() -> None:
    sure = np.array([0.99, 0.95, 0.61, 0.64])
    probabilities = np.stack([sure, 1 - sure], axis=1)
    low, high = confidence_ranges(probabilities, np.array([0, 0, 0, 1]))
    assert (low.count, low.accuracy, low.confidence) == (2, 0.5, pytest.approx(0.625))
    assert (high.count, high.accuracy, high.confidence) == (2, 1.0, pytest.approx(0.97))
    assert (low.low, low.high, high.high) == (9 / 15, 10 / 15, 1.0)


def test_a_threshold_trades_answers_for_errors() -> None:
    sureness = np.array([0.2, 0.5, 0.5, 0.9, -1.0])
    is_right = np.array([False, True, False, True, True])
    points = {point.threshold: point for point in risk_points(sureness, is_right)}
    assert tuple(points) == THRESHOLDS
    assert (points[0].coverage, points[0].accuracy) == (4 / 5, 2 / 4), "the empty one never counts"
    assert (points[0.21].coverage, points[0.21].accuracy) == (3 / 5, 2 / 3)
    assert points[0.5] == type(points[0])(0.5, 3 / 5, 2 / 3), "as sure as the threshold is enough"
    assert (points[0.51].coverage, points[0.51].accuracy) == (1 / 5, 1.0)
    assert (points[0.95].coverage, points[0.95].accuracy) == (0.0, None)


class Says:
    """Answers with these logits, picture after picture."""

    def __init__(self, *logits: tuple[float, ...]) -> None:
        self._logits = np.array(logits)

    def predict_logits(self, images: np.ndarray) -> np.ndarray:
        return self._logits[(images[:, 0, 0] * 255).round().astype(int)]


def test_an_evaluation_has_them_all() -> None:
    """A right answer, a confident error, an unsure error, and an empty picture."""
    greys = np.zeros((4, 28, 28), np.float32)
    greys[:, 0, 0] = np.arange(4) / 255
    greys[:3, 9, 9] = 1
    greys[3] = 0
    logits = ((9.0, 0.0), (9.0, 0.0), (0.0, 0.5), (0.0, 9.0))
    card = ModelCard("m", "spec", class_names=("a", "b"), refusal_threshold=0.7)
    labelled = LabelledSet.of(greys, np.array([0, 1, 0, 0]))
    result = scores(evaluate(Reader(Says(*logits), card), labelled))
    assert (result.errors, result.confident_errors) == (2, 1)
    sure, unsure = 1 / (1 + math.exp(-9)), 1 / (1 + math.exp(0.5))
    expected = -(2 * math.log(sure) + math.log(1 - sure) + math.log(unsure)) / 4
    assert result.loss == pytest.approx(expected)
    assert result.threshold == 0.7
    assert result.risk[0].coverage == 3 / 4, "an empty picture is not answered"
    assert result.risk[70].coverage == 1 - result.refusals.rate  # type: ignore[union-attr]
    assert [one.support for one in result.by_class] == [3, 1]
    assert sum(part.count for part in result.reliability) == 4


def test_without_labels_there_is_nothing_to_count() -> None:
    greys = np.ones((2, 28, 28), np.float32)
    card = ModelCard("m", "spec", class_names=("a", "b"))
    reader = Reader(Says(*[(1.0, 0.0)] * 256), card)
    result = scores(evaluate(reader, LabelledSet(2, None, lambda part: greys[part])))
    assert (result.loss, result.by_class, result.reliability, result.risk) == (None, (), (), ())
    assert (result.errors, result.confident_errors) == (0, 0)
