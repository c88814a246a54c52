"""Every kind of made-up photo and scan, at every strength that is measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .drawers import (
    Cover,
    Draw,
    at_border,
    card,
    cells,
    colored,
    compressed,
    cropped,
    dark_edge,
    dark_lines,
    dark_window,
    frame,
    lit,
    on_a_line,
    on_a_page,
    on_plain,
    on_table,
    pressure,
    rows,
    ruled,
    specks,
    squared,
    window,
)
from .ink import Floats
from .light import corner_glare, dark_corner, hard_shadow, sun_patch
from .sheets import Shape
from .surroundings import edge_lines, rounded_card, table_strip, table_wedge


@dataclass(frozen=True)
class Case:
    """One kind of picture at one strength.

    Attributes:
        kind: What is around the writing, or wrong with it.
        strength: How much of it.
        draw: Gives the content of a picture file.
        digits: Whether single digits are drawn so.
        numbers: Whether numbers are.
        rows: How many numbers there are, one below the other.
    """

    kind: str
    strength: str
    draw: Draw
    digits: bool = True
    numbers: bool = True
    rows: int = 1


def _edges(sides: int, width: int) -> Cover:
    return lambda shape, rng: edge_lines(shape, sides, width, rng)


def _strip(part: float, sides: int = 1) -> Cover:
    return lambda shape, rng: table_strip(shape, part, rng, sides)


def _wedge(part: float) -> Cover:
    return lambda shape, rng: table_wedge(shape, part, rng)


def _round_corners(shape: Shape, _: np.random.Generator) -> Floats:
    return rounded_card(shape, 2, 12)


BLUE, WHITE = (0.5, 0.62, 0.95), (0.97, 0.97, 0.97)
GREEN, RED = (0.1, 0.52, 0.2), (0.9, 0.2, 0.15)
"""Green and red of one brightness, 0.36."""

CASES = (
    Case("plain", "pen 3 of 60 px", on_plain(60, 3)),
    Case("plain", "pen 12 of 150 px", on_plain(150, 12)),
    Case("thin pen", "1 px of 60", on_plain(60, 1)),
    Case("thin pen", "2 px of 200", on_plain(200, 2)),
    *(Case("pressure", f"down to {least}", pressure(least)) for least in (0.5, 0.35, 0.25)),
    Case("card", "one edge, 1 px", card(_edges(1, 1))),
    Case("card", "two edges, 2 px", card(_edges(2, 2))),
    Case("card", "round corners", card(_round_corners)),
    Case("card", "strip of 5 %", card(_strip(0.05))),
    *(Case("ruled", f"slope {slope}", ruled(slope)) for slope in (0, 0.004, 0.01, 0.02, 0.03)),
    Case("ruled", "bow of 20 px", ruled(0, 20)),
    *(Case("ruled", f"dark, slope {slope}", dark_lines(slope)) for slope in (0, 0.01, 0.03)),
    *(Case("squared", f"slope {slope}", squared(60, slope)) for slope in (0, 0.01, 0.03)),
    Case("squared", "near, slope 0.01", squared(28, 0.01)),
    *(Case("on a line", f"dark, {slope}", on_a_line(70 / 255, slope)) for slope in (0, 0.01, 0.03)),
    Case("on a line", "light, 0.01", on_a_line(0.6, 0.01)),
    *(Case("crop", f"margin {margin} px", cropped(margin)) for margin in (-2, 0, 1, 2, 5)),
    Case("crop", "touches two edges", at_border),
    *(Case("shadow", f"hard, {dark}", lit(hard_shadow, dark)) for dark in (0.25, 0.4, 0.6)),
    Case("shadow", "corner glare", lit(corner_glare, 0.6)),
    Case("shadow", "patch of sun", lit(sun_patch, 0.5)),
    Case("shadow", "dark corner", lit(dark_corner, 0.75)),
    Case("shadow", "dark corner, 60 px", lit(dark_corner, 0.8, 60)),
    *(Case("table", f"one side {part:.0%}", on_table(_strip(part))) for part in (0.06, 0.15, 0.3)),
    Case("table", "two sides 10 %", on_table(_strip(0.1, 2))),
    Case("table", "three sides 10 %", on_table(_strip(0.1, 3))),
    Case("table", "wedge of 20 %", on_table(_wedge(0.2))),
    Case("table", "blurred, 15 %", dark_edge(_strip(0.15))),
    *(Case("frame", f"rectangle, {width} px", frame(width)) for width in (1, 3, 6)),
    Case("frame", "rectangle, wide", frame(2, 0.9)),
    Case("frame", "cells, 2 px", cells(2)),
    Case("frame", "cells, 4 px", cells(4)),
    Case("frame", "window", window),
    Case("frame", "black board", dark_window),
    *(Case("small", f"{height} px of 2200", on_a_page(height)) for height in (12, 20, 40, 80)),
    Case("color", "light blue on white", colored(WHITE, BLUE)),
    Case("color", "light blue, thin", colored(WHITE, BLUE, 2)),
    Case("color", "green on red", colored(RED, GREEN)),
    *(Case("JPEG", f"quality {quality}", compressed(quality)) for quality in (30, 15, 8)),
    Case("specks", "10", specks(10)),
    Case("specks", "40", specks(40)),
    *(Case("two rows", f"{gap} apart", rows(gap), digits=False, rows=2) for gap in (0.3, 1.0)),
)
