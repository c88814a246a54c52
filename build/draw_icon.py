"""Draws DigitDesk's icon: a handwritten 2 in white ink on a dark desk, over three answer bars.

Run ``python build/draw_icon.py``; it writes assets/icon.png, icon.ico and icon.icns.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ASSETS = Path(__file__).resolve().parent.parent / "assets"
PNG_SIDE, ICNS_SIDE = 256, 512
WINDOWS_SIDES = (16, 24, 32, 48, 64, 128, 256)
#: Below this size the bars would only be a smudge.
SMALLEST_WITH_BARS = 40
OVERSAMPLING = 4

Mask = NDArray[np.float64]
Color = tuple[int, int, int]

TOP: Color = (58, 78, 122)
BOTTOM: Color = (21, 28, 51)
INK: Color = (250, 248, 242)
ACCENT: Color = (104, 170, 255)
QUIET: Color = (92, 112, 158)

#: The 2 as one stroke, in units of the icon's side, y downward.
DIGIT = (
    (0.330, 0.315),
    (0.375, 0.235),
    (0.480, 0.190),
    (0.590, 0.215),
    (0.640, 0.305),
    (0.605, 0.405),
    (0.510, 0.500),
    (0.405, 0.585),
    (0.325, 0.665),
    (0.420, 0.640),
    (0.530, 0.662),
    (0.700, 0.650),
)
PEN_WIDTH = 0.092
#: Bars of the first, second and third guess: left end, length, color.
BARS = ((0.325, 0.190, ACCENT), (0.575, 0.055, QUIET), (0.690, 0.010, QUIET))
BAR_Y, BAR_WIDTH = 0.815, 0.040


def draw(side_px: int) -> Image.Image:
    """The icon at one size, RGBA."""
    fine = side_px * OVERSAMPLING
    y, x = (np.mgrid[0:fine, 0:fine] + 0.5) / fine
    color = _gradient(y)
    with_bars = side_px >= SMALLEST_WITH_BARS
    scale, shift = (1.0, 0.0) if with_bars else (1.22, 0.07)
    points = [(0.5 + (u - 0.5) * scale, 0.5 + (v - 0.43) * scale - 0.07 + shift) for u, v in DIGIT]
    # Small icons need a heavier pen to be read at all.
    width = PEN_WIDTH * (1 if with_bars else 1.3)
    shadow = _stroke(x, y - 0.012, points, width * 1.12, softness=0.03)
    color = _paint(color, (10, 14, 30), 0.45 * shadow)
    color = _paint(color, INK, _stroke(x, y, points, width))
    if with_bars:
        for left, length, bar_color in BARS:
            ends = [(left, BAR_Y), (left + length, BAR_Y)]
            color = _paint(color, bar_color, _stroke(x, y, ends, BAR_WIDTH))
    pixels = np.dstack([color, 255 * _desk(x, y)])
    # Colors are averaged weighted by how much they cover, so that the rim does not darken.
    large = Image.fromarray(np.rint(pixels).astype(np.uint8), "RGBA")
    return large.resize((side_px, side_px), Image.Resampling.BOX)


def _desk(x: Mask, y: Mask) -> Mask:
    """A square with continuously rounded corners (a superellipse) with a little air around it."""
    u, v = (abs(axis - 0.5) / 0.46 for axis in (x, y))
    return (u**5 + v**5 <= 1).astype(np.float64)


def _gradient(y: Mask) -> Mask:
    share = np.clip((y - 0.04) / 0.92, 0, 1)[..., None]
    return np.array(TOP) * (1 - share) + np.array(BOTTOM) * share


def _stroke(
    x: Mask, y: Mask, points: list[tuple[float, float]], width: float, softness: float = 0.0
) -> Mask:
    """Where a round pen has been that follows a smooth curve through the points, 0 to 1."""
    path = _smooth(points)
    nearest = np.full(x.shape, np.inf)
    for (ax, ay), (bx, by) in itertools.pairwise(path):
        dx, dy = bx - ax, by - ay
        along = np.clip(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1)
        distance = np.hypot(x - ax - along * dx, y - ay - along * dy)
        np.minimum(nearest, distance, out=nearest)
    edge = max(softness, 1 / x.shape[0])
    return np.clip((width / 2 - nearest) / edge + 0.5, 0, 1)


def _smooth(points: list[tuple[float, float]], pieces: int = 8) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through the points, as short straight pieces."""
    knots = np.array([points[0], *points, points[-1]])
    path = [points[0]]
    for a, b, c, d in zip(knots[:-3], knots[1:-2], knots[2:-1], knots[3:], strict=True):
        for t in np.arange(1, pieces + 1) / pieces:
            square, cube = 2 * a - 5 * b + 4 * c - d, 3 * (b - c) + d - a
            x, y = 0.5 * (2 * b + (c - a) * t + square * t**2 + cube * t**3)
            path.append((float(x), float(y)))
    return path


def _paint(under: Mask, color: Color, cover: Mask) -> Mask:
    return under * (1 - cover[..., None]) + np.array(color) * cover[..., None]


def main() -> None:
    """Write the icon in the three formats."""
    draw(PNG_SIDE).save(ASSETS / "icon.png", optimize=True)
    sizes = [draw(side) for side in WINDOWS_SIDES]
    sizes[-1].save(
        ASSETS / "icon.ico", append_images=sizes[:-1], sizes=[(s, s) for s in WINDOWS_SIDES]
    )
    draw(ICNS_SIDE).save(ASSETS / "icon.icns")
    for name in ("icon.png", "icon.ico", "icon.icns"):
        print(f"assets/{name}: {(ASSETS / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
