"""Makes lines of digits and signs, as many as a network for lines wants to be trained with.

Digits of one hand stand close, touch, overlap or are joined without lifting the pen; each is bent,
turned and stretched a little in its own way, and the whole line again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.strokes.stroke_augmentation import StrokeStyle, augment_strokes
from digitdesk.data.synthetic.numbers import NumberStyle, compose_number
from digitdesk.data.synthetic.signed_numbers import (
    FORMS,
    HEIGHT,
    Drawing,
    box_of,
    in_one_stroke,
    moved,
    placed,
    scaled,
    sized,
)
from digitdesk.ink.arrays import Float32Array, UInt8Array
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.line_picture import COLUMNS_PER_HEIGHT, ROWS, ROWS_PER_COLUMN, resized
from digitdesk.ink.rasterizer import draw_points
from digitdesk.ink.stroke_file import StrokeSample

WIDTH = 384
NAMES = "0123456789-/+.,"
LONGEST = 12
"""Digits and signs of the longest line."""

_FINENESS = 17
_SIDE = 22 * _FINENESS
"""Of the square canvas that lines are drawn on: nearly as wide as a line."""

_MARGIN = 12
_MOST_DIGITS = 7
_OF_SIGNS, _OF_PICTURES, _OF_FEW, _OF_HANDS = 0.28, 0.2, 0.35, 0.25
"""Parts of the lines: with signs, pasted of pictures, of the same few digits over and over, and of
several hands."""

_UNLIFTED = 0.25
"""Part of the pluses whose strokes are one: the pen is not lifted between them."""

_GAPS = ((-0.12, 0.15), (-0.08, 0.40), (-0.08, 0.40), (0.0, 0.8))
_JOINED = (0.0, 0.0, 0.5, 1.0)
_DIGIT = StrokeStyle(rotation=0.08, shear=0.08, log_aspect=0.12, displacement=0.03)
_LINE = StrokeStyle(rotation=0.04, shear=0.20, log_aspect=0.16, displacement=0.004)
_PENS = (0.045, 0.15)
"""Thinnest and thickest, beside the height of a digit."""


@dataclass(frozen=True)
class LineSources:
    """What lines are made of.

    Attributes:
        hands: The digits of each writer, any number of them.
        signs: Drawings of each sign, in heights of a digit.
        images: (N, 28, 28) pictures of digits, ink = 255.
        labels: (N,) which digits they are.
    """

    hands: Sequence[Sequence[StrokeSample]]
    signs: Mapping[str, Sequence[Drawing]]
    images: UInt8Array
    labels: NDArray[np.integer]


def make_lines(
    sources: LineSources, count: int, rng: np.random.Generator
) -> tuple[UInt8Array, NDArray[np.int8]]:
    """Lines as a network for lines sees them, and what stands on them.

    Shapes:
        (count, ROWS, WIDTH) greys, ink = 255; (count, LONGEST) positions in ``NAMES``, padded
        with −1.
    """
    pasted = round(_OF_PICTURES * count)
    written = [_written(sources, rng) for _ in range(count - pasted)]
    greys = [_drawn([drawing for drawing, _ in written], rng)]
    texts = [text for _, text in written]
    for _ in range(pasted):
        grey, text = _pasted(sources, rng)
        greys.append(grey[np.newaxis])
        texts.append(text)
    lines = np.concatenate(greys)
    # Ink of any strength, with soft edges or hard ones.
    lines **= np.exp(rng.normal(0, 0.3, (count, 1, 1))).astype(np.float32)
    lines *= rng.uniform(0.6, 1, (count, 1, 1)).astype(np.float32)
    labels = np.full((count, LONGEST), -1, dtype=np.int8)
    for row, text in zip(labels, texts, strict=True):
        row[: len(text)] = [NAMES.index(sign) for sign in text]
    return np.rint(255 * lines).astype(np.uint8), labels


def _written(sources: LineSources, rng: np.random.Generator) -> tuple[Drawing, str]:
    """The strokes of one line, and its text."""
    hand = sources.hands[int(rng.integers(len(sources.hands)))]
    if rng.random() < _OF_HANDS:
        hands = [sources.hands[k] for k in rng.integers(len(sources.hands), size=_MOST_DIGITS)]
        hand = [own[k] for own in hands for k in rng.integers(len(own), size=10)]
    if rng.random() < _OF_SIGNS:
        found = _with_signs(hand, sources.signs, rng)
        if found is not None:
            return found
    if rng.random() < _OF_FEW:
        hand = [hand[k] for k in rng.integers(len(hand), size=rng.integers(1, 4))]
    chosen = [hand[k] for k in rng.integers(len(hand), size=rng.integers(1, _MOST_DIGITS + 1))]
    style = NumberStyle(
        gap=_GAPS[rng.integers(len(_GAPS))],
        size=(0.85, 1.15) if rng.random() < 0.8 else (0.7, 1.25),
        baseline=0.04 if rng.random() < 0.8 else 0.08,
        joined=_JOINED[rng.integers(len(_JOINED))],
    )
    number = compose_number(_varied(chosen, rng), rng, style, height=HEIGHT)
    return tuple(stroke for stroke in number.strokes if stroke), number.text


def _varied(samples: Sequence[StrokeSample], rng: np.random.Generator) -> list[StrokeSample]:
    """The same digits, each in a form of its own."""
    ink = augment_strokes(InkBatch.from_drawings([s.strokes for s in samples]), rng, _DIGIT)
    return [
        StrokeSample(label=sample.label, strokes=strokes, writer=sample.writer)
        for sample, strokes in zip(samples, ink.drawings(), strict=True)
    ]


def _with_signs(
    hand: Sequence[StrokeSample], signs: Mapping[str, Sequence[Drawing]], rng: np.random.Generator
) -> tuple[Drawing, str] | None:
    """A date, a phone number, a decimal, or digits and signs as they come; None if none is short.

    Only digits that the hand has written can be taken.
    """
    own: dict[str, list[StrokeSample]] = {}
    for sample in hand:
        own.setdefault(str(sample.label), []).append(sample)
    text = _text(set(own) | set(signs), rng)
    if text is None:
        return None
    strokes: list[tuple[tuple[float, float], ...]] = []
    right, least, most = 0.0, rng.uniform(-0.12, 0.05), rng.uniform(0.1, 0.5)
    for sign in text:
        if sign in signs:
            drawing = signs[sign][int(rng.integers(len(signs[sign])))]
            if sign == "+" and rng.random() < _UNLIFTED:
                drawing = in_one_stroke(drawing, rng)
            drawing = placed(scaled(drawing, float(np.exp(rng.normal(0, 0.15)))), sign, rng)
            gap = rng.uniform(0, 0.35)
        else:
            sample = own[sign][rng.integers(len(own[sign]))]
            drawing = sized(_varied([sample], rng)[0].strokes, rng)
            gap = rng.uniform(least, most)
        if rng.random() < 0.05:
            gap += rng.uniform(0.4, 1)
        drawing = moved(drawing, right + gap * HEIGHT - box_of(drawing)[0], 0)
        right = box_of(drawing)[2]
        strokes += drawing
    return tuple(strokes), text


def _text(known: set[str], rng: np.random.Generator) -> str | None:
    for _ in range(10):
        if rng.random() < 0.7:
            text = FORMS[int(rng.integers(len(FORMS)))](rng).replace(" ", "")
        else:
            signs = list(NAMES if rng.random() < 0.5 else NAMES[:10])
            text = "".join(rng.choice(signs, size=rng.integers(2, 8))).strip("/.,")
        if text and len(text) <= LONGEST and set(text) <= known:
            return text
    return None


def _drawn(drawings: Sequence[Drawing], rng: np.random.Generator) -> Float32Array:
    """Lines of strokes in another hand, with any pen: (N, ROWS, WIDTH) greys 0 … 1."""
    ink = InkBatch.from_drawings(drawings)
    low, high = ink.bounds()
    size = (high - low).max(axis=1)
    # What it comes back in is of size 1; a line keeps the height it has.
    changed = augment_strokes(ink, rng, _LINE)
    points = changed.points * size[changed.sample, None]
    low, high = changed.with_points(points).bounds()
    wide, tall = (high - low).T
    scale = COLUMNS_PER_HEIGHT / HEIGHT / np.exp(rng.uniform(-0.22, 0.26, ink.count))
    rows = ROWS / ROWS_PER_COLUMN
    scale = np.minimum(scale, (_SIDE - 2 * _MARGIN) / np.maximum(wide, 1e-6))
    scale = np.minimum(scale, (rows - 4) / np.maximum(tall, 1e-6)).astype(np.float32)
    points = (points - ((low + high) / 2)[changed.sample]) * scale[changed.sample, None]
    placed_ink = changed.with_points((points + _SIDE / 2).astype(np.float32))
    thinnest, thickest = np.log(_PENS)
    pens = np.exp(rng.uniform(thinnest, thickest, ink.count)) * HEIGHT * scale / _FINENESS
    lines = np.zeros((ink.count, ROWS, WIDTH), dtype=np.float32)
    left, top = (WIDTH - _SIDE) // 2, round(_SIDE - rows) // 2
    for first in range(0, ink.count, 16):
        last = min(first + 16, ink.count)
        part = placed_ink.part(first, last)
        canvas = draw_points(part, pens[first:last].astype(np.float32), _FINENESS)
        canvas = canvas[:, top : top + 2 * ROWS]
        lines[first:last, :, left : left + _SIDE] = (canvas[:, 0::2] + canvas[:, 1::2]) / 2
    return lines


def _pasted(sources: LineSources, rng: np.random.Generator) -> tuple[Float32Array, str]:
    """A line of pictures beside each other: (ROWS, WIDTH) greys 0 … 1."""
    line, text = np.zeros((ROWS, WIDTH), dtype=np.float32), ""
    right, least = rng.uniform(_MARGIN / 2, 40), rng.uniform(-0.1, 0.1)
    most, height = least + rng.uniform(0.05, 0.5), COLUMNS_PER_HEIGHT * rng.uniform(0.9, 1.1)
    for k in rng.integers(len(sources.images), size=rng.integers(1, _MOST_DIGITS)):
        digit = _fitted(sources.images[k], height * rng.uniform(0.85, 1.15))
        if text:
            right += rng.uniform(least, most) * height
        left = max(round(right), 0)
        if left + digit.shape[1] > WIDTH - _MARGIN / 3:
            break
        foot = round(ROWS / 2 + height * ROWS_PER_COLUMN / 2 + rng.normal(0, 0.8))
        top = int(np.clip(foot - digit.shape[0], 0, ROWS - digit.shape[0]))
        place = line[top : top + digit.shape[0], left : left + digit.shape[1]]
        np.maximum(place, digit, out=place)
        right = left + digit.shape[1]
        text += str(sources.labels[k])
    room = max(1, WIDTH - round(right) - 4)
    return np.roll(line, int(rng.integers(room)), axis=1), text


def _fitted(image: UInt8Array, height: float) -> Float32Array:
    """The ink of a picture, so high, in the line's pixels."""
    ys, xs = np.nonzero(image > 40)
    cut = image[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    aspect = cut.shape[1] / cut.shape[0]
    # Flat digits keep their width within the line.
    height *= min(1.0, 1 / (0.7 * aspect))
    size = max(2, round(height * aspect)), max(2, round(height * ROWS_PER_COLUMN))
    return resized(cut, size)
