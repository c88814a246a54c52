"""Whether the pictures of a set lie on their side, mirrored, as EMNIST's do: by their look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.synthetic import handwriting
from digitdesk.ink.arrays import Float32Array, UInt8Array
from digitdesk.messages.model import DIGITS

_LOOKED_AT = 4000
_FEWEST = 3
"""Pictures of a class, and classes, from which something can be seen."""
_CLEAR = 0.05
"""So much more alike must one way be than the other."""
_MADE_UP = 600
_TALL = 0.12
"""Mean logarithm of height by width; of letters and digits that stand, it is positive."""

TURNED = "The pictures lie on their side, mirrored, as EMNIST's do; they were turned upright."
UPRIGHT = "The name says EMNIST, but the pictures stand upright already; they were left so."


def lie_down(
    pictures: UInt8Array, labels: NDArray[np.int16], names: Sequence[str], *, says_so: bool
) -> bool:
    """Whether pictures are transposed.

    Digits are compared with made-up ones, both ways; of letters, most are taller than wide. What
    looks like neither is believed what its name says.

    Args:
        pictures: (N, H, W), ink bright; squares.
        labels: (N,) class numbers.
        names: Of the classes.
        says_so: Whether the name of the set says that they are.
    """
    chosen = np.linspace(0, len(pictures) - 1, min(len(pictures), _LOOKED_AT)).astype(np.intp)
    some, of = pictures[chosen].astype(np.float32), labels[chosen]
    by_digits = _by_digits(some, of, names)
    if by_digits is not None:
        return by_digits
    if not _are_letters(names):
        return says_so
    tallness = _mean_tallness(some)
    return says_so if abs(tallness) < _TALL else tallness < 0


def _by_digits(
    pictures: Float32Array, labels: NDArray[np.int16], names: Sequence[str]
) -> bool | None:
    """Whether the digits among them are more like made-up ones when transposed; None: who knows."""
    if pictures.shape[1:] != (28, 28):
        return None
    made, of = handwriting.generate(_MADE_UP, seed=0)
    gains = []
    for digit, name in enumerate(DIGITS):
        # 0, 1 and 8 look alike both ways.
        if name not in names or name in "018":
            continue
        own = pictures[labels == list(names).index(name)]
        if len(own) >= _FEWEST:
            model = made[of == digit].astype(np.float32).mean(axis=0)
            mean = own.mean(axis=0)
            gains.append(_alike(mean.T, model) - _alike(mean, model))
    gain = float(np.mean(gains)) if len(gains) >= _FEWEST else 0.0
    return gain > 0 if abs(gain) >= _CLEAR else None


def _alike(a: Float32Array, b: Float32Array) -> float:
    """The correlation of two pictures."""
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale else 0.0


def _are_letters(names: Sequence[str]) -> bool:
    """Whether most classes are letters of the Latin alphabet."""
    latin = sum(name[0].isascii() and name[0].isalpha() and len(name) <= 3 for name in names)
    return latin > len(names) / 2


def _mean_tallness(pictures: Float32Array) -> float:
    """Mean logarithm of the ink's height by its width, as its spread."""
    mass = pictures.sum(axis=(1, 2)) + np.float32(1e-6)
    spreads = []
    for axis in (2, 1):
        along = pictures.sum(axis=axis) / mass[:, None]
        place = np.arange(along.shape[1], dtype=np.float32)
        middle = (along * place).sum(axis=1, keepdims=True)
        spreads.append(np.sqrt((along * (place - middle) ** 2).sum(axis=1)) + np.float32(1e-3))
    return float(np.log(spreads[0] / spreads[1]).mean())
