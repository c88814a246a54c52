"""Scribbles: what a pen leaves that is no sign at all.

Each kind is a function of a random generator that gives strokes in a box of about 100 units.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from digitdesk.ink.arrays import Float64Array

"""One stroke: (points, 2)."""


def scribble(rng: np.random.Generator) -> list[Float64Array]:
    """One scribble of a random kind."""
    kind = _KINDS[rng.choice(len(_KINDS), p=_CHANCES)]
    return kind(rng)


def _loops(rng: np.random.Generator) -> list[Float64Array]:
    """The pen goes round and round, as when it is tried out."""
    time = np.linspace(0, 1, 120)[:, None]
    path = np.zeros((120, 2))
    for _ in range(3):
        turns = rng.uniform(2.5, 7)
        path += rng.uniform(12, 40, 2) * np.sin(
            2 * math.pi * turns * time + rng.uniform(0, 2 * math.pi, 2)
        )
    return [path + rng.uniform(-60, 60, 2) * time]


def _zigzag(rng: np.random.Generator) -> list[Float64Array]:
    """To and fro, as when something is crossed out."""
    count = int(rng.integers(6, 16))
    path = np.empty((count, 2))
    path[:, 0] = np.linspace(0, rng.uniform(20, 110), count)
    path[:, 1] = np.where(np.arange(count) % 2, rng.uniform(40, 100), 0.0)
    path += rng.normal(0, 5, path.shape)
    return [_turned(rounded(path, rng), rng)]


def _spiral(rng: np.random.Generator) -> list[Float64Array]:
    turns = rng.uniform(2.2, 5)
    angle = np.linspace(0, 2 * math.pi * turns, 140) * rng.choice([-1, 1])
    radius = np.linspace(rng.uniform(0, 12), 50, 140)
    path = np.stack([np.cos(angle), np.sin(angle) * rng.uniform(0.6, 1.2)], axis=1)
    return [path * radius[:, None] + rng.normal(0, 0.8, (140, 2))]


def _strokes(rng: np.random.Generator) -> list[Float64Array]:
    """A handful of lines and arcs thrown together, like a sign nobody knows."""
    strokes = []
    for _ in range(int(rng.integers(4, 9))):
        start, end = rng.uniform(0, 100, (2, 2))
        bend = rng.normal(0, 22, 2) * (rng.random() < 0.6)
        time = np.linspace(0, 1, 12)[:, None]
        strokes.append(
            (1 - time) ** 2 * start
            + 2 * time * (1 - time) * ((start + end) / 2 + bend)
            + time**2 * end
        )
    return strokes


def _tangle(rng: np.random.Generator) -> list[Float64Array]:
    """One stroke through many random places."""
    count = int(rng.integers(9, 26))
    return [rounded(rng.uniform(0, 100, (count, 2)), rng)]


def _dots(rng: np.random.Generator) -> list[Float64Array]:
    """Several taps, each a little longer than a point."""
    count = int(rng.integers(3, 12))
    places = rng.uniform(0, 100, (count, 2))
    return [place + rng.normal(0, 3, (3, 2)).cumsum(axis=0) for place in places]


def _patch(rng: np.random.Generator) -> list[Float64Array]:
    """A filled shape: lines so close that they become one dark patch, or just not."""
    rows = int(rng.integers(8, 20))
    height = np.linspace(0, 1, rows)
    corners = np.sort(rng.uniform(0, 1, 3))
    left = 50 - 50 * np.interp(height, [0, *corners, 1], rng.uniform(0.3, 1, 5))
    right = 50 + 50 * np.interp(height, [0, *corners, 1], rng.uniform(0.3, 1, 5))
    if rng.random() < 0.4:
        right = 100 - left
    path = np.empty((2 * rows, 2))
    path[0::2] = np.stack([left, 100 * height], axis=1)
    path[1::2] = np.stack([right, 100 * height + rng.uniform(0, 3)], axis=1)
    return [_turned(path * rng.uniform(0.6, 1.1, 2), rng)]


def _grid(rng: np.random.Generator) -> list[Float64Array]:
    """Lines side by side, and often others across."""
    lines = []
    for axis in range(1 + int(rng.random() < 0.6)):
        for place in np.linspace(0, 90, int(rng.integers(3, 6))):
            line = np.array([[place, 0.0], [place + rng.normal(0, 6), 95.0]])
            lines.append(line[:, ::-1] if axis else line)
    return [_turned(line + rng.normal(0, 2, line.shape), rng) for line in lines]


_KINDS: tuple[Callable[[np.random.Generator], list[Float64Array]], ...] = (
    _loops, _zigzag, _spiral, _strokes, _tangle, _dots, _patch, _grid,
)  # fmt: skip
_CHANCES = (0.14, 0.12, 0.1, 0.22, 0.14, 0.06, 0.16, 0.06)


def rounded(nodes: Float64Array, rng: np.random.Generator) -> Float64Array:
    """A curve along the nodes: corner cutting, once or several times.

    Source:
        G. Chaikin, "An algorithm for high-speed curve generation", 1974.
    """
    for _ in range(int(rng.integers(0, 4))):
        early, late = 0.75 * nodes[:-1] + 0.25 * nodes[1:], 0.25 * nodes[:-1] + 0.75 * nodes[1:]
        nodes = np.concatenate([nodes[:1], np.stack([early, late], 1).reshape(-1, 2), nodes[-1:]])
    return nodes


def _turned(path: Float64Array, rng: np.random.Generator) -> Float64Array:
    angle = rng.uniform(0, 2 * math.pi)
    cosine, sine = math.cos(angle), math.sin(angle)
    turned: Float64Array = path @ np.array([[cosine, sine], [-sine, cosine]])
    return turned
