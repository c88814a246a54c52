"""Deals a training set out in mini-batches of shuffled indices.

Indices are shuffled, not images, so that an epoch costs no copy of the data.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def shuffled_batches(
    count: int, batch_size: int, rng: np.random.Generator
) -> Iterator[NDArray[np.intp]]:
    """Every index once, in random order.

    Args:
        count: Number of images.
        batch_size: Indices in each batch; the last batch holds what is left.
        rng: Decides the order; it is used once, when the first batch is taken.

    Yields:
        (N,) indices.
    """
    if batch_size < 1:
        raise ValueError(f"A batch must hold at least one image, not {batch_size}.")
    order = rng.permutation(count)
    for first in range(0, count, batch_size):
        yield order[first : first + batch_size]
