"""Digits and numbers as ink alone: from recorded strokes drawn with a pen, or cut out of scans.

Ink is (H, W) float32, 1 where the pen went over the paper and 0 where it did not, cropped to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from digitdesk.ink.brush import stamp_capsule
from digitdesk.ink.stroke_file import StrokeSample

Floats = np.ndarray[tuple[int, int], np.dtype[np.float32]]

_LOWEST = 0.5
"""A digit's height is at least this part of its width: a flat 1 is no line across the sheet."""
_EDGE_PX = 4
_VISIBLE = 0.08


@dataclass(frozen=True)
class Digit:
    """One digit of one hand.

    Attributes:
        label: What it is.
        draw: Its ink at a height in pixels, with a pen of a width in pixels.
        writer: Whose hand; digits of one number are of one hand where hands are known.
    """

    label: str
    draw: Callable[[float, float], Floats]
    writer: str = ""


@dataclass(frozen=True)
class Writing:
    """One digit or several in a row, not drawn yet.

    Attributes:
        digits: From left to right.
        gaps: Room before each but the first, in parts of the height.
        raised: How far each stands above the line, in parts of the height.
        sizes: Height of each, in parts of the height.
    """

    digits: tuple[Digit, ...]
    gaps: tuple[float, ...] = ()
    raised: tuple[float, ...] = (0.0,)
    sizes: tuple[float, ...] = (1.0,)
    boxes: list[tuple[int, int, int, int]] = field(default_factory=list, compare=False)

    @property
    def text(self) -> str:
        return "".join(digit.label for digit in self.digits)

    def ink(self, height: float, pen: float) -> Floats:
        """All of it, the line on which it stands at the lower edge less the pen's reach."""
        parts = [
            digit.draw(max(6.0, size * height), pen)
            for digit, size in zip(self.digits, self.sizes, strict=True)
        ]
        lifts = [max(0, round(lift * height)) for lift in self.raised]
        tall = max(len(part) + lift for part, lift in zip(parts, lifts, strict=True))
        room = [0, *(round(gap * height) for gap in self.gaps)]
        wide = sum(part.shape[1] for part in parts) + sum(room)
        whole: Floats = np.zeros((tall, wide), dtype=np.float32)
        left = 0
        self.boxes.clear()
        for part, lift, gap in zip(parts, lifts, room, strict=True):
            left += gap
            bottom = tall - lift
            window = whole[bottom - len(part) : bottom, left : left + part.shape[1]]
            np.maximum(window, part, out=window)
            self.boxes.append((left, bottom - len(part), left + part.shape[1], bottom))
            left += part.shape[1]
        return whole


def number(digits: Sequence[Digit], rng: np.random.Generator, *, raised: float = 0.05) -> Writing:
    """Digits in a row, each with a gap, height and size of its own."""
    count = len(digits)
    return Writing(
        tuple(digits),
        tuple(rng.uniform(0.1, 0.4, count - 1)),
        tuple(rng.uniform(0, raised, count)),
        tuple(rng.uniform(0.88, 1.12, count)),
    )


def drawn_digit(sample: StrokeSample) -> Digit:
    """A recorded digit, to be drawn with any pen."""
    strokes = [np.asarray(stroke, dtype=np.float64) for stroke in sample.strokes if len(stroke)]
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    unit = max(size[1], _LOWEST * size[0], 1e-6)

    def draw(height: float, pen: float) -> Floats:
        reach = int(np.ceil(pen / 2 + 0.5))
        scale = max(height - pen, 2.0) / unit
        wide, tall = np.ceil(size * scale).astype(int) + 2 * reach
        canvas: Floats = np.zeros((tall, wide), dtype=np.float32)
        for stroke in strokes:
            path = ((stroke - low) * scale + reach).tolist()
            for start, end in zip(path, path[1:] or path, strict=False):
                stamp_capsule(canvas, start, end, pen / 2)
        return canvas

    return Digit(str(sample.class_name), draw, sample.writer)


def scanned_digit(label: str, grey: np.ndarray) -> Digit | None:
    """The ink of a scanned card, or None where something but paper is seen along its edges.

    Args:
        label: What is on the card.
        grey: (H, W) uint8, dark ink on light paper.
    """
    greys = grey.astype(np.float32) / np.float32(255)
    paper = float(np.median(greys))
    darkness = np.clip(paper - greys, 0, 1)
    darkest = float(np.quantile(darkness, 0.995))
    ink = np.clip((darkness - 0.3 * _VISIBLE) / max(darkest - 0.3 * _VISIBLE, 0.1), 0, 1)
    border = np.ones(ink.shape, dtype=bool)
    border[_EDGE_PX:-_EDGE_PX, _EDGE_PX:-_EDGE_PX] = False
    seen = ink > 2 * _VISIBLE
    if darkest < 0.25 or paper < 0.6 or (seen & border).any() or not seen.any():
        return None
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    ink[ink < _VISIBLE] = 0
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)

    def draw(height: float, pen: float) -> Floats:
        scale = height / max(cut.shape[0], _LOWEST * cut.shape[1])
        size = [max(2, round(side * scale)) for side in cut.shape[::-1]]
        resized = Image.fromarray(cut).resize(size, Image.Resampling.BICUBIC)
        return np.clip(np.asarray(resized, dtype=np.float32), 0, 1)

    return Digit(label, draw)


def by_hand(digits: Iterable[Digit]) -> list[list[Digit]]:
    """Digits sorted by who wrote them; those of unknown hands are one."""
    hands: dict[str, list[Digit]] = {}
    for digit in digits:
        hands.setdefault(digit.writer, []).append(digit)
    return list(hands.values())
