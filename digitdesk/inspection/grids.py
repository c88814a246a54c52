"""A layer's numbers as they cross to the screen: grids, and pages of tiles."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.grid import Grid
from digitdesk.messages.inside.tiles import ZERO_LEVEL, TileKind, Tiles


def grid(array: Any) -> Grid:
    """Numbers of any type as a grid of float32."""
    return Grid.of(np.ascontiguousarray(array, dtype=np.float32))


def floats(array: NDArray[Any]) -> tuple[float, ...]:
    """A row of numbers as Python's."""
    return tuple(float(number) for number in array.ravel())


def tiles(layer: str, what: TileKind, numbers: NDArray[Any], first: int, count: int) -> Tiles:
    """A page of a layer's numbers.

    Args:
        layer: Its path.
        what: Which numbers.
        numbers: (tiles, H, W), or (units,), all there are.
        first: The page begins with this tile; kept within what there is.
        count: How many tiles a page has.
    """
    total = len(numbers)
    first = min(max(first, 0), max(total - 1, 0))
    page = numbers[first : first + max(count, 0)]
    page = page if page.ndim == 3 else page.reshape(-1, 1, 1)
    highest, lowest = float(numbers.max(initial=0)), float(numbers.min(initial=0))
    limit = max(highest, -lowest)
    limit = limit if 0 < limit < np.inf else 1.0
    silent = numbers.size - int(np.count_nonzero(numbers))
    return Tiles(layer, what, first, total, grid(page), _levels(page, limit), limit, silent)


def _levels(numbers: NDArray[Any], limit: float) -> bytes:
    """Numbers from −limit to limit as bytes around ``ZERO_LEVEL``."""
    scaled = np.rint(numbers * ((ZERO_LEVEL - 1) / limit))
    return (np.nan_to_num(scaled) + ZERO_LEVEL).clip(0, 255).astype(np.uint8).tobytes()
