"""Losses: one number that says how wrong the outputs are, and its gradient by them.

A loss is the mean over the samples; a micro-batch passes the size of the whole batch.
"""

from __future__ import annotations

import copy
from typing import Any, Self

import numpy as np

from digitdesk.errors import ConfigError
from digitdesk.nn.core.backend import Array


class Loss:
    """What losses share.

    Args:
        xp: The array module of the outputs.
    """

    def __init__(self, xp: Any = np) -> None:
        self.xp = xp

    def on(self, xp: Any) -> Self:
        """The same loss for arrays of another module, with memory of its own."""
        other = copy.copy(self)
        other.xp = xp
        return other

    def forward(self, outputs: Array, targets: Array) -> Array:
        """Mean loss as a number of zero dimensions; ``float`` fetches it."""
        raise NotImplementedError

    def backward(self, batch_size: float | None = None) -> Array:
        """Gradient of the mean loss over ``batch_size`` samples (``None``: those given)."""
        raise NotImplementedError


class SoftmaxCrossEntropy(Loss):
    """Softmax and cross-entropy in one, whose gradient is simply ``probabilities − target``.

    ``loss = −Σ_k t_k log p_k`` with ``p = softmax(logits)`` and the smoothed target
    ``t_k = (1 − s) [k = label] + s / K``. The shortcut ``grad = (p − t) / N`` is valid because
    Σ_k t_k = 1.

    Args:
        label_smoothing: Part s of the target spread over all K classes, 0 … below 1.
        xp: The array module of the logits.

    Shapes:
        logits (K, N), labels (N,) → number; gradient (K, N).

    Source:
        Szegedy et al., "Rethinking the inception architecture", 2016, section 7 (smoothing).
    """

    def __init__(self, label_smoothing: float = 0.0, xp: Any = np) -> None:
        super().__init__(xp)
        if not 0 <= label_smoothing < 1:
            raise ConfigError(
                "Label smoothing is out of range",
                expected="0 or more and below 1",
                received=str(label_smoothing),
            )
        self.label_smoothing = label_smoothing
        self._identity: Array = None

    def forward(self, outputs: Array, targets: Array) -> Array:
        """Mean cross-entropy of the logits ``outputs`` for the labels ``targets``."""
        xp, smoothing = self.xp, self.label_smoothing
        classes, count = outputs.shape
        if self._identity is None or len(self._identity) != classes:
            self._identity = xp.eye(classes, dtype=outputs.dtype)
        shifted = outputs - outputs.max(axis=0)
        self._probabilities = xp.exp(shifted)
        sums = self._probabilities.sum(axis=0)
        self._probabilities /= sums
        self._is_label = xp.take(self._identity, targets, axis=1)  # (K, K) → (K, N), 0 or 1
        # log p_k = shifted_k − log Σ e^shifted
        total = xp.log(sums).sum()
        total -= xp.vdot(shifted, self._is_label) * (1 - smoothing)
        if smoothing:
            total -= shifted.sum() * (smoothing / classes)
        return total / count

    def backward(self, batch_size: float | None = None) -> Array:
        """(p − t) / batch_size."""
        grad, smoothing = self._probabilities, self.label_smoothing
        classes, count = grad.shape
        if smoothing:
            self._is_label *= 1 - smoothing
            grad -= smoothing / classes
        grad -= self._is_label
        grad *= 1 / (batch_size or count)
        return grad


class MeanSquaredError(Loss):
    """Mean over samples and outputs of ``(y − target)²``; gradient ``2 (y − target) / (K N)``.

    Shapes:
        outputs (K, N), targets (K, N), or (N,) labels taken as one-hot → number.
    """

    def forward(self, outputs: Array, targets: Array) -> Array:
        """Mean squared difference."""
        if targets.ndim == 1:
            self._difference = outputs.copy()
            self._difference[targets, self.xp.arange(len(targets))] -= 1
        else:
            self._difference = outputs - targets
        return (self._difference * self._difference).mean()

    def backward(self, batch_size: float | None = None) -> Array:
        """2 (y − target) / (K · batch_size)."""
        outputs, count = self._difference.shape
        return self._difference * (2 / (outputs * (batch_size or count)))


LOSSES = ("cross-entropy", "squared-error")
"""All names of ``make_loss``."""


def make_loss(name: str, *, label_smoothing: float = 0.0) -> Loss:
    """A loss by name, for outputs and labels.

    Args:
        name: One of ``LOSSES``.
        label_smoothing: For ``cross-entropy`` only.

    Raises:
        ConfigError: The name is unknown, or the loss smooths no labels.
    """
    if name == "cross-entropy":
        return SoftmaxCrossEntropy(label_smoothing)
    if name != "squared-error":
        raise ConfigError("Unknown loss", expected=", ".join(LOSSES), received=repr(name))
    if label_smoothing:
        raise ConfigError(
            "The squared error smooths no labels",
            expected="label smoothing 0, or cross-entropy",
            received=f"label smoothing {label_smoothing:g}",
        )
    return MeanSquaredError()


def softmax(logits: Array, *, axis: int = 0, xp: Any = np) -> Array:
    """Probabilities from logits: positive, and summing to 1 along ``axis``.

    Shapes:
        Inside the core (K, N) with ``axis=0``; for ``predict_logits`` (N, K) with ``axis=1``.
    """
    exponentials = xp.exp(logits - logits.max(axis=axis, keepdims=True))
    return exponentials / exponentials.sum(axis=axis, keepdims=True)
