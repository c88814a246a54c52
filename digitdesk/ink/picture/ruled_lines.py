"""The lines of ruled and squared paper, which are no writing."""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Mask
from digitdesk.ink.picture.regions import find_runs


def without_ruled_lines(mask: Mask) -> Mask:
    """Drop the lines of ruled or squared paper: thin, and across nearly the whole picture."""
    cleaned = mask
    for turned in (False, True):
        view = cleaned.T if turned else cleaned
        lined = view.mean(axis=1) > 0.9
        thickness = max(2, view.shape[0] // 40)
        # A line is thin; a band of many full rows is ink or shadow and no business of this.
        result = view.copy()
        for begin, end in find_runs(lined):
            if end - begin <= thickness:
                above = view[begin - 1] if begin > 0 else np.zeros_like(view[0])
                below = view[end] if end < len(view) else np.zeros_like(view[0])
                # Ink that crosses the line is there on both sides of it.
                result[begin:end] = above & below
        cleaned = result.T if turned else result
    # Where nothing else is left, the line was no ruling but the digit 1.
    return cleaned if cleaned.any() else mask
