"""Divides a thinned drawing into ways between its ends and forks."""

from __future__ import annotations

import numpy as np

from digitdesk.ink.arrays import Mask

Pixel = tuple[int, int]
"""x and y."""

Way = list[Pixel]

_BESIDE = ((0, 1), (1, 0), (0, -1), (-1, 0))
_ACROSS = ((1, 1), (-1, 1), (1, -1), (-1, -1))


def ways_of(skeleton: Mask) -> list[Way]:
    """Every way from an end or fork to the next, each once.

    A loop without a fork is a way from a pixel back to itself, a pixel without a neighbor a way
    of its own.

    Args:
        skeleton: (H, W), lines of one pixel.
    """
    neighbors = _neighbors(skeleton)
    nodes = [pixel for pixel, beside in neighbors.items() if len(beside) != 2]
    is_node = set(nodes)
    ways: list[Way] = [[pixel] for pixel in nodes if not neighbors[pixel]]
    gone: set[tuple[Pixel, Pixel]] = set()
    for node in nodes:
        for first in neighbors[node]:
            if (node, first) not in gone:
                way = [node, first]
                while way[-1] not in is_node:
                    way.append(_next(neighbors, way))
                gone.add((way[-1], way[-2]))
                ways.append(way)
    seen = {pixel for way in ways for pixel in way}
    for pixel in neighbors:
        if pixel not in seen:
            way = [pixel, neighbors[pixel][0]]
            while way[-1] != pixel:
                way.append(_next(neighbors, way))
            seen.update(way)
            ways.append(way)
    return ways


def _neighbors(skeleton: Mask) -> dict[Pixel, list[Pixel]]:
    """The pixels that touch each pixel; across a corner only where no third one joins the two."""
    ys, xs = np.nonzero(skeleton)
    pixels = list(zip(xs.tolist(), ys.tolist(), strict=True))
    is_ink = set(pixels)
    neighbors = {}
    for x, y in pixels:
        beside = [(x + dx, y + dy) for dx, dy in _BESIDE if (x + dx, y + dy) in is_ink]
        beside += [
            (x + dx, y + dy)
            for dx, dy in _ACROSS
            if (x + dx, y + dy) in is_ink
            and (x + dx, y) not in is_ink
            and (x, y + dy) not in is_ink
        ]
        neighbors[x, y] = beside
    return neighbors


def _next(neighbors: dict[Pixel, list[Pixel]], way: Way) -> Pixel:
    one, other = neighbors[way[-1]]
    return other if one == way[-2] else one
