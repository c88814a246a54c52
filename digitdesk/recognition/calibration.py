"""Makes confidences honest: of all answers given with 90 %, nine in ten should be right.

One number, the temperature, is fitted on held-out logits; it never changes which answer is best.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError
from digitdesk.nn.losses import softmax
from digitdesk.recognition.refusal import FALSE_REFUSAL_RATE, fit_refusal_threshold, sureness

MIN_TEMPERATURE = 0.05
MAX_TEMPERATURE = 20.0
_STEPS = 60


def fit_temperature(logits: NDArray[Any], labels: NDArray[Any]) -> float:
    """The temperature under which the labels are most likely.

    With β = 1/T the mean loss L(β) = mean(log Σ exp(β z) − β z_label) is convex, so its slope
    mean(E[z] − z_label) has one root. Newton's step finds it quickly, with the curvature
    mean(Var[z]); a bracket that shrinks with every step keeps it from running away.

    Args:
        logits: (N, classes), of data that nothing was trained on.
        labels: (N,) class indices.

    Returns:
        T between ``MIN_TEMPERATURE`` and ``MAX_TEMPERATURE``; divide logits by it.

    Raises:
        DataError: There is nothing to fit on, or a logit is not a number.

    Source:
        C. Guo et al., "On calibration of modern neural networks", ICML 2017, section 4.2.
    """
    z = np.asarray(logits, dtype=np.float64)
    if z.ndim != 2 or len(z) == 0 or len(z) != len(labels) or not np.isfinite(z).all():
        raise DataError("The temperature cannot be fitted", expected="finite logits with labels")
    # Differences to the best class: the loss is the same, and β z cannot overflow.
    z = z - z.max(axis=1, keepdims=True)
    z_label = z[np.arange(len(z)), labels]
    low, high = 1 / MAX_TEMPERATURE, 1 / MIN_TEMPERATURE
    if _slope(z, z_label, low)[0] > 0:
        return MAX_TEMPERATURE
    if _slope(z, z_label, high)[0] < 0:
        return MIN_TEMPERATURE
    beta = 1.0
    for _ in range(_STEPS):
        slope, curvature = _slope(z, z_label, beta)
        if slope == 0:
            # Also where every temperature is as good as any other.
            break
        low, high = (beta, high) if slope < 0 else (low, beta)
        following = beta - slope / curvature if curvature > 0 else low
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - beta) <= 1e-10 * beta:
            break
        beta = following
    return 1 / beta


def _slope(
    z: NDArray[np.float64], z_label: NDArray[np.float64], beta: float
) -> tuple[float, float]:
    """First and second derivative of the mean loss by β."""
    p = softmax(beta * z, axis=1)
    mean = (p * z).sum(axis=1)
    variance = (p * (z - mean[:, np.newaxis]) ** 2).sum(axis=1)
    return float((mean - z_label).mean()), float(variance.mean())


def calibrate(
    logits: NDArray[Any],
    labels: NDArray[Any],
    classes: int,
    false_refusal_rate: float = FALSE_REFUSAL_RATE,
) -> tuple[float, float]:
    """The temperature and the refusal threshold that fit held-out data.

    Args:
        logits: (N, outputs), of images nothing was trained on.
        labels: (N,); those from ``classes`` on are rejects.
        classes: How many of the outputs are classes.
        false_refusal_rate: Part of the images of a class that falls below the threshold.

    Returns:
        T as ``fit_temperature`` gives it, fitted on the classes alone, and the threshold for
        ``sureness``.

    Raises:
        DataError: There is nothing to fit on.
    """
    is_class = labels < classes
    temperature = fit_temperature(logits[is_class, :classes], labels[is_class])
    sure = sureness(logits[is_class] / temperature, classes)
    return temperature, fit_refusal_threshold(sure, false_refusal_rate)
