"""How well a network reads labelled images, while it trains.

A large set is read in evenly spread parts, so that a run that is stopped need not wait for all.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.metrics import accuracy, count_right
from digitdesk.nn.losses import Loss, SoftmaxCrossEntropy
from digitdesk.training.numerics import SILENT_OVERFLOW
from digitdesk.training.split import Images

_PART_SIZE = 500


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """Mean loss and accuracy of a network on the ``count`` images it has read."""

    loss: float
    accuracy: float
    correct: int
    count: int


@SILENT_OVERFLOW
def validate(
    predict_logits: Callable[[NDArray[np.float32]], NDArray[Any]],
    images: Images,
    labels: NDArray[np.uint8],
    *,
    classes: int | None = None,
    loss: Loss | None = None,
    may_go_on: Callable[[], bool] = lambda: True,
) -> ValidationResult | None:
    """Mean loss of all outputs, and accuracy of the best guess among the classes.

    Args:
        predict_logits: (N, 28, 28) greys 0 … 1 → logits (N, outputs).
        images: (N, 28, 28) bytes.
        labels: (N,); those that are no class (rejects) count for the loss only.
        classes: How many of the outputs are classes; ``None`` for all.
        loss: As it is told; ``None`` for cross-entropy.
        may_go_on: Asked before each part. Every part is spread over the whole set, so those read
            until it says no are a fair sample.

    Returns:
        ``None`` where nothing was read.
    """
    loss = loss or SoftmaxCrossEntropy()
    loss_sum, correct, read, count = 0.0, 0, 0, 0
    parts = math.ceil(len(labels) / _PART_SIZE)
    for part in range(parts):
        if not may_go_on():
            break
        wanted = labels[part::parts].astype(np.intp)
        greys = images[part::parts].astype(np.float32) / np.float32(255)
        logits = predict_logits(greys).astype(np.float64)
        loss_sum += float(loss.forward(logits.T, wanted)) * len(wanted)
        is_class = wanted < (classes or logits.shape[1])
        guesses = logits[is_class, :classes].argmax(axis=1)
        correct += count_right(guesses, wanted[is_class])
        read += len(wanted)
        count += int(is_class.sum())
    if not read:
        return None
    return ValidationResult(loss_sum / read, accuracy(correct, count), correct, count)
