"""Connected regions of a mask, found row by row.

Runs of set pixels are joined with the runs they touch in the row above, corners included.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Mask
from digitdesk.messages.boxes import Box


def label_regions(mask: Mask) -> tuple[NDArray[np.intp], int]:
    """Number the connected regions.

    Args:
        mask: (H, W); pixels that touch, also by a corner, belong together.

    Returns:
        (H, W) numbers, 0 where the mask is false and 1 … count in the regions, and the count.

    Source:
        Rosenfeld and Pfaltz, "Sequential operations in digital picture processing" (1966).
    """
    parent: list[int] = []
    runs: list[tuple[int, int, int]] = []

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    rows, changes = np.nonzero(np.diff(mask.view(np.int8), axis=1, prepend=0, append=0))
    above: list[int] = []
    current: list[int] = []
    row_before, place = -1, 0
    # Changes come row by row, and in each row in pairs: where a run begins, and where it has ended.
    for row, begin, end in zip(
        rows[::2].tolist(), changes[::2].tolist(), changes[1::2].tolist(), strict=True
    ):
        if row != row_before:
            above = current if row == row_before + 1 else []
            current, row_before, place = [], row, 0
        run = len(runs)
        runs.append((row, begin, end))
        parent.append(run)
        current.append(run)
        # Runs above that end before this one begins touch none of the row's later ones either.
        while place < len(above) and runs[above[place]][2] < begin:
            place += 1
        touched = place
        while touched < len(above) and runs[above[touched]][1] <= end:
            parent[root(above[touched])] = root(run)
            touched += 1

    labels = np.zeros(mask.shape, dtype=np.intp)
    numbers: dict[int, int] = {}
    for run, (row, begin, end) in enumerate(runs):
        labels[row, begin:end] = numbers.setdefault(root(run), len(numbers) + 1)
    return labels, len(numbers)


def find_runs(mask: Mask) -> list[tuple[int, int]]:
    """Where each run of true begins and has ended in a row (N,)."""
    changes = np.flatnonzero(np.diff(mask.view(np.int8), prepend=0, append=0))
    return [(begin, end) for begin, end in changes.reshape(-1, 2).tolist()]


def region_boxes(labels: NDArray[np.intp], count: int) -> list[Box]:
    """Left, top, right and bottom of each numbered region.

    Args:
        labels: (H, W) as ``label_regions`` gives them.
        count: How many regions there are; one without pixels gets a box that ends before it begins.
    """
    rows, columns = np.nonzero(labels)
    region = labels[rows, columns] - 1
    boxes = np.zeros((count, 4), dtype=np.float64)
    boxes[:, :2] = max(labels.shape)
    for axis, places in enumerate((columns, rows)):
        np.minimum.at(boxes[:, axis], region, places)
        np.maximum.at(boxes[:, axis + 2], region, places + 1)
    return [(left, top, right, bottom) for left, top, right, bottom in boxes.tolist()]
