"""Windows that slide over images, on a graphics card: im2col and max-pool, one pass each.

Each element looks up what it is made of, so that borders need no zeros kept and gradients no
additions in turn: every result is written once, in a fixed order of sums.

Gains: measured together with the others, see ``fusion/gpu/layers.py``. By count, a 3×3
convolution takes 2 passes in place of 36, a max-pool 2 in place of 20.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.core.windows import inside
from digitdesk.nn.kernels.gpu.kernel import QUOTIENT, GpuKernel

_SIZES = (
    "int32 size, int32 stride, int32 padding, int32 height, int32 width, "
    "int32 out_height, int32 out_width, int32 batch"
)

_DECODE = """
    int rest = digitdesk_quotient(i, _ind.size(), batch);
    const int image = i - (long long)rest * batch;
    const int w = rest % {width}; rest /= {width};
    const int h = rest % {height};
    const int c = rest / {height};
"""
_DECODE_PIXEL = _DECODE.format(height="height", width="width")
_DECODE_WINDOW = _DECODE.format(height="out_height", width="out_width")

_WINDOW_AT = """
__device__ int digitdesk_window_at(int place, int stride, int count) {
    // The window, of so many, that begins at a place; -1 for none.
    if (place < 0) return -1;
    const int window = stride == 1 ? place : place / stride;
    return window < count && window * stride == place ? window : -1;
}
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
    "raw T columns",
    _DECODE_WINDOW
    + """
    // A whole patch: to find where it lies takes longer than to copy it.
    const long long places = (long long)out_height * out_width * batch;
    long long target = (long long)c * size * size * places
        + ((long long)h * out_width + w) * batch + image;
    for (int down = 0; down < size; ++down) {
        const int row = stride * h + down - padding;
        for (int right = 0; right < size; ++right) {
            const int column = stride * w + right - padding;
            const bool is_inside = 0 <= row && row < height && 0 <= column && column < width;
            columns[target] = is_inside
                ? x[((long long)(c * height + row) * width + column) * batch + image] : T(0);
            target += places;
        }
    }
    """,
    _im2col,
    is_all_raw=True,
)
"""x (C, H, W, N) → columns (C, K, K, H', W', N), zeros over the border; see ``layers.im2col``.

Each of C·H'·W'·N elements is a patch.
"""


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
        const int row = digitdesk_window_at(h + padding - down, stride, out_height);
        if (row < 0) continue;
        for (int right = 0; right < size; ++right) {
            const int column = digitdesk_window_at(w + padding - right, stride, out_width);
            if (column < 0) continue;
            const long long patch = (long long)(c * size + down) * size + right;
            sum += grad_columns[
                ((patch * out_height + row) * out_width + column) * batch + image];
        }
    }
    grad_x = sum;
    """,
    _col2im,
    QUOTIENT + _WINDOW_AT,
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
    _DECODE_WINDOW
    + """
    T largest = 0;
    int place = 0;
    for (int down = 0; down < size; ++down) {
        for (int right = 0; right < size; ++right) {
            const int row = stride * h + down, column = stride * w + right;
            const int k = down * size + right;
            const T value = x[((long long)(c * height + row) * width + column) * batch + image];
            // The first largest; what is no number wins, so that it is seen.
            if (k == 0 || value > largest || (value != value && largest == largest)) {
                largest = value;
                place = k;
            }
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
    // The windows that it lies in: from the first that reaches it to the last that begins before.
    const int first_row = h < size ? 0 : (h - size) / stride + 1, end_row = h / stride + 1;
    const int first_column = w < size ? 0 : (w - size) / stride + 1, end_column = w / stride + 1;
    T sum = 0;
    for (int row = first_row; row < end_row && row < out_height; ++row) {
        for (int column = first_column; column < end_column && column < out_width; ++column) {
            const long long window = image
                + ((long long)(c * out_height + row) * out_width + column) * batch;
            const int k = (h - row * stride) * size + w - column * stride;
            if (winner[window] == k) sum += grad_y[window];
        }
    }
    grad_x = sum;
    """,
    _max_pool_gradient,
)
"""grad_y (C, H', W', N) → grad_x (C, H, W, N): what the windows give that a pixel won."""
