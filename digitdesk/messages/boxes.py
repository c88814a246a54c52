"""Boxes around ink: left, top, right and bottom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

Box = tuple[float, float, float, float]
"""In any unit."""

PixelBox = tuple[int, int, int, int]
"""In whole pixels, of which the right-most and the lowest are outside."""

B = TypeVar("B", Box, PixelBox)


def union(boxes: Iterable[B]) -> B:
    """The smallest box that holds all of them; there is at least one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))
