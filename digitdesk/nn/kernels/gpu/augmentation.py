"""Pictures of a batch changed on a graphics card: taken from elsewhere, and with another pen.

What is drawn at random comes from the host (``data/augmentation.py``), which needs little time for
it; the work on every pixel is done here. What that gains was not measured yet.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from digitdesk.nn.kernels.gpu.kernel import GpuKernel


def _sample(
    images: Any,
    indices: Any,
    sources: Any,
    height: int,
    width: int,
    divisor: float,
    pieces: Any,
) -> None:
    count, kind = len(pieces), pieces.dtype.type
    padded = np.zeros((count, height + 3, width + 3), dtype=pieces.dtype)
    chosen = images.reshape(-1, height, width)[indices[:count]].astype(pieces.dtype)
    padded[:, 1:-2, 1:-2] = chosen / kind(divisor)
    x, y = sources.reshape(2, count, -1)
    x = np.clip(x + kind((width - 1) / 2 + 1), 0, width + 1)
    y = np.clip(y + kind((height - 1) / 2 + 1), 0, height + 1)
    left, top = x.astype(int), y.astype(int)
    x, y = x - left, y - top
    each = np.arange(count)[:, None]
    upper, lower = (
        padded[each, row, left] + (padded[each, row, left + 1] - padded[each, row, left]) * x
        for row in (top, top + 1)
    )
    pieces[...] = (upper + (lower - upper) * y).reshape(pieces.shape)


SAMPLE = GpuKernel(
    "digitdesk_sample",
    "raw S images, raw int32 indices, raw T sources, int32 height, int32 width, T divisor",
    "T pieces",
    """
    const int pixels = height * width;
    const int image = digitdesk_quotient(i, _ind.size(), pixels);
    const long long first = (long long)indices[image] * pixels;
    // Around the picture is one empty row and column; whatever is further out is there, too.
    T x = sources[i] + T(width - 1) / 2 + 1, y = sources[_ind.size() + i] + T(height - 1) / 2 + 1;
    x = x < 0 ? T(0) : x > width + 1 ? T(width + 1) : x;
    y = y < 0 ? T(0) : y > height + 1 ? T(height + 1) : y;
    const int left = (int)x, top = (int)y;
    x -= left;
    y -= top;
    T rows[2];
    for (int down = 0; down < 2; ++down) {
        T greys[2];
        for (int right = 0; right < 2; ++right) {
            const int row = top + down - 1, column = left + right - 1;
            const bool is_inside = 0 <= row && row < height && 0 <= column && column < width;
            greys[right] = is_inside ? T(images[first + row * width + column]) / divisor : T(0);
        }
        rows[down] = greys[0] + (greys[1] - greys[0]) * x;
    }
    pieces = rows[0] + (rows[1] - rows[0]) * y;
    """,
    _sample,
)
"""The batch's images (…, H·W) by their indices, at other places: pieces (N, H, W).

``sources`` (2, N·H·W) says for each pixel where it comes from, x and y from the middle; see
``ink.resampling``.
"""


def _draw_with_pen(
    pieces: Any, thickness: Any, height: int, width: int, batch: int, x: Any
) -> None:
    kind = pieces.dtype.type
    images = pieces.reshape(batch, height, width)
    sign = np.where(thickness < 0, kind(-1), kind(1))[:, None, None]
    signed = images * sign
    extreme = signed.copy()
    np.maximum(extreme[:, 1:], signed[:, :-1], out=extreme[:, 1:])
    np.maximum(extreme[:, :-1], signed[:, 1:], out=extreme[:, :-1])
    np.maximum(extreme[:, :, 1:], signed[:, :, :-1], out=extreme[:, :, 1:])
    np.maximum(extreme[:, :, :-1], signed[:, :, 1:], out=extreme[:, :, :-1])
    changed = images + (extreme - signed) * (np.abs(thickness)[:, None, None] * sign)
    x.reshape(height * width, batch)[...] = changed.reshape(batch, -1).T


DRAW_WITH_PEN = GpuKernel(
    "digitdesk_draw_with_pen",
    "raw T pieces, raw T thickness, int32 height, int32 width, int32 batch",
    "T x",
    """
    const int place = digitdesk_quotient(i, _ind.size(), batch);
    const int image = i - (long long)place * batch;
    const int row = place / width, column = place % width;
    const long long here = (long long)image * height * width + place;
    const T amount = thickness[image], sign = amount < 0 ? T(-1) : T(1);
    const T grey = pieces[here], own = grey * sign;
    T extreme = own, other;
    if (row > 0 && (other = pieces[here - width] * sign) > extreme) extreme = other;
    if (row < height - 1 && (other = pieces[here + width] * sign) > extreme) extreme = other;
    if (column > 0 && (other = pieces[here - 1] * sign) > extreme) extreme = other;
    if (column < width - 1 && (other = pieces[here + 1] * sign) > extreme) extreme = other;
    // |amount| · sign is the amount.
    x = grey + (extreme - own) * amount;
    """,
    _draw_with_pen,
)
"""pieces (N, H, W) → x (…, H, W, N), moved towards the neighbors' maximum or minimum."""
