"""Draws many images a few thousand at a time, so that it can say how far it is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from digitdesk.data.dataset import Labelled
from digitdesk.data.progress import Progress


def draw_in_chunks(
    draw: Callable[[int], Labelled], count: int, chunk: int, progress: Progress | None
) -> Labelled:
    """Draw images and labels, and put them together.

    Args:
        draw: Draws so many.
        count: How many in all.
        chunk: How many at a time.
        progress: Called with images done and images in all.
    """
    images = np.empty((count, 28, 28), dtype=np.uint8)
    labels = np.empty(count, dtype=np.uint8)
    for first in range(0, count, chunk):
        last = min(first + chunk, count)
        images[first:last], labels[first:last] = draw(last - first)
        if progress:
            progress(last, count)
    return images, labels
