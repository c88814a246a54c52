"""How often a reader is right: accuracy with its interval, by class, and what it confuses.

The best guess counts on every item, however unsure it was.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.evaluation.figures import (
    class_scores,
    confidence_ranges,
    cross_entropy,
    risk_points,
)
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.messages.evaluation import CONFIDENT, Evaluation, Refusals
from digitdesk.metrics import (
    accuracy,
    confusion_matrix,
    expected_calibration_error,
    wilson_interval,
)

_COVERAGES = 20


def scores(evaluated: EvaluatedSet) -> Evaluation:
    """What can be counted of an evaluated set; without labels, only how many were refused."""
    labels, names = evaluated.labels, evaluated.class_names
    refusals = _refusals(evaluated)
    if labels is not None:
        probabilities = evaluated.answers.probabilities
        is_confident = evaluated.confidence > CONFIDENT
        return dataclasses.replace(
            compare(evaluated.predicted, labels, names),
            calibration_error=expected_calibration_error(probabilities, labels),
            refusals=refusals,
            loss=cross_entropy(probabilities, labels),
            confident_errors=int(np.count_nonzero(is_confident & ~evaluated.is_right)),
            reliability=confidence_ranges(probabilities, labels),
            risk=risk_points(_sureness(evaluated), evaluated.is_right),
            threshold=evaluated.threshold,
        )
    return Evaluation(
        accuracy=None,
        n=len(evaluated.reasons),
        correct=0,
        interval=None,
        per_class_accuracy=(),
        confusion_matrix=(),
        class_names=names,
        refusals=dataclasses.replace(refusals, answered_accuracy=None, risk_coverage=()),
        threshold=evaluated.threshold,
    )


def _sureness(evaluated: EvaluatedSet) -> NDArray[np.float64]:
    """How sure each answer is; that to an empty picture is refused at any threshold."""
    is_empty = np.array([reason == "empty" for reason in evaluated.reasons])
    return np.where(is_empty, -1.0, evaluated.answers.sureness)


def compare(
    predicted: NDArray[Any], labels: NDArray[Any], class_names: tuple[str, ...]
) -> Evaluation:
    """Count how often a prediction is the label.

    Args:
        predicted: (N,) class indices, one or more.
        labels: (N,) class indices.
        class_names: One name per class.
    """
    confusion = confusion_matrix(labels, predicted, len(class_names))
    n, correct = len(labels), int(np.trace(confusion))
    return Evaluation(
        accuracy=accuracy(correct, n),
        n=n,
        correct=correct,
        interval=wilson_interval(correct, n),
        per_class_accuracy=tuple(
            accuracy(int(row[k]), int(row.sum())) if row.any() else None
            for k, row in enumerate(confusion)
        ),
        confusion_matrix=tuple(tuple(row) for row in confusion.tolist()),
        class_names=class_names,
        by_class=class_scores(confusion, class_names),
    )


def _refusals(evaluated: EvaluatedSet) -> Refusals:
    reasons, is_right, is_answered = evaluated.reasons, evaluated.is_right, ~evaluated.is_refused
    answered = int(np.count_nonzero(is_answered))
    # Sorted surest first: the risk of answering only the first so many.
    order = np.argsort(-evaluated.answers.sureness, kind="stable")
    wrong = np.cumsum(~is_right[order])
    points = [max(1, round(len(order) * part / _COVERAGES)) for part in range(1, _COVERAGES + 1)]
    return Refusals(
        count=len(reasons) - answered,
        rate=(len(reasons) - answered) / len(reasons),
        answered_accuracy=(
            accuracy(int(np.count_nonzero(is_right & is_answered)), answered) if answered else None
        ),
        reasons={reason: n for reason, n in Counter(reasons).most_common() if reason},
        risk_coverage=tuple((n / len(order), float(wrong[n - 1] / n)) for n in points),
    )
