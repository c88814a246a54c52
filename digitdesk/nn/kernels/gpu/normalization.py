"""Batch normalization on a graphics card: its passes over the numbers, ReLU included.

The sums over a channel are the array module's; the formulas are those of
``layers/normalization.py``.

Gains: measured together with the others, see ``fusion/gpu/layers.py``. By count, with ReLU,
4 passes in place of 9 on the way there and 4 in place of 9 on the way back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.kernels.gpu.kernel import GpuKernel


def _centered_squares(x: Any, sums: Any, inner: int, squares: Any) -> None:
    squares[...] = (x - sums[:, None] / x.dtype.type(inner)) ** 2


CENTERED_SQUARES = GpuKernel(
    "digitdesk_centered_squares",
    "T x, raw T sums, int64 inner",
    "T squares",
    """
    const T difference = x - sums[digitdesk_quotient(i, _ind.size(), inner)] / T(inner);
    squares = difference * difference;
    """,
    _centered_squares,
)
"""x (C, M) and its sums → (x − μ)²; ``inner`` is M here and below."""


def _statistics(epsilon: float, inner: int, mean: Any, variance: Any, scale: Any) -> None:
    mean /= inner
    scale[...] = 1 / np.sqrt(variance / inner + variance.dtype.type(epsilon))
    variance /= max(1, inner - 1)


STATISTICS = GpuKernel(
    "digitdesk_statistics",
    "T epsilon, int64 inner",
    "T mean, T variance, T scale",
    """
    mean /= inner;
    scale = 1 / sqrt(variance / inner + epsilon);
    variance /= inner > 1 ? inner - 1 : 1;
    """,
    _statistics,
)
"""Of each channel: Σx → μ; 1 / √(σ² + ε); Σ(x − μ)² → what estimates the variance of all data."""


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


def _gradients_to_sum(
    grad_y: Any, y: Any, normal: Any, has_relu: int, passed: Any, product: Any
) -> None:
    passed[...] = grad_y * (y > 0) if has_relu else grad_y
    product[...] = passed * normal


GRADIENTS_TO_SUM = GpuKernel(
    "digitdesk_gradients_to_sum",
    "T grad_y, T y, T normal, int32 has_relu",
    "T passed, T product",
    """
    passed = has_relu && !(y > 0) ? T(0) : grad_y;
    product = passed * normal;
    """,
    _gradients_to_sum,
)
"""What a ReLU lets pass, whose sums are β's gradients, and what sums up to γ's."""


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
