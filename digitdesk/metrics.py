"""What is counted of answers, once for training, evaluation and comparison.

How many are right and how sure that is, which class was read as which, how two readers differ, and
whether confidences are honest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def count_right(answers: NDArray[Any], labels: NDArray[Any]) -> int:
    """How many answers (N,) are the label (N,)."""
    return int(np.count_nonzero(answers == labels))


def accuracy(correct: int, n: int) -> float:
    """Part of ``n`` items that were read right, 0 … 1; 0 where nothing was read."""
    return correct / n if n else 0.0


def wilson_interval(correct: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Interval that holds the true accuracy with the confidence ``z`` stands for (95 %).

    It stays inside 0 … 1 and is honest near 100 %, where the textbook's normal interval is not.

    Args:
        correct: Items read right.
        n: Items read.
        z: Quantile of the normal distribution.

    Returns:
        Lower and upper end, 0 … 1; the whole range where nothing was read.

    Source:
        E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
        Journal of the American Statistical Association 22 (1927), 209-212.
    """
    if n == 0:
        return 0.0, 1.0
    ratio = correct / n
    scale = 1 + z * z / n
    middle = (ratio + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(ratio * (1 - ratio) / n + z * z / (4 * n * n))
    low = 0.0 if correct == 0 else max(0.0, middle - half)
    high = 1.0 if correct == n else min(1.0, middle + half)
    return low, high


def confusion_matrix(
    actual: NDArray[Any], predicted: NDArray[Any], classes: int
) -> NDArray[np.int64]:
    """How often each class was read as each.

    Shapes:
        (N,) and (N,) class indices → (classes, classes): a row is what it was, a column what was
        read.
    """
    pairs = np.asarray(actual, dtype=np.int64) * classes + predicted
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


@dataclass(frozen=True, slots=True)
class PairedCounts:
    """How two readers did on the same items."""

    both_right: int
    only_a: int
    only_b: int
    both_wrong: int


def paired_counts(a: NDArray[Any], b: NDArray[Any], labels: NDArray[Any]) -> PairedCounts:
    """Who of two is right how often, from their answers (N,) and the labels (N,)."""
    both_right = int(np.count_nonzero((a == labels) & (b == labels)))
    only_a, only_b = (count_right(answers, labels) - both_right for answers in (a, b))
    return PairedCounts(both_right, only_a, only_b, len(labels) - both_right - only_a - only_b)


def mcnemar_p_value(only_a: int, only_b: int) -> float:
    """How likely two equally good readers differ by so much or more: McNemar's test, exact.

    Items on which both are right, or both wrong, say nothing. Were the readers equally good, each
    of the others would be a coin's toss: p is twice the chance of as few heads as the rarer case.

    Args:
        only_a: Items only the first read right.
        only_b: Items only the second read right.

    Returns:
        0 … 1; 1 where they never differ.

    Source:
        Q. McNemar, "Note on the sampling error of the difference between correlated proportions
        or percentages", Psychometrika 12 (1947), 153-157.
    """
    n, fewer = only_a + only_b, min(only_a, only_b)
    # In logarithms, as neither 2ⁿ nor the binomial coefficients of a large n are any float's size.
    largest = math.lgamma(n + 1) - math.lgamma(fewer + 1) - math.lgamma(n - fewer + 1)
    chance = total = math.exp(largest - n * math.log(2))
    for k in range(fewer, 0, -1):
        chance *= k / (n - k + 1)
        total += chance
        if chance < total * 1e-17:
            break
    return min(1.0, 2 * total)


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """The answers whose confidence lies in one range, and how many of them were right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(
    probabilities: NDArray[Any], labels: NDArray[Any], bins: int = 15
) -> tuple[ConfidenceBin, ...]:
    """Answers sorted into equally wide ranges of confidence; empty ranges are left out.

    Args:
        probabilities: (N, classes), rows summing to 1.
        labels: (N,) class indices.
        bins: Number of ranges between 0 and 1.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    is_right = probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    counts = np.bincount(place, minlength=bins)
    confidence_sums = np.bincount(place, weights=confidence, minlength=bins)
    right_sums = np.bincount(place, weights=is_right, minlength=bins)
    return tuple(
        ConfidenceBin(
            k / bins,
            (k + 1) / bins,
            int(counts[k]),
            float(confidence_sums[k] / counts[k]),
            float(right_sums[k] / counts[k]),
        )
        for k in range(bins)
        if counts[k]
    )


def expected_calibration_error(
    probabilities: NDArray[Any], labels: NDArray[Any], bins: int = 15
) -> float:
    """Mean distance between confidence and accuracy, weighted by the number of answers.

    Args:
        probabilities: (N, classes), rows summing to 1.
        labels: (N,) class indices.
        bins: Number of ranges of confidence.

    Returns:
        A ratio, 0 … 1; 0 where nothing was read.

    Source:
        M. P. Naeini, G. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using
        Bayesian binning", AAAI 2015.
    """
    ranges = reliability(probabilities, labels, bins)
    total = sum(entry.count for entry in ranges)
    gaps = sum(entry.count * abs(entry.accuracy - entry.confidence) for entry in ranges)
    return gaps / total if total else 0.0
