"""Which of the dark regions of a picture are its one digit, and which lie around it.

Scans and photos show the edge of a card, a strip of the table, a corner of shadow. What lies along
the picture's edges is none of the digit, as long as there is something else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Mask
from digitdesk.ink.picture.regions import label_regions, region_boxes

_EDGE = 0.1
"""Part of the picture's sides that counts as its edge."""
_ALONG_THE_EDGE = 0.8
"""Part of a region's pixels in the edge from which on it lies along it."""
_LEAST_EXTENT = 1 / 12
_LEAST_PART = 0.12
"""Least extent of a part of the digit, of the largest one's; a dot of noise is smaller."""
_LEAST_AREA = 0.04
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class _Regions:
    """Regions by number: (N,) each.

    Attributes:
        area: Pixels.
        extent: The longer side of the box.
        is_inside: It touches no edge of the picture.
        is_along_edge: Nearly all of it is where only edges of cards and tables are.
    """

    area: NDArray[np.float64]
    extent: NDArray[np.float64]
    is_inside: NDArray[np.bool_]
    is_along_edge: NDArray[np.bool_]


def one_digit(mask: Mask) -> Mask:
    """Keep the largest region that may be a digit, and what is large enough beside it.

    Args:
        mask: (H, W), true where the picture is darker than its paper.
    """
    labels, count = label_regions(mask)
    if count == 0:
        return mask
    regions = _measured(mask, labels, count)
    largest = _largest(regions, max(mask.shape))
    keep = regions.area >= _LEAST_AREA * regions.area[largest]
    keep &= regions.extent >= _LEAST_PART * regions.extent[largest]
    if not regions.is_along_edge[largest]:
        keep &= ~regions.is_along_edge
    if regions.is_inside[largest]:
        # Half of a neighbor, or a shadow, reaches in from the edge; a digit's own part does, too.
        keep &= regions.is_inside | (
            (regions.extent >= _HALF * regions.extent[largest]) & _is_line(regions)
        )
    keep[largest] = True
    kept: Mask = np.concatenate([[False], keep])[labels]
    return kept


def _measured(mask: Mask, labels: NDArray[np.intp], count: int) -> _Regions:
    height, width = mask.shape
    left, top, right, bottom = np.asarray(region_boxes(labels, count)).T
    area = np.bincount(labels.reshape(-1), minlength=count + 1)[1:].astype(np.float64)
    band = np.ones(mask.shape, dtype=np.bool_)
    margins = [max(1, round(_EDGE * side)) for side in mask.shape]
    band[margins[0] : height - margins[0], margins[1] : width - margins[1]] = False
    in_band = np.bincount(labels[band], minlength=count + 1)[1:]
    return _Regions(
        area,
        np.maximum(right - left, bottom - top),
        (left > 0) & (top > 0) & (right < width) & (bottom < height),
        in_band >= _ALONG_THE_EDGE * area,
    )


def _largest(regions: _Regions, side: int) -> int:
    """The region with most pixels, of those inside unless they are specks beside a digit."""
    sizable = (regions.extent >= max(4, _LEAST_EXTENT * side)) & ~regions.is_along_edge
    of_digit = sizable & (regions.is_inside | _is_line(regions))
    least = _HALF * float(np.max(regions.extent, where=of_digit, initial=0))
    inside = of_digit & regions.is_inside & (regions.extent >= least)
    for chosen in (inside, of_digit, sizable, ~regions.is_along_edge):
        if chosen.any():
            return int(np.argmax(np.where(chosen, regions.area, 0)))
    return int(np.argmax(regions.area))


def _is_line(regions: _Regions) -> NDArray[np.bool_]:
    """Whether a region is thin for its size, as a pen's stroke is and a shadow is not."""
    thin: NDArray[np.bool_] = regions.area <= 0.35 * regions.extent**2
    return thin
