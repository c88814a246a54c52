"""Windows that slide over images, on a graphics card: im2col and max-pool, one pass each.

Each element looks up what it is made of, so that borders need no zeros kept and gradients no
additions in turn: every result is written once, in a fixed order of sums.

Gains: not measured yet (no card was at hand). By count, a 3×3 convolution takes 2 passes in place
of 36, a max-pool 2 in place of 20.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.core.windows import inside
from digitdesk.nn.kernels.gpu.kernel import GpuKernel

_SIZES = (
    "int32 size, int32 stride, int32 padding, int32 height, int32 width, "
    "int32 out_height, int32 out_width, int32 batch"
)

# Only the place in the batch is found by a division of 64 bits, which take a card long.
_DECODE_PIXEL = """
    const int image = i % batch;
    int rest = i / batch;
    const int w = rest % width; rest /= width;
    const int h = rest % height;
    const int c = rest / height;
"""


def _im2col(
    x: Any,
    size: int,
    stride: int,
    padding: int,
    height: int,
    width: int,
    out_height: int,
    out_width: int,
    batch: int,
    columns: Any,
) -> None:
    columns[...] = 0
    for i in range(size):
        rows, row_pixels = inside(i - padding, stride, height, out_height)
        for j in range(size):
            across, pixels = inside(j - padding, stride, width, out_width)
            columns[:, i, j, rows, across] = x[:, row_pixels, pixels]


IM2COL = GpuKernel(
    "digitdesk_im2col",
    f"raw T x, {_SIZES}",
    "T columns",
    """
    const int image = i % batch;
    int rest = i / batch;
    const int w = rest % out_width; rest /= out_width;
    const int h = rest % out_height; rest /= out_height;
    const int right = rest % size; rest /= size;
    const int down = rest % size;
    const int c = rest / size;
    const int row = stride * h + down - padding;
    const int column = stride * w + right - padding;
    const bool is_inside = 0 <= row && row < height && 0 <= column && column < width;
    columns = is_inside
        ? x[((long long)(c * height + row) * width + column) * batch + image] : T(0);
    """,
    _im2col,
)
"""x (C, H, W, N) → columns (C, K, K, H', W', N), zeros over the border; see ``layers.im2col``."""


def _col2im(
    grad_columns: Any,
    size: int,
    stride: int,
    padding: int,
    height: int,
    width: int,
    out_height: int,
    out_width: int,
    batch: int,
    grad_x: Any,
) -> None:
    grad_x[...] = 0
    for i in range(size):
        rows, row_pixels = inside(i - padding, stride, height, out_height)
        for j in range(size):
            across, pixels = inside(j - padding, stride, width, out_width)
            grad_x[:, row_pixels, pixels] += grad_columns[:, i, j, rows, across]


COL2IM = GpuKernel(
    "digitdesk_col2im",
    f"raw T grad_columns, {_SIZES}",
    "T grad_x",
    _DECODE_PIXEL
    + """
    T sum = 0;
    for (int down = 0; down < size; ++down) {
        const int row = h + padding - down;
        if (row < 0 || row % stride || row / stride >= out_height) continue;
        for (int right = 0; right < size; ++right) {
            const int column = w + padding - right;
            if (column < 0 || column % stride || column / stride >= out_width) continue;
            const int patch = (c * size + down) * size + right;
            sum += grad_columns[
                ((long long)(patch * out_height + row / stride) * out_width + column / stride)
                * batch + image];
        }
    }
    grad_x = sum;
    """,
    _col2im,
)
"""grad_columns (C, K, K, H', W', N) → grad_x (C, H, W, N): the sum over a pixel's patches."""

_POOL_SIZES = (
    "int32 size, int32 stride, int32 height, int32 width, "
    "int32 out_height, int32 out_width, int32 batch"
)


def _places(x: Any, size: int, stride: int, out_height: int, out_width: int) -> list[Any]:
    """For each place in a window, in reading order, the view of x over all windows."""
    down, across = (out_height - 1) * stride + 1, (out_width - 1) * stride + 1
    return [
        x[:, i : i + down : stride, j : j + across : stride]
        for i in range(size)
        for j in range(size)
    ]


def _max_pool(
    x: Any,
    bias: Any,
    has_bias: int,
    has_relu: int,
    size: int,
    stride: int,
    height: int,
    width: int,
    out_height: int,
    out_width: int,
    batch: int,
    y: Any,
    winner: Any,
) -> None:
    places = np.stack(_places(x, size, stride, out_height, out_width))
    winner[...] = places.argmax(axis=0)
    y[...] = places.max(axis=0)
    if has_bias:
        y += bias.reshape(-1, 1, 1, 1)
    if has_relu:
        np.maximum(y, 0, out=y)
        winner[y == 0] = size * size


MAX_POOL = GpuKernel(
    "digitdesk_max_pool",
    f"raw T x, raw T bias, int32 has_bias, int32 has_relu, {_POOL_SIZES}",
    "T y, W winner",
    """
    const int image = i % batch;
    int rest = i / batch;
    const int w = rest % out_width; rest /= out_width;
    const int h = rest % out_height;
    const int c = rest / out_height;
    T largest = 0;
    int place = 0;
    for (int k = 0; k < size * size; ++k) {
        const int row = stride * h + k / size, column = stride * w + k % size;
        const T value = x[((long long)(c * height + row) * width + column) * batch + image];
        // The first largest; what is no number wins, so that it is seen.
        if (k == 0 || value > largest || (value != value && largest == largest)) {
            largest = value;
            place = k;
        }
    }
    if (has_bias) largest += bias[c];
    if (has_relu && largest <= 0) {
        largest = 0;
        place = size * size;
    }
    y = largest;
    winner = place;
    """,
    _max_pool,
)
"""x (C, H, W, N) → y (C, H', W', N), with a bias and ReLU after it where there are.

``winner`` is the place in the window that the gradient goes to; K² for none, where ReLU gave 0.
"""


def _max_pool_gradient(
    grad_y: Any,
    winner: Any,
    size: int,
    stride: int,
    height: int,
    width: int,
    out_height: int,
    out_width: int,
    batch: int,
    grad_x: Any,
) -> None:
    grad_x[...] = 0
    for place, grad in enumerate(_places(grad_x, size, stride, out_height, out_width)):
        grad += grad_y * (winner == place)


MAX_POOL_GRADIENT = GpuKernel(
    "digitdesk_max_pool_gradient",
    f"raw T grad_y, raw W winner, {_POOL_SIZES}",
    "T grad_x",
    _DECODE_PIXEL
    + """
    T sum = 0;
    for (int k = 0; k < size * size; ++k) {
        const int row = h - k / size, column = w - k % size;
        if (row < 0 || row % stride || row / stride >= out_height) continue;
        if (column < 0 || column % stride || column / stride >= out_width) continue;
        const long long window = image
            + ((long long)(c * out_height + row / stride) * out_width + column / stride) * batch;
        if (winner[window] == k) sum += grad_y[window];
    }
    grad_x = sum;
    """,
    _max_pool_gradient,
)
"""grad_y (C, H', W', N) → grad_x (C, H, W, N): what the windows give that a pixel won."""
