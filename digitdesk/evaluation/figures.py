"""Figures of an evaluated set beyond its accuracy: by class, how sure, and at which price."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.evaluation import ClassScores, ConfidenceRange, RiskPoint
from digitdesk.metrics import reliability

THRESHOLDS = (*(k / 100 for k in range(100)), 0.995, 0.998, 0.999, 0.9995, 0.9999)
"""Closer together where most answers of a good network lie."""

_LEAST_PROBABILITY = 1e-300
"""A label that was thought impossible costs 690, not infinitely much."""


def cross_entropy(probabilities: NDArray[np.float64], labels: NDArray[Any]) -> float:
    """Mean of −log p(label), the loss that training makes small.

    Shapes:
        (N, classes), (N,) → number; N is at least 1.
    """
    of_label = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(of_label, _LEAST_PROBABILITY)).mean())


def class_scores(confusion: NDArray[np.int64], names: tuple[str, ...]) -> tuple[ClassScores, ...]:
    """Precision, recall, F1 and support of each class.

    Args:
        confusion: (classes, classes) counts, a row is what it was, a column what was read.
        names: One per class.

    Source:
        C. J. van Rijsbergen, "Information Retrieval", 2nd edition (1979), chapter 7.
    """
    right, shown, said = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    counts = zip(names, right.tolist(), shown.tolist(), said.tolist(), strict=True)
    return tuple(
        ClassScores(
            name,
            precision=hits / answers if answers else None,
            recall=hits / support if support else None,
            f1=2 * hits / (support + answers) if support + answers else None,
            support=support,
        )
        for name, hits, support, answers in counts
    )


def confidence_ranges(
    probabilities: NDArray[np.float64], labels: NDArray[Any]
) -> tuple[ConfidenceRange, ...]:
    """A reliability diagram: mean confidence and accuracy in equally wide ranges of confidence.

    Shapes:
        (N, classes), (N,) → those of fifteen ranges in which there is an answer.
    """
    return tuple(
        ConfidenceRange(found.low, found.high, found.count, found.confidence, found.accuracy)
        for found in reliability(probabilities, labels)
    )


def risk_points(
    sureness: NDArray[np.float64], is_right: NDArray[np.bool_]
) -> tuple[RiskPoint, ...]:
    """How many pictures are answered, and how many of those right, by ``THRESHOLDS``.

    Args:
        sureness: (N,) how sure the best class is; below 0 where there is never an answer.
        is_right: (N,) whether the best class is the label.
    """
    order = np.argsort(sureness, kind="stable")
    # How many right ones there are from each place on, when the surest come last.
    right_from = np.append(np.cumsum(is_right[order][::-1])[::-1], 0)
    first = np.searchsorted(sureness[order], THRESHOLDS, side="left")
    n = len(sureness)
    return tuple(
        RiskPoint(
            threshold,
            coverage=(n - place) / n,
            accuracy=right / (n - place) if place < n else None,
        )
        for threshold, place, right in zip(
            THRESHOLDS, first.tolist(), right_from[first].tolist(), strict=True
        )
    )
