"""What lies around the writing: edges of cards, the table, frames of forms and of windows."""

from __future__ import annotations

import numpy as np

from .ink import Floats
from .light import soft
from .sheets import Shape


def edge_lines(shape: Shape, sides: int, width: int, rng: np.random.Generator) -> Floats:
    """Thin lines along some of the sides, a few pixels from them, round at a common corner."""
    cover: Floats = np.zeros(shape, dtype=np.float32)
    first = int(rng.integers(4))
    for turn in range(first, first + sides):
        turned = np.rot90(cover, turn % 4)
        place = int(rng.integers(1, 5))
        turned[place : place + width] = 1
        turned[:place] = np.maximum(turned[:place], 0)
    return cover


def rounded_card(shape: Shape, margin: int, radius: int) -> Floats:
    """All that lies outside a card with rounded corners."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    half = np.array([shape[0] / 2 - margin, shape[1] / 2 - margin]) - radius
    away_y = np.maximum(np.abs(y - shape[0] / 2) - half[0], 0)
    away_x = np.maximum(np.abs(x - shape[1] / 2) - half[1], 0)
    outside: Floats = np.clip(np.hypot(away_x, away_y) - radius, 0, 1).astype(np.float32)
    return outside


def table_strip(shape: Shape, part: float, rng: np.random.Generator, sides: int = 1) -> Floats:
    """A strip of what the sheet lies on, along one or more sides."""
    cover: Floats = np.zeros(shape, dtype=np.float32)
    first = int(rng.integers(4))
    for turn in range(first, first + sides):
        turned = np.rot90(cover, turn % 4)
        turned[: max(2, round(part * turned.shape[0]))] = 1
    return cover


def table_wedge(shape: Shape, part: float, rng: np.random.Generator) -> Floats:
    """A wedge along one side, from nothing to a part of the sheet."""
    cover: Floats = np.zeros(shape, dtype=np.float32)
    turned = np.rot90(cover, int(rng.integers(4)))
    y, x = np.mgrid[0 : turned.shape[0], 0 : turned.shape[1]]
    turned[y < part * turned.shape[0] * x / turned.shape[1]] = 1
    return soft(cover, 1.5)


def rectangle(shape: Shape, box: tuple[float, float, float, float], width: int) -> Floats:
    """The outline of a box: left, top, right and bottom of its inside."""
    left, top, right, bottom = (round(edge) for edge in box)
    cover: Floats = np.zeros(shape, dtype=np.float32)
    cover[max(0, top - width) : bottom + width, max(0, left - width) : right + width] = 1
    cover[max(0, top) : bottom, max(0, left) : right] = 0
    return cover
