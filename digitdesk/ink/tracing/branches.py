"""What is left of a thinned drawing's ways when forks that are one are joined, and spurs are gone.

Thinning makes two forks of a crossing, and a spur of each corner of a broad pen.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass

from digitdesk.ink.tracing.skeleton_ways import Pixel, Way

Point = tuple[float, float]

# In widths of the pen.
_ONE_CROSSING = 1.0
_SPUR = 0.9
_FULL_LOOP = 1.5


@dataclass(frozen=True, slots=True)
class Branch:
    """A way between two nodes.

    Attributes:
        points: x and y, from the first node to the second.
        nodes: Both; a loop has one node twice.
    """

    points: list[Point]
    nodes: tuple[Pixel, Pixel]

    @property
    def length(self) -> float:
        """Of the way."""
        return length(self.points)


def length(points: list[Point] | Way) -> float:
    """Of a way through points."""
    return sum(itertools.starmap(math.dist, itertools.pairwise(points)))


def branches_of(ways: list[Way], pen: float) -> list[Branch]:
    """The branches of a drawing.

    Args:
        ways: As ``ways_of`` finds them.
        pen: Width of its ink, in pixels.
    """
    ends = Counter(end for way in ways for end in (way[0], way[-1]))
    node_of = {end: end for end in ends}

    def group(pixel: Pixel) -> Pixel:
        while node_of[pixel] != pixel:
            pixel = node_of[pixel]
        return pixel

    kept = []
    for way in ways:
        first, last = way[0], way[-1]
        loose = (ends[first] == 1) + (ends[last] == 1)
        if first != last and not loose and length(way) < _ONE_CROSSING * pen:
            node_of[group(first)] = group(last)
        elif loose != 1 or length(way) >= _SPUR * pen:
            kept.append(way)
    members: dict[Pixel, list[Pixel]] = {}
    for pixel in node_of:
        members.setdefault(group(pixel), []).append(pixel)
    middle = {node: _mean(pixels) for node, pixels in members.items()}
    branches = []
    for way in kept:
        nodes = group(way[0]), group(way[-1])
        points = [middle[nodes[0]], *way[1:-1], middle[nodes[1]]][: len(way)]
        if nodes[0] != nodes[1] or len(way) == 1 or length(points) >= _FULL_LOOP * pen:
            branches.append(Branch(points, nodes))
    return branches


def _mean(pixels: list[Pixel]) -> Point:
    return sum(x for x, _ in pixels) / len(pixels), sum(y for _, y in pixels) / len(pixels)
