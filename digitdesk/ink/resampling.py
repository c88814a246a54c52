"""Greys between the pixels: what every turn, slant and bend of a picture needs."""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Float32Array


def sample_bilinear(images: Float32Array, x: Float32Array, y: Float32Array) -> Float32Array:
    """Greys at fractional positions relative to the middle; 0 outside.

    Args:
        images: Greys; they are not changed.
        x: For each pixel of the result, where it comes from; overwritten.
        y: As ``x``, downward.

    Shapes:
        (N, H, W), twice (N, H·W) → (N, H, W).
    """
    count, height, width = images.shape
    # One empty row and column all round; positions further out are taken to it.
    padded = np.zeros((count, height + 3, width + 3), dtype=np.float32)
    padded[:, 1:-2, 1:-2] = images
    x += np.float32((width - 1) / 2 + 1)
    y += np.float32((height - 1) / 2 + 1)
    np.clip(x, 0, width + 1, out=x)
    np.clip(y, 0, height + 1, out=y)
    left, top = x.astype(np.int32), y.astype(np.int32)
    x -= left
    y -= top
    where = top * np.int32(width + 3)
    where += left
    where += np.arange(count, dtype=np.int32)[:, None] * np.int32((height + 3) * (width + 3))
    greys = padded.reshape(-1)
    # Four neighbors, mixed first along x and then along y.
    upper, upper_right = greys.take(where), greys.take(where + 1)
    where += np.int32(width + 3)
    lower, lower_right = greys.take(where), greys.take(where + 1)
    upper_right -= upper
    upper_right *= x
    upper += upper_right
    lower_right -= lower
    lower_right *= x
    lower += lower_right
    lower -= upper
    lower *= y
    upper += lower
    return upper.reshape(images.shape)
