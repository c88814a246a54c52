"""Corners of a table or of a shadow, too narrow for a square of paper, that look like ink.

A shadow's edge that meets the picture's at a sharp angle leaves a tip there. It is as dark as the
rest of the shadow and hangs together with it; ink in a shadow is darker than the shadow.
"""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Float32Array, Mask
from digitdesk.ink.picture.neighborhood import brightest, darkest
from digitdesk.ink.picture.regions import label_regions

_STEP = 0.08
"""What is darker than most of the paper by so much lies in a shadow or beyond the paper."""
_ALIKE = 0.05
_RIM_PX = 5
_TABLE = 0.58
"""What is darker by so much is no shadow but a table, whose edge nobody writes across."""
_LEAST_PART = 0.005
"""Of the picture: a smaller dark place has no corners that matter."""


def with_dark_corners(sheet: Float32Array, grey: Float32Array) -> Float32Array:
    """The paper's brightness, dark also in the corners of what is dark.

    Args:
        sheet: (H, W) brightness of the paper, as far as squares could tell.
        grey: (H, W), the picture itself, ink and all.
    """
    usual = float(np.quantile(sheet, 0.9))
    is_known = np.abs(grey - sheet) < _ALIKE
    labels, count = label_regions(is_known & (sheet < usual - _STEP))
    if not count:
        return sheet
    areas = np.bincount(labels.reshape(-1), minlength=count + 1)[1:]
    found = sheet
    for dark in np.flatnonzero(areas >= _LEAST_PART * labels.size) + 1:
        own = labels == dark
        level = float(np.median(grey[own]))
        corners = _corners(own, ~is_known & (np.abs(grey - level) < _ALIKE))
        # The soft rim between dark and light is none of the paper either; darker ink is no rim.
        rim = _near(corners) & (grey > level - _ALIKE)
        found = np.where(rim, np.minimum(found, grey), found)
        if level < usual - _TABLE:
            found = np.where(_near(own | corners), darkest(found, 3), found)
    return found


def _corners(dark: Mask, alike: Mask) -> Mask:
    """What is alike, touches a dark place, and reaches the picture's edge."""
    labels, count = label_regions(alike)
    sides = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    padded = np.pad(dark, 1)
    beside = padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
    is_corner = np.zeros(count + 1, dtype=np.bool_)
    is_corner[np.intersect1d(sides, labels[beside])] = True
    is_corner[0] = False
    found: Mask = is_corner[labels]
    return found


def _near(mask: Mask) -> Mask:
    """The mask, and what is near it."""
    near: Mask = brightest(mask.astype(np.float32), _RIM_PX) > 0
    return near
