"""Digits with straight pens and a reader that knows them by heart, for tests of numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PIL import Image

from digitdesk.data.synthetic.numbers import NumberStyle, compose_number
from digitdesk.ink.brush import stamp_capsule
from digitdesk.ink.preprocessing import preprocess_strokes
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.model import ModelCard
from digitdesk.messages.prediction import Stroke
from digitdesk.recognition.reader import Reader


def _arc(x: float, y: float, width: float, height: float, start: float, turn: float) -> Stroke:
    """Part of an ellipse; angles in full turns, clockwise from the right."""
    angles = [2 * math.pi * (start + turn * k / 40) for k in range(41)]
    return tuple((x + width * math.cos(a), y + height * math.sin(a)) for a in angles)


DRAWINGS: dict[int, tuple[Stroke, ...]] = {
    0: (_arc(30, 50, 30, 50, -0.25, -1.0),),
    1: (((0, 20), (15, 0), (15, 100)),),
    2: ((*_arc(30, 28, 28, 28, -0.5, 0.6), (2, 100), (60, 100)),),
    3: (_arc(22, 25, 24, 25, -0.4, 0.65) + _arc(22, 75, 28, 25, -0.25, 0.65),),
    4: (((30, 0), (0, 65), (62, 65)), ((45, 35), (43, 100))),
    5: (((8, 2), (4, 45), *_arc(22, 70, 30, 30, -0.35, 0.7)), ((8, 2), (58, 0))),
    6: (((45, 0), (10, 45), *_arc(30, 72, 27, 28, -0.5, -1.0)),),
    7: (((0, 0), (58, 0), (22, 100)), ((8, 52), (52, 50))),
    8: (_arc(28, 24, 22, 24, 0.25, 1.0) + _arc(28, 75, 28, 26, -0.25, -1.0),),
    9: ((*_arc(28, 28, 26, 28, 0.0, -1.0), (54, 28), (48, 100)),),
}


def sample(digit: int) -> StrokeSample:
    return StrokeSample(digit, "", DRAWINGS[digit])


def written(text: str, *, gap: float, size: float = 1.0, height: float = 100.0) -> Any:
    """A number with the same gap everywhere."""
    style = NumberStyle(gap=(gap, gap), size=(size, size), baseline=0)
    samples = [sample(int(letter)) for letter in text]
    return compose_number(samples, np.random.default_rng(0), style, height=height)


SIGNS: dict[str, tuple[Stroke, ...]] = {
    "-": (((0, 50), (50, 48)),),
    ".": (((0, 97), (4, 99), (1, 100)),),
    ",": (((16, 88), (20, 100), (4, 128)),),
    "/": (((70, -12), (0, 112)),),
    "+": (((0, 50), (70, 50)), ((35, 15), (35, 85))),
}


def signed(text: str, *, gap: float = 25.0) -> tuple[Stroke, ...]:
    """A text of digits, signs, spaces and rows, its digits 100 high."""
    strokes: list[Stroke] = []
    for row, line in enumerate(text.split("\n")):
        right, down = 0.0, 190.0 * row
        for letter in line:
            if letter == " ":
                right += 90
                continue
            drawing = SIGNS.get(letter) or DRAWINGS[int(letter)]
            left = min(x for stroke in drawing for x, _ in stroke)
            by = right + gap - left
            strokes += [tuple((x + by, y + down) for x, y in stroke) for stroke in drawing]
            right = max(x for stroke in strokes for x, _ in stroke if stroke[0][1] > down - 50)
    return tuple(strokes)


def picture(
    strokes: tuple[Stroke, ...], *, pen_px: float = 7.0, margin_px: float = 40.0
) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Dark ink on white paper, one pixel per unit; the ink's box begins at the margin."""
    points = np.array([point for stroke in strokes for point in stroke])
    low = points.min(axis=0) - margin_px
    width, height = np.ceil(points.max(axis=0) + margin_px - low).astype(int)
    canvas = np.zeros((height, width), dtype=np.float32)
    for stroke in strokes:
        moved = [(float(x - low[0]), float(y - low[1])) for x, y in stroke]
        for start, end in zip(moved, moved[1:] or moved, strict=False):
            stamp_capsule(canvas, start, end, pen_px / 2)
    return np.rint(255 - 225 * canvas).astype(np.uint8)


class ByHeart:
    """Logits by the distance to each known digit; the last one is for what is far from all."""

    def __init__(self) -> None:
        known = [preprocess_strokes(DRAWINGS[digit]) for digit in range(10)]
        self.known = np.stack([picture for picture in known if picture is not None])
        self.pictures_read = 0

    def predict_logits(self, images: Any, /) -> Any:
        self.pictures_read += len(images)
        distance = ((images[:, None] - self.known) ** 2).sum(axis=(2, 3))
        far = np.full((len(images), 1), 60.0)
        return -0.25 * np.concatenate([distance, far], axis=1)


def reader_by_heart() -> Reader:
    card = ModelCard("By heart", "none", reject_names=("scribble",))
    return Reader(ByHeart(), card)


def paper_with(
    strokes: tuple[Stroke, ...],
    *,
    side: int = 400,
    contrast: float = 0.5,
    noise: float = 0.01,
    seed: int = 0,
) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """A photo of unevenly lit paper, the strokes in its middle in a pencil of so much contrast."""
    rng = np.random.default_rng(seed)
    ink = np.zeros((280, 280), dtype=np.float32)
    for stroke in fit_to_board(strokes, margin_px=60):
        for start, end in zip(stroke, stroke[1:] or stroke, strict=False):
            stamp_capsule(ink, start, end, 4.5)
    ink = np.asarray(Image.fromarray(ink).resize((side, side), Image.Resampling.BICUBIC))
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    slope_x, slope_y = rng.normal(0, 0.05, 2)
    paper = 0.7 + slope_x * x + slope_y * y - 0.05 * (x * x + y * y)
    photo = paper - contrast * np.clip(ink, 0, 1) + rng.normal(0, noise, ink.shape)
    return np.rint(np.clip(photo, 0, 1) * 255).astype(np.uint8)
