"""The signs between digits that UNIPEN's writers drew, as large as they are beside their digits."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from digitdesk.data.strokes.unipen import FILE_NAMES, read_unipen_digits
from digitdesk.data.synthetic.signed_numbers import Drawing, box_of, scaled
from digitdesk.ink.segmentation.signs import SIGNS
from digitdesk.ink.stroke_file import read_stroke_file

Signs = dict[str, list[Drawing]]
"""Drawings of each sign, in heights of a digit."""

_FEWEST_DIGITS = 10


def signs_of_writers(folder: Path) -> tuple[Signs, Signs]:
    """Signs of every other writer, and of the others, who are for measuring.

    Those that are larger or smaller than nineteen of twenty are left out: a hand that writes a
    sign by itself, into a box of a form, sometimes fills the box. So are slashes that do not lean
    to the right: they are backslashes and bars under a wrong name.

    Raises:
        DataError: A file is missing or damaged.
    """
    heights = defaultdict(list)
    for sample in read_unipen_digits(folder):
        _, top, _, bottom = box_of(sample.strokes)
        heights[sample.writer].append(bottom - top)
    usual = {
        writer: float(np.median(own))
        for writer, own in heights.items()
        if len(own) >= _FEWEST_DIGITS
    }
    found = [
        s for s in read_stroke_file(folder / FILE_NAMES[2]) if s.name in SIGNS and s.writer in usual
    ]
    writers = sorted({sample.writer for sample in found})
    halves: tuple[Signs, ...] = ({}, {})
    for sign in SIGNS:
        own = [s for s in found if s.name == sign]
        drawings = [scaled(s.strokes, 1 / usual[s.writer]) for s in own]
        extents = np.array([max(b[2] - b[0], b[3] - b[1]) for b in map(box_of, drawings)])
        low, high = np.quantile(extents, (0.025, 0.975))
        for sample, drawing, extent in zip(own, drawings, extents, strict=True):
            if low <= extent <= high and (sign != "/" or leans_right(drawing)):
                halves[writers.index(sample.writer) % 2].setdefault(sign, []).append(drawing)
    return halves[0], halves[1]


def leans_right(drawing: Drawing) -> bool:
    """Whether the upper end of a long line is right of its lower end, by more than a little."""
    points = np.concatenate([np.array(stroke) for stroke in drawing])
    (upper, top), (lower, bottom) = (points[points[:, 1].argmin()], points[points[:, 1].argmax()])
    return bool(upper - lower > 0.15 * (bottom - top))
