"""Batch normalization on a graphics card: its passes over the numbers, ReLU included.

The sums over a channel are the array module's; the formulas are those of
``layers/normalization.py``.

Gains: measured together with the others, see ``fusion/gpu/layers.py``. By count, with ReLU,
4 passes in place of 9 on the way there and 5 in place of 9 on the way back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.kernels.gpu.kernel import GpuKernel


def _centered_squares(x: Any, mean: Any, inner: int, squares: Any) -> None:
    squares[...] = (x - mean[:, None]) ** 2


CENTERED_SQUARES = GpuKernel(
    "digitdesk_centered_squares",
    "T x, raw T mean, int64 inner",
    "T squares",
    """
    const T difference = x - mean[digitdesk_quotient(i, _ind.size(), inner)];
    squares = difference * difference;
    """,
    _centered_squares,
)
"""x (C, M) → (x − μ)²; ``inner`` is M here and below."""


def _scale_of(epsilon: float, unbiased: float, variance: Any, scale: Any) -> None:
    scale[...] = 1 / np.sqrt(variance + variance.dtype.type(epsilon))
    variance *= unbiased


SCALE_OF = GpuKernel(
    "digitdesk_scale_of",
    "T epsilon, T unbiased",
    "T variance, T scale",
    """
    scale = 1 / sqrt(variance + epsilon);
    variance *= unbiased;
    """,
    _scale_of,
)
"""1 / √(σ² + ε) of each channel; then σ² is made what estimates the variance of all data."""


def _normalize(
    x: Any,
    mean: Any,
    scale: Any,
    gamma: Any,
    beta: Any,
    inner: int,
    has_relu: int,
    normal: Any,
    y: Any,
) -> None:
    normal[...] = (x - mean[:, None]) * scale[:, None]
    y[...] = gamma[:, None] * normal + beta[:, None]
    if has_relu:
        np.maximum(y, 0, out=y)


NORMALIZE = GpuKernel(
    "digitdesk_normalize",
    "T x, raw T mean, raw T scale, raw T gamma, raw T beta, int64 inner, int32 has_relu",
    "T normal, T y",
    """
    const int c = digitdesk_quotient(i, _ind.size(), inner);
    normal = (x - mean[c]) * scale[c];
    const T shifted = gamma[c] * normal + beta[c];
    y = has_relu && shifted < 0 ? T(0) : shifted;
    """,
    _normalize,
)
"""x̂ = (x − μ) · scale, and y = γ x̂ + β with ReLU after it or not."""


def _normalize_gradient(
    grad_y: Any,
    normal: Any,
    scale: Any,
    gamma: Any,
    grad_gamma: Any,
    grad_beta: Any,
    inner: int,
    grad_x: Any,
) -> None:
    means = (normal * grad_gamma[:, None] + grad_beta[:, None]) / grad_y.dtype.type(inner)
    grad_x[...] = (grad_y - means) * (gamma * scale)[:, None]


NORMALIZE_GRADIENT = GpuKernel(
    "digitdesk_normalize_gradient",
    "T grad_y, T normal, raw T scale, raw T gamma, raw T grad_gamma, raw T grad_beta, int64 inner",
    "T grad_x",
    """
    const int c = digitdesk_quotient(i, _ind.size(), inner);
    const T means = (normal * grad_gamma[c] + grad_beta[c]) / T(inner);
    grad_x = (grad_y - means) * (gamma[c] * scale[c]);
    """,
    _normalize_gradient,
)
"""``γ · scale · (grad_y − mean(grad_y) − x̂ mean(grad_y x̂))``, the means being sums over M."""
