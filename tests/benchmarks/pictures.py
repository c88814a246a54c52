"""Made-up pictures for the bench: a fifth of the pixels inked, as in MNIST, with random labels."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

_BATCHES = 8


def batches(size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Batches of greys 0 … 1 (N, 28, 28) in float32 and labels (N,), over and over."""
    rng = np.random.default_rng(1)
    made = []
    for _ in range(_BATCHES if size < 1000 else 1):
        inked = rng.random((size, 28, 28), dtype=np.float32) < 0.2
        greys = rng.random((size, 28, 28), dtype=np.float32) * inked
        made.append((greys, rng.integers(0, 10, size)))
    return itertools.cycle(made)
