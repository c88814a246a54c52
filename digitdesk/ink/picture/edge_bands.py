"""The edge of a card or of a sheet in view: a band along a whole side of the picture.

By itself it is a region along the edge, and is left out as one. Here it is parted from writing that
hangs together with it.
"""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Mask
from digitdesk.ink.picture.regions import find_runs

_WITHIN = 0.1
"""Of the picture: so far from its side a band ends."""
_BEGINS = 0.03
_WHOLE = 0.97
_ENDS = 0.5
"""Of the side: where less is dark, the band has ended, and its soft rim with it."""
_OPPOSITE = 0.1
"""Of the picture: a 7 cropped to its ink has a bar along a whole side, too, but no room beyond."""
_LEAST_REST = 0.25
_RIM = 5


def without_edge_bands(mask: Mask) -> Mask:
    """Drop bands that run along a whole side of the picture, as long as there is writing beside.

    Args:
        mask: (H, W), true where the picture is darker than its paper.
    """
    found = mask
    for turns in range(4):
        turned = np.rot90(found, turns)
        end = _band_end(turned)
        if end and _is_beside_writing(turned[end:]):
            found = found.copy()
            np.rot90(found, turns)[:end] = False
    return found


def _band_end(mask: Mask) -> int:
    """Where a band along the upper edge has ended, in rows; 0 where there is none."""
    most = round(_WITHIN * len(mask))
    full = mask[: most + 1].mean(axis=1)
    is_whole = full[: max(1, round(_BEGINS * len(mask))) + 1] >= _WHOLE
    if not is_whole.any():
        return 0
    begin = int(is_whole.argmax())
    is_beyond = full[begin:] < _ENDS
    return begin + int(is_beyond.argmax()) if is_beyond.any() else 0


def _is_beside_writing(rest: Mask) -> bool:
    """Whether what lies below a band ends well above the lower edge, and is no speck.

    A digit that the band cuts in two places or more is closed by it, and stays as it is.
    """
    rows, columns = np.flatnonzero(rest.any(axis=1)), np.flatnonzero(rest.any(axis=0))
    # Right at the band there are crumbs of its rim.
    if not len(rows) or min(len(find_runs(row)) for row in rest[:_RIM]) > 1:
        return False
    is_sizable = max(np.ptp(rows), np.ptp(columns)) >= _LEAST_REST * min(rest.shape)
    return bool(is_sizable and len(rest) - rows[-1] > _OPPOSITE * len(rest))
