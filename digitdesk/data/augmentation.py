"""Changes a batch of training images at random, so that no two epochs show the same ones.

Each image is turned, slanted, stretched, moved and bent a little, in one pass over the batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.resampling import sample_bilinear

_GRID = 5
"""Knots per axis of the elastic bend."""

# Standard deviations at strength 1.
_ROTATION = 0.13
_SHEAR = 0.16
_LOG_SCALE = 0.09
_SHIFT_PX = 1.2
_BEND_PX = 0.9
_PEN = 0.35
_THINNEST, _THICKEST = -0.5, 1.0
_CHUNK = 32


def augment(
    images: Float32Array, rng: np.random.Generator, *, strength: float = 1.0
) -> Float32Array:
    """Change each image at random by an affine map, an elastic bend and another pen.

    Args:
        images: Greys 0 … 1, ink = 1; they are not changed.
        rng: Decides the changes.
        strength: 0 leaves images as they are, 1 is strong but legible.

    Shapes:
        (N, H, W) → (N, H, W).

    Source:
        Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied
        to visual document analysis" (2003); here with bends interpolated between few knots.
    """
    count, height, width = images.shape
    if strength <= 0 or not count:
        return images.astype(np.float32)
    basis = map_basis(height, width)
    changes = draw_changes(count, rng, strength)
    changed = np.empty_like(images, dtype=np.float32)
    # A few images at a time, so that their positions stay in the processor's cache.
    for first in range(0, count, _CHUNK):
        part = slice(first, min(first + _CHUNK, count))
        # Where each pixel of the result comes from is linear in all random numbers: one product.
        sources = changes.maps[:, part] @ basis
        pieces = sample_bilinear(images[part], sources[0], sources[1])
        changed[part] = with_another_pen(pieces, changes.thickness[part])
    return changed


@dataclass(frozen=True, slots=True)
class Changes:
    """How each of N images is changed.

    Attributes:
        maps: Where the pixels come from, as weights of the rows of ``map_basis``, for x and for
            y: (2, N, rows).
        thickness: Part of the way to the neighbors' maximum, or minimum below 0, (N,).
    """

    maps: Float32Array
    thickness: Float32Array


def draw_changes(count: int, rng: np.random.Generator, strength: float) -> Changes:
    """Draw the changes of so many images; all random numbers of ``augment`` are drawn here."""
    maps = _parameters(count, rng, strength)
    # Thinning takes away greys, and a thin line has few: it must not vanish.
    thickness = np.clip(rng.normal(0, _PEN * strength, count), _THINNEST, _THICKEST)
    return Changes(maps, thickness.astype(np.float32))


@lru_cache(maxsize=4)
def map_basis(height: int, width: int) -> Float32Array:
    """Rows 1, x, y and the elastic bend's knots, each over all pixels: (3 + knots, H·W)."""
    y, x = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    rows = [np.ones(height * width), (x - (width - 1) / 2).ravel(), (y - (height - 1) / 2).ravel()]
    down, across = _hats(height), _hats(width)
    rows += [np.outer(down[i], across[j]).ravel() for i in range(_GRID) for j in range(_GRID)]
    basis = np.asarray(rows, dtype=np.float32)
    basis.flags.writeable = False
    return basis


def _hats(size: int) -> NDArray[np.float64]:
    """Smooth bumps around evenly spaced knots that sum to 1: (knots, size)."""
    knots = np.linspace(0, size - 1, _GRID)
    spacing = knots[1] - knots[0]
    distance = np.abs(np.arange(size) - knots[:, None]) / spacing
    return np.where(distance < 1, 0.5 + 0.5 * np.cos(np.pi * distance), 0.0)


def _parameters(count: int, rng: np.random.Generator, strength: float) -> Float32Array:
    """Weights of the basis rows for the source's x and y: (2, N, 3 + knots)."""
    angle = rng.normal(0, _ROTATION * strength, count)
    shear = rng.normal(0, _SHEAR * strength, count)
    scale_x, scale_y = np.exp(rng.normal(0, _LOG_SCALE * strength, (2, count)))
    cosine, sine = np.cos(angle), np.sin(angle)
    affine = np.empty((2, count, 3))
    affine[:, :, 0] = rng.normal(0, _SHIFT_PX * strength, (2, count))
    affine[0, :, 1], affine[0, :, 2] = cosine * scale_x, (shear * cosine - sine) * scale_y
    affine[1, :, 1], affine[1, :, 2] = sine * scale_x, (shear * sine + cosine) * scale_y
    bend = rng.normal(0, _BEND_PX * strength, (2, count, _GRID**2))
    return np.concatenate([affine, bend], axis=2).astype(np.float32)


def with_another_pen(images: Float32Array, thickness: Float32Array) -> Float32Array:
    """Move each image towards its neighbors' maximum (thicker) or minimum (thinner).

    Shapes:
        (N, H, W), (N,) → (N, H, W); ``thickness`` is -1 … 1.
    """
    # One sign flip turns the minimum into a maximum, so that both ways are one.
    sign = np.where(thickness < 0, np.float32(-1), np.float32(1))[:, None, None]
    amount = np.abs(thickness)[:, None, None] * sign
    signed = images * sign
    extreme = signed.copy()
    np.maximum(extreme[:, 1:], signed[:, :-1], out=extreme[:, 1:])
    np.maximum(extreme[:, :-1], signed[:, 1:], out=extreme[:, :-1])
    np.maximum(extreme[:, :, 1:], signed[:, :, :-1], out=extreme[:, :, 1:])
    np.maximum(extreme[:, :, :-1], signed[:, :, 1:], out=extreme[:, :, :-1])
    extreme -= signed
    extreme *= amount
    extreme += images
    return extreme
