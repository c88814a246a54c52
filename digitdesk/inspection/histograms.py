"""How numbers are distributed: counted in ranges of one width."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.inside.preparation import Histogram

_BINS = 28


def histogram(name: str, numbers: NDArray[Any], low: float, high: float) -> Histogram:
    """Counts in equally wide ranges; what lies beyond counts with the outermost."""
    counts, _ = np.histogram(np.clip(numbers, low, high), bins=_BINS, range=(low, high))
    return Histogram(name, low, high, tuple(counts.tolist()))
