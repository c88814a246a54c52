"""Writes the same drawing in another order: strokes exchanged, some of them from end to beginning.

Few people write a digit so, and those who do should be read all the same.
"""

from __future__ import annotations

import numpy as np

from digitdesk.ink.ink_batch import InkBatch


def with_other_order(ink: InkBatch, rng: np.random.Generator, part: float) -> InkBatch:
    """Give some drawings another order and direction of their strokes.

    Args:
        ink: The drawings.
        rng: Decides which, and how.
        part: Of the drawings; each of their strokes is turned round or not by a coin.
    """
    first = np.flatnonzero(ink.starts_stroke)
    lengths = np.diff(np.append(first, len(ink.points)))
    drawing = ink.sample[first]
    is_chosen = (rng.random(ink.count) < part)[drawing]
    place = np.where(is_chosen, rng.random(len(first)), np.linspace(0, 1, len(first)))
    is_turned = is_chosen & (rng.random(len(first)) < 0.5)
    order = np.lexsort((place, drawing))
    first, lengths, is_turned = first[order], lengths[order], is_turned[order]
    starts = np.cumsum(lengths) - lengths
    along = np.arange(len(ink.points)) - np.repeat(starts, lengths)
    back = np.repeat(lengths - 1, lengths) - along
    from_where = np.repeat(first, lengths) + np.where(np.repeat(is_turned, lengths), back, along)
    starts_stroke = np.zeros(len(ink.points), dtype=np.bool_)
    starts_stroke[starts] = True
    return InkBatch(ink.points[from_where], starts_stroke, ink.sample[from_where], ink.count)
