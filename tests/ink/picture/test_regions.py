"""Regions: compared with a flood fill that visits pixel after pixel."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.picture.regions import label_regions


def flood(mask):
    labels, count = np.zeros(mask.shape, dtype=int), 0
    for start in zip(*np.nonzero(mask), strict=True):
        if labels[start]:
            continue
        count += 1
        open_pixels = [start]
        while open_pixels:
            row, column = open_pixels.pop()
            inside = 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]
            if inside and mask[row, column] and not labels[row, column]:
                labels[row, column] = count
                open_pixels += [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return labels, count


@pytest.mark.parametrize("share", [0.0, 0.1, 0.3, 0.45, 0.7, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (23, 31)])
def test_same_regions_as_a_flood_fill(share, shape):
    mask = np.random.default_rng(7).random(shape) < share
    labels, count = label_regions(mask)
    expected, expected_count = flood(mask)
    assert count == expected_count
    pairs = set(zip(labels.ravel().tolist(), expected.ravel().tolist(), strict=True))
    assert len(pairs) == count + bool((~mask).any())
