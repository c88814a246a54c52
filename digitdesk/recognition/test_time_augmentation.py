"""Test-time augmentation: a picture is read straight, turned and slanted, and the mean counts.

What a network is unsure of in one view it often knows in the next.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.resampling import sample_bilinear

_ROTATION = 0.08
"""In radians, either way."""

_SHEAR = 0.12
"""Slant dx/dy, either way."""

_COSINE, _SINE = math.cos(_ROTATION), math.sin(_ROTATION)
VIEW_MATRICES = (
    (_COSINE, -_SINE, _SINE, _COSINE),
    (_COSINE, _SINE, -_SINE, _COSINE),
    (1.0, _SHEAR, 0.0, 1.0),
    (1.0, -_SHEAR, 0.0, 1.0),
)
"""(a, b, c, d) of each changed view: its pixel (x, y), measured from the picture's middle, comes
from (a x + b y, c x + d y)."""

VIEWS = 1 + len(VIEW_MATRICES)
"""So many are read of each picture."""

_CHUNK = 512
"""Pictures whose views are in memory at once."""


class LogitSource(Protocol):
    """Anything that scores pictures: a network, several of them, or one that looks twice."""

    def predict_logits(self, images: Float32Array, /) -> NDArray[Any]:
        """(N, 28, 28) pictures → (N, classes) logits."""


class TestTimeAugmentation:
    """A source that asks another one five times.

    Args:
        source: What scores each view.
    """

    def __init__(self, source: LogitSource) -> None:
        self._source = source

    def predict_logits(self, images: Float32Array, /) -> NDArray[Any]:
        """(N, 28, 28) pictures → (N, classes) mean logits."""
        return read_views(self._source.predict_logits, images)


def read_views(
    predict: Callable[[NDArray[Any]], NDArray[Any]], images: NDArray[Any]
) -> NDArray[Any]:
    """The mean logits over five views of each picture.

    Args:
        predict: From pictures (M, 28, 28) to logits (M, outputs).
        images: Greys 0 … 1, or bytes.

    Shapes:
        (N, 28, 28) → (N, outputs).

    Source:
        A. Krizhevsky, I. Sutskever and G. Hinton, "ImageNet classification with deep
        convolutional neural networks", NIPS 2012, section 4.1.
    """
    logits = []
    for first in range(0, max(1, len(images)), _CHUNK):
        part = images[first : first + _CHUNK]
        scores = predict(views(part))  # (5 · n, outputs)
        logits.append(scores.reshape(VIEWS, len(part), scores.shape[1]).mean(axis=0))
    return np.concatenate(logits)


def views(images: NDArray[Any]) -> Float32Array:
    """Each picture as it is, then all turned left, turned right, slanted left and slanted right.

    Shapes:
        (N, H, W) → (5 · N, H, W).
    """
    greys = images.astype(np.float32)
    if images.dtype == np.uint8:
        greys /= np.float32(255)
    count, height, width = greys.shape
    changed = [greys]
    for x, y in _sources(height, width):
        shape = (count, height * width)
        positions = (np.broadcast_to(axis, shape).copy() for axis in (x, y))
        changed.append(sample_bilinear(greys, *positions))
    return np.concatenate(changed)


@lru_cache(maxsize=2)
def _sources(height: int, width: int) -> tuple[tuple[Float32Array, Float32Array], ...]:
    """For each changed view, where its pixels come from, relative to the middle: x and y (H·W,)."""
    rows, columns = np.indices((height, width))
    x, y = columns.ravel() - (width - 1) / 2, rows.ravel() - (height - 1) / 2
    found = [(a * x + b * y, c * x + d * y) for a, b, c, d in VIEW_MATRICES]
    return tuple((x.astype(np.float32), y.astype(np.float32)) for x, y in found)
