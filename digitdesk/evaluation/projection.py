"""Principal components: the directions in which pictures differ most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Directions through the middle of some pictures.

    Attributes:
        middle: (D,) their mean.
        axes: (k, D) directions of length 1, in which they vary most, the first the most.
        explained: (k,) the part of all variance along each.
    """

    middle: Float32Array
    axes: Float32Array
    explained: NDArray[np.float64]

    def of(self, features: Float32Array) -> Float32Array:
        """(N, D) → (N, k): where pictures lie along the axes."""
        components: Float32Array = np.matmul(features - self.middle, self.axes.T)
        return components


def principal_components(features: Float32Array, count: int) -> Projection:
    """The singular value decomposition of the centered features, as far as it is wanted.

    It is found through the products of the N pictures with each other, as a layer often has many
    times as many outputs as there are pictures.

    Args:
        features: (N, D), N at least 1.
        count: How many axes; there are never more than N or D.

    Source:
        H. Hotelling, "Analysis of a complex of statistical variables into principal components",
        Journal of Educational Psychology 24 (1933), 417-441.
    """
    middle = features.mean(axis=0)
    centered = features - middle
    products = (centered @ centered.T).astype(np.float64)
    variances, vectors = np.linalg.eigh(products)  # (N,) ascending, and (N, N) in columns
    count = min(count, *features.shape)
    largest = np.argsort(variances)[::-1][:count]
    axes = (centered.T @ vectors[:, largest].astype(np.float32)).T
    lengths = np.linalg.norm(axes, axis=1, keepdims=True)
    axes = np.divide(axes, lengths, out=np.zeros_like(axes), where=lengths > 0)
    total = float(np.trace(products))
    explained = np.maximum(variances[largest], 0) / total if total > 0 else np.zeros(count)
    return Projection(middle, axes * _signs(axes), explained)


def _signs(axes: NDArray[Any]) -> NDArray[Any]:
    """Turns each axis so that its largest entry is positive: either way would be as right."""
    largest = np.abs(axes).argmax(axis=1)[:, None]
    return np.where(np.take_along_axis(axes, largest, axis=1) < 0, np.float32(-1), np.float32(1))
