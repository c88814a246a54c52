"""What is counted of answers: which class was read as which, and how sure an accuracy is."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
