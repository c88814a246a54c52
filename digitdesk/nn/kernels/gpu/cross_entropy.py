"""Softmax cross-entropy on a graphics card: loss, right answers and gradient in one pass.

What it computes is ``losses.SoftmaxCrossEntropy``; one thread of the card works on one sample.

Gains: measured together with the others, see ``fusion/gpu/layers.py``. By count, two
passes in place of some twenty.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.kernels.gpu.kernel import GpuKernel


def _cross_entropy(
    logits: Any,
    labels: Any,
    indices: Any,
    classes: int,
    smoothing: float,
    scale: float,
    loss: Any,
    is_right: Any,
    grad: Any,
) -> None:
    wanted = labels[indices[: logits.shape[1]]]
    shifted = logits - logits.max(axis=0)
    exponentials = np.exp(shifted)
    sums = exponentials.sum(axis=0)
    is_label = np.arange(classes)[:, None] == wanted
    loss[...] = np.log(sums) - (1 - smoothing) * (shifted * is_label).sum(axis=0)
    loss -= smoothing / classes * shifted.sum(axis=0)
    is_right[...] = logits.argmax(axis=0) == wanted
    grad[...] = (exponentials / sums - is_label * (1 - smoothing) - smoothing / classes) * scale


CROSS_ENTROPY = GpuKernel(
    "digitdesk_cross_entropy",
    "raw T logits, raw L labels, raw int32 indices, int32 classes, T smoothing, T scale",
    "T loss, T is_right, raw T grad",
    """
    const long long count = _ind.size();
    const int label = labels[indices[i]];
    T largest = logits[i];
    int guess = 0;
    for (int k = 1; k < classes; ++k) {
        const T value = logits[k * count + i];
        if (value > largest) {
            largest = value;
            guess = k;
        }
    }
    T sum = 0, shifted_sum = 0;
    for (int k = 0; k < classes; ++k) {
        const T shifted = logits[k * count + i] - largest;
        const T exponential = exp(shifted);
        grad[k * count + i] = exponential;
        sum += exponential;
        shifted_sum += shifted;
    }
    const T spread = smoothing / classes;
    loss = log(sum) - (1 - smoothing) * (logits[label * count + i] - largest)
        - spread * shifted_sum;
    is_right = guess == label ? 1 : 0;
    for (int k = 0; k < classes; ++k) {
        const T target = (k == label ? 1 - smoothing : T(0)) + spread;
        grad[k * count + i] = (grad[k * count + i] / sum - target) * scale;
    }
    """,
    _cross_entropy,
)
"""logits (K, N), labels of a whole set and the batch's indices in it (N,) → loss and 1 or 0 of
each sample (N,), and the gradient (K, N) of the mean loss where ``scale`` is 1 / N."""


def _note(sums: Any, place: Any, log: Any) -> None:
    first = 2 * int(place[0])
    log.reshape(-1)[first : first + 2] = sums


NOTE = GpuKernel(
    "digitdesk_note",
    "T sums, raw uint64 place",
    "raw T log",
    "log[2 * place[0] + i] = sums;",
    _note,
)
"""Write a step's two sums, of losses and of right answers, to its place in a log (…, 2)."""
