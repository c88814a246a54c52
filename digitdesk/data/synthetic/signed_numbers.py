"""Dates, phone numbers and decimals, and how large and high their signs stand beside digits."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np

from digitdesk.ink.strokes import stroke_box
from digitdesk.messages.boxes import Box, union
from digitdesk.messages.prediction import Stroke

HEIGHT = 100.0
"""Of a digit."""

Drawing = tuple[Stroke, ...]

MIDDLE_OR_FOOT = {"-": (0.50, 0.06), "/": (0.50, 0.06), "+": (0.52, 0.06), ".": (1.0, 0.04)}
"""Mean and spread of where a sign's middle stands, of a dot its foot; a comma hangs on the line."""


# What is written


def date(rng: np.random.Generator) -> str:
    """A day in any of five forms."""
    day, month, year = rng.integers(1, 32), rng.integers(1, 13), rng.integers(1950, 2050)
    forms = (
        f"{day}/{month}/{year}",
        f"{day:02}/{month:02}/{year % 100:02}",
        f"{year}-{month:02}-{day:02}",
        f"{day}.{month}.{year}",
        f"{day:02}.{month:02}.{year % 100:02}",
    )
    return str(rng.choice(forms))


def phone(rng: np.random.Generator) -> str:
    """A phone number, some with spaces."""
    a, b, c = (rng.integers(100, 1000) for _ in range(3))
    d = rng.integers(1000, 10_000)
    forms = (f"{a}-{d}", f"{a} {b} {d}", f"+{a % 90 + 1} {b} {d}", f"{a}/{b} {c}", f"{a}-{b}-{d}")
    return str(rng.choice(forms))


def decimal(rng: np.random.Generator) -> str:
    """A number with a point or comma, a sign before it, or a fraction."""
    whole, part = rng.integers(0, 1000), rng.integers(0, 100)
    forms = (
        f"{whole}.{part}",
        f"{whole},{part:02}",
        f"-{whole % 30}.{part % 10}",
        f"{whole % 9 + 1},{part:02}0.{whole % 100:02}",
        f"{whole % 9 + 1}/{part % 9 + 1}",
    )
    return str(rng.choice(forms))


FORMS: tuple[Callable[[np.random.Generator], str], ...] = (date, phone, decimal)


# How it is written


def sized(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """A digit of some ``HEIGHT`` in height, on the line."""
    left, top, right, bottom = box_of(drawing)
    extent = max(bottom - top, 0.7 * (right - left), 1e-9)
    scale = HEIGHT * rng.uniform(0.85, 1.15) / extent
    foot = HEIGHT * (1 + rng.normal(0, 0.04))
    return moved(scaled(drawing, scale), 0, foot - bottom * scale)


def placed(sign: Drawing, name: str, rng: np.random.Generator) -> Drawing:
    """A sign, given in heights of a digit, where such signs stand."""
    drawing = scaled(sign, HEIGHT)
    _, top, _, bottom = box_of(drawing)
    if name == ",":
        return moved(drawing, 0, HEIGHT * rng.normal(0.85, 0.06) - top)
    mean, spread = MIDDLE_OR_FOOT[name]
    at = bottom if name == "." else (top + bottom) / 2
    return moved(drawing, 0, HEIGHT * rng.normal(mean, spread) - at)


def in_one_stroke(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """The strokes one after the other, the pen never lifted, each but the first from either end."""
    first, *others = drawing
    turned = [stroke[::-1] if rng.random() < 0.5 else stroke for stroke in others]
    return (tuple(itertools.chain(first, *turned)),)


def scaled(drawing: Drawing, scale: float) -> Drawing:
    """The same drawing, larger or smaller."""
    return tuple(tuple((x * scale, y * scale) for x, y in stroke) for stroke in drawing)


def moved(drawing: Drawing, right: float, down: float) -> Drawing:
    """The same drawing elsewhere."""
    return tuple(tuple((x + right, y + down) for x, y in stroke) for stroke in drawing)


def box_of(drawing: Drawing) -> Box:
    """Around all of its strokes."""
    return union(map(stroke_box, drawing))
