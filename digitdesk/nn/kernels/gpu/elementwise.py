"""Passes over each number by itself, on a graphics card: bias and ReLU, pictures of a batch.

Gains: measured together with the others, see ``fusion/gpu/layers.py``. By count, bias and
ReLU take one pass in place of two, the way back of ReLU one in place of two, a batch of bytes one
in place of four.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.kernels.gpu.kernel import GpuKernel


def _add_bias(bias: Any, inner: int, has_relu: int, y: Any) -> None:
    rows = y.reshape(len(bias), inner)
    rows += bias[:, None]
    if has_relu:
        np.maximum(rows, 0, out=rows)


ADD_BIAS = GpuKernel(
    "digitdesk_add_bias",
    "raw T bias, int64 inner, int32 has_relu",
    "T y",
    """
    const T sum = y + bias[digitdesk_quotient(i, _ind.size(), inner)];
    y = has_relu && sum < 0 ? T(0) : sum;
    """,
    _add_bias,
)
"""y (F, …) + bias (F,) in place, with ReLU after it or not; ``inner`` numbers share a bias."""


def _relu_gradient(grad_y: Any, y: Any, grad_x: Any) -> None:
    np.multiply(grad_y, y > 0, out=grad_x)


RELU_GRADIENT = GpuKernel(
    "digitdesk_relu_gradient",
    "T grad_y, T y",
    "T grad_x",
    "grad_x = y > 0 ? grad_y : T(0);",
    _relu_gradient,
)
"""The gradient passes where y > 0."""


def _passed(grad_y: Any, winner: Any, none: int, passed: Any) -> None:
    np.multiply(grad_y, winner != none, out=passed)


PASSED = GpuKernel(
    "digitdesk_passed",
    "T grad_y, W winner, int32 none",
    "T passed",
    "passed = winner == none ? T(0) : grad_y;",
    _passed,
)
"""The gradient by a max-pool's outputs where ReLU let them pass; see ``windows.MAX_POOL``."""


def _take_batch(images: Any, indices: Any, pixels: int, batch: int, divisor: float, x: Any) -> None:
    chosen = images.reshape(-1, pixels)[indices[:batch]].astype(x.dtype)
    x.reshape(pixels, batch)[...] = (chosen / x.dtype.type(divisor)).T


TAKE_BATCH = GpuKernel(
    "digitdesk_take_batch",
    "raw S images, raw int32 indices, int32 pixels, int32 batch, T divisor",
    "T x",
    """
    const int pixel = digitdesk_quotient(i, _ind.size(), batch);
    const int image = i - (long long)pixel * batch;
    x = T(images[(long long)indices[image] * pixels + pixel]) / divisor;
    """,
    _take_batch,
)
"""Some of the images (…, P) by their indices, batch last: x (P, N), each number divided."""
