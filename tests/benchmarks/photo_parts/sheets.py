"""Sheets of paper, plain, ruled and squared, and ink upon them: (H, W) float32, white = 1."""

from __future__ import annotations

import numpy as np

from .ink import Floats

Shape = tuple[int, int]


def plain(shape: Shape, grey: float, rng: np.random.Generator, grain: float = 0.008) -> Floats:
    """Paper with a little grain."""
    sheet: Floats = np.full(shape, grey, dtype=np.float32)
    return sheet + rng.normal(0, grain, shape).astype(np.float32)


def lines(
    shape: Shape,
    spacing: float,
    width: float,
    slope: float = 0.0,
    bow: float = 0.0,
    start: float = 0.5,
) -> Floats:
    """How much of each pixel is covered by lines across, 0 … 1.

    Args:
        shape: Of the sheet.
        spacing: Pixels from one line to the next.
        width: Of a line, in pixels.
        slope: Pixels down for each to the right.
        bow: How many pixels the middle of a line lies below the chord of its ends.
        start: Where the first line is, in spacings.
    """
    height, wide = shape
    x = np.arange(wide, dtype=np.float32)
    along = x / max(wide - 1, 1)
    bend = slope * (x - wide / 2) + 4 * bow * along * (1 - along)
    y = np.arange(height, dtype=np.float32)[:, None] - bend[None, :].astype(np.float32)
    phase = np.mod(y - np.float32(start * spacing) + np.float32(spacing / 2), np.float32(spacing))
    distance = np.abs(phase - np.float32(spacing / 2))
    covered: Floats = np.clip(np.float32(width / 2 + 0.5) - distance, 0, 1).astype(np.float32)
    return covered


def squares(shape: Shape, spacing: float, width: float, slope: float = 0.0) -> Floats:
    """The lines of squared paper, turned by a little."""
    across = lines(shape, spacing, width, slope)
    down = lines(shape[::-1], spacing, width, -slope).T
    both: Floats = np.maximum(across, down)
    return both


def covered(sheet: Floats, cover: Floats, grey: float) -> Floats:
    """The sheet with something of one grey over it, 0 … 1 as much as ``cover`` says."""
    result: Floats = sheet + cover * (np.float32(grey) - sheet)
    return result


def placed(shape: Shape, ink: Floats, top: float, left: float) -> Floats:
    """Ink on an empty sheet; what reaches beyond it is cut off."""
    whole: Floats = np.zeros(shape, dtype=np.float32)
    y, x = round(top), round(left)
    rows = slice(max(0, y), min(shape[0], y + ink.shape[0]))
    columns = slice(max(0, x), min(shape[1], x + ink.shape[1]))
    whole[rows, columns] = ink[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x]
    return whole


def in_the_middle(
    shape: Shape, ink: Floats, rng: np.random.Generator, stray: float = 0.25
) -> Floats:
    """Ink about the middle of a sheet, off by a part of the room there is."""
    room = np.subtract(shape, ink.shape)
    top, left = room * (0.5 + stray * rng.uniform(-0.5, 0.5, 2))
    return placed(shape, ink, top, left)
