"""Three people the bundled reader is bad at, made up: one writes mirrored, one leans, one loops.

Each has one form for every digit, and varies it a little from drawing to drawing.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.strokes.stroke_augmentation import StrokeStyle, augment_strokes
from digitdesk.data.synthetic.handwriting import VARIANTS, pack
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.prediction import Stroke

Drawing = tuple[Stroke, ...]
Points = NDArray[np.float64]

_VARIES = StrokeStyle(rotation=0.05, shear=0.06, log_aspect=0.08, displacement=0.015)
_LEAN = 2.2
_MIRRORED = (3, 4, 7, 9)
_LOOP = 0.24


def _mirrored(strokes: list[Points], label: int) -> list[Points]:
    """The 4 and what is like it, 3, 7 and 9, are written from right to left."""
    return [stroke * (-1, 1) for stroke in strokes] if label in _MIRRORED else strokes


def _leaning(strokes: list[Points], label: int) -> list[Points]:
    """So slanted that up is more to the right than up."""
    return [np.stack([s[:, 0] - _LEAN * s[:, 1], s[:, 1]], axis=1) for s in strokes]


def _looping(strokes: list[Points], label: int) -> list[Points]:
    """The pen is never lifted, and begins and ends with a loop, as in joined writing."""
    first, last = strokes[0][0], strokes[-1][-1]
    angles = np.linspace(0, 2 * math.pi, 16)
    circle = np.stack([np.cos(angles) - 1, np.sin(angles)], axis=1) * _LOOP
    return [np.concatenate([first + circle, *strokes, last - circle])]


HANDS: dict[str, Callable[[list[Points], int], list[Points]]] = {
    "mirrored": _mirrored,
    "leaning": _leaning,
    "looping": _looping,
}


def drawings(hand: str, labels: list[int], seed: int) -> list[Drawing]:
    """What a hand writes.

    Args:
        hand: One of ``HANDS``.
        labels: Digits to write.
        seed: Decides how this time differs from others.
    """
    rng = np.random.default_rng(seed)
    made = []
    for label in labels:
        form = next(variant for variant in VARIANTS if variant.label == label)
        ink = augment_strokes(pack([(form, 1)], rng), rng, _VARIES)
        strokes = [np.array(stroke, dtype=np.float64) for stroke in ink.drawings()[0]]
        made.append(fit_to_board([s.tolist() for s in HANDS[hand](strokes, label)]))
    return made
