"""Made-up pictures for the bench: a fifth of the pixels inked, as in MNIST, and ten classes.

Each class has most of its ink in rows of its own, so that a step that teaches nothing is seen.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

_BATCHES = 8
_BAND = 7
"""Rows, a quarter of all, in which a class has most of its ink."""


def batches(size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Batches of greys 0 … 1 (N, 28, 28) in float32 and labels (N,), over and over."""
    rng = np.random.default_rng(1)
    made = []
    for _ in range(_BATCHES if size < 1000 else 1):
        labels = rng.integers(0, 10, size)
        distances = np.arange(28) - labels[:, None] * (28 - _BAND) // 9  # of rows from their band
        chances = np.where((distances >= 0) & (distances < _BAND), 0.5, 0.1)
        inked = rng.random((size, 28, 28), dtype=np.float32) < chances[:, :, None]
        greys = rng.random((size, 28, 28), dtype=np.float32) * inked
        made.append((greys, labels))
    return itertools.cycle(made)
