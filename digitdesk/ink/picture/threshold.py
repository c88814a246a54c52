"""Two groups of greys, and the threshold between them."""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Float32Array


def otsu_threshold(values: Float32Array) -> float:
    """The threshold that separates two groups of greys best.

    Source:
        Otsu, "A threshold selection method from gray-level histograms" (1979).
    """
    highest = float(values.max())
    if highest <= 0:
        return 0.0
    counts, edges = np.histogram(values, bins=256, range=(0.0, highest))
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    mean_below = sums / np.maximum(below, 1)
    mean_above = (sums[-1] - sums) / np.maximum(above, 1)
    best = int(np.argmax(below * above * (mean_below - mean_above) ** 2))
    return float(edges[best + 1])
