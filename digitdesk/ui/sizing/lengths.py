"""Lengths in logical pixels, 1/96 inch at a size of 100 %, as screen pixels that know their origin.

A length is an ordinary number to whoever uses it; a widget that keeps it can ask ``again`` after
the size of everything has changed. So does a ``Sentence`` after a change of the language.
"""

from __future__ import annotations

import math

_factor = 1.0


def use_factor(factor: float) -> None:
    """Take so many screen pixels for a logical one from now on; widgets stay as they are."""
    global _factor
    _factor = factor


def factor() -> float:
    """Screen pixels per logical pixel."""
    return _factor


class Length(int):
    """Screen pixels; multiples and parts of a length are lengths, too.

    Sums and what else is computed from it are plain numbers, which nobody knows to say again.
    """

    _logical: float

    @classmethod
    def of(cls, logical: float) -> Length:
        """A length in logical pixels."""
        length = cls(_rounded(logical * _factor))
        length._logical = logical
        return length

    def again(self) -> Length:
        """The same with the size that everything has now."""
        return Length.of(self._logical)

    def __mul__(self, times: float) -> Length:
        return Length.of(self._logical * times)

    __rmul__ = __mul__

    def __floordiv__(self, parts: int) -> Length:
        return Length.of(self._logical / parts)

    def __neg__(self) -> Length:
        return Length.of(-self._logical)


def has_length(value: object) -> bool:
    """Whether an option is a length, or has one among several numbers."""
    if isinstance(value, tuple | list):
        return any(map(has_length, value))
    return isinstance(value, Length)


def again(value: object) -> object:
    """An option with the size that everything has now; what is no length as it is."""
    if isinstance(value, tuple | list):
        return tuple(map(again, value))
    return value.again() if isinstance(value, Length) else value


def _rounded(pixels: float) -> int:
    """Half a pixel is a pixel, as the theme library counts."""
    return math.floor(pixels + 0.5) if pixels >= 0 else -math.floor(0.5 - pixels)
