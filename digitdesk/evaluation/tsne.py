"""t-SNE: a plane on which neighbors stay neighbors, found by letting points attract and repel.

Exact, with all pairs of points at every step, which a thousand points allow. It begins with the
principal components, not by chance, so the same points give the same map.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitdesk.evaluation.slices import Advance
from digitdesk.ink.arrays import Float32Array

PERPLEXITY = 30.0
"""How many neighbors a point has, about."""

_STEPS = 750
_EXAGGERATED_STEPS = 250
_EXAGGERATION = 12.0
_LEAST_RATE = 50.0
_LEAST_GAIN = 0.01
_START = 1e-4
_SEARCH_STEPS = 40
_TOLD_EVERY = 10


def tsne(
    features: Float32Array,
    start: Float32Array,
    advance: Advance = lambda done, total: None,
    perplexity: float = PERPLEXITY,
) -> Float32Array:
    """Lay points out on a plane.

    Args:
        features: (N, D), best a few dozen principal components.
        start: (N, 2), where they lie to begin with, for example the first two components.
        advance: Told how many steps are done, and of how many; raises to stop.
        perplexity: Less than a third of N is used where N is small.

    Returns:
        (N, 2).

    Source:
        L. van der Maaten and G. Hinton, "Visualizing data using t-SNE", Journal of Machine
        Learning Research 9 (2008), 2579-2605; learning rate and start after D. Kobak and
        P. Berens, "The art of using t-SNE for single-cell transcriptomics", 2019.
    """
    n = len(features)
    if n < 4:
        return start.astype(np.float32)
    p = _affinities(features, min(perplexity, (n - 1) / 3))
    spread = float(start[:, 0].std()) or 1.0
    y = (start * (_START / spread)).astype(np.float32)
    velocity, gains = np.zeros_like(y), np.ones_like(y)
    near, force = np.empty_like(p), np.empty_like(p)
    rate = max(n / _EXAGGERATION / 4, _LEAST_RATE)
    p *= np.float32(_EXAGGERATION)
    for step in range(_STEPS):
        if step % _TOLD_EVERY == 0:
            advance(step, _STEPS)
        if step == _EXAGGERATED_STEPS:
            p *= np.float32(1 / _EXAGGERATION)
        grad = _gradient(p, y, near, force)
        # Faster where it goes on in the same direction, slower where it turns back.
        gains = np.where(grad * velocity > 0, gains * np.float32(0.8), gains + np.float32(0.2))
        np.maximum(gains, np.float32(_LEAST_GAIN), out=gains)
        momentum = 0.5 if step < _EXAGGERATED_STEPS else 0.8
        velocity = np.float32(momentum) * velocity - np.float32(rate) * gains * grad
        y += velocity
        y -= y.mean(axis=0)
    advance(_STEPS, _STEPS)
    return y


def squared_distances(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, D), (M, D) → (N, M)."""
    result: NDArray[np.float32] = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)
    result -= np.float32(2) * (a @ b.T)
    np.maximum(result, 0, out=result)
    return result


def _gradient(
    p: Float32Array, y: Float32Array, near: Float32Array, force: Float32Array
) -> Float32Array:
    """The slope of the Kullback-Leibler divergence by the places.

    Args:
        p: (N, N) how much points are neighbors.
        y: (N, 2) where they lie.
        near: (N, N) for use in here; so is the next.
        force: Kept from step to step, as the system hands out memory page by page.

    Returns:
        (N, 2).
    """
    ones = np.ones((len(y), 1), dtype=np.float32)
    squares = (y**2).sum(axis=1, keepdims=True)
    # 1 + |a − b|² = (1 + |a|²) + |b|² − 2 a·b is one product of matrices.
    np.matmul(np.hstack([1 + squares, ones, -2 * y]), np.hstack([ones, squares, y]).T, out=near)
    np.reciprocal(near, out=near)  # Student's t with one degree of freedom
    np.fill_diagonal(near, 0)
    np.multiply(near, np.float32(-1 / float(near.sum(dtype=np.float64))), out=force)
    force += p
    force *= near
    pulls = force @ np.hstack([ones, y])
    grad: Float32Array = np.float32(4) * (pulls[:, :1] * y - pulls[:, 1:])
    return grad


def _affinities(features: Float32Array, perplexity: float) -> Float32Array:
    """How much each two points are neighbors, (N, N) summing to 1.

    Each point's bell is made as wide as gives it the wanted perplexity, all at once by bisection.
    """
    n = len(features)
    distances = squared_distances(features, features).astype(np.float64)
    np.fill_diagonal(distances, np.inf)
    # From the nearest on, so that no bell is 0 everywhere.
    distances -= distances.min(axis=1, keepdims=True)
    finite = np.where(np.isinf(distances), 0, distances)
    low, high = np.zeros(n), np.full(n, np.inf)
    beta = 1 / np.maximum(finite.mean(axis=1), 1e-12)
    wanted = np.log(perplexity)
    for _ in range(_SEARCH_STEPS):
        bells = np.exp(-distances * beta[:, None])
        sums = bells.sum(axis=1)
        entropy = np.log(sums) + beta * (finite * bells).sum(axis=1) / sums
        is_wide = entropy > wanted
        low, high = np.where(is_wide, beta, low), np.where(is_wide, high, beta)
        beta = np.where(np.isinf(high), 2 * beta, (low + high) / 2)
    bells = np.exp(-distances * beta[:, None])
    p = bells / bells.sum(axis=1, keepdims=True)
    p = (p + p.T) / (2 * n)
    affinities: Float32Array = np.maximum(p, 1e-12).astype(np.float32)
    return affinities
