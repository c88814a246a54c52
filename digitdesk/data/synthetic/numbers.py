"""Writes numbers by putting single digits side by side, as a hand would: close, uneven, touching.

Made for measuring how well numbers are read, from strokes whose writers the reader never met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.messages.prediction import Stroke


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How unevenly digits stand in a number; lengths are parts of the line's height.

    Attributes:
        gap: Least and most room between the boxes of two neighbors; below 0 they overlap.
        size: Least and most height of a digit.
        baseline: Standard deviation of how far a digit stands above or below the line.
        joined: Probability that the pen stays down from one digit to the next.
    """

    gap: tuple[float, float] = (-0.05, 0.40)
    size: tuple[float, float] = (0.85, 1.15)
    baseline: float = 0.04
    joined: float = 0.0


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number and its ink, in any unit, y growing downward.

    Attributes:
        text: What was written.
        digits: The strokes of each digit by itself.
        strokes: All strokes in the order they were written, some of them joined.
    """

    text: str
    digits: tuple[tuple[Stroke, ...], ...]
    strokes: tuple[Stroke, ...]


def compose_number(
    samples: Sequence[StrokeSample],
    rng: np.random.Generator,
    style: NumberStyle | None = None,
    *,
    height: float = 100.0,
) -> WrittenNumber:
    """Put digits side by side on a line, each at a height, gap and baseline of its own.

    Args:
        samples: The digits from left to right, in any unit.
        rng: Where the unevenness comes from.
        style: How uneven it is.
        height: Height of the line in the unit wanted.
    """
    style = style or NumberStyle()
    right = 0.0
    digits: list[tuple[Stroke, ...]] = []
    for position, sample in enumerate(samples):
        low, high = _bounds(sample.strokes)
        # Digits wider than high, as some flat 1s and 2s are, keep their width within the line.
        extent = max(high[1] - low[1], 0.7 * (high[0] - low[0]), 1e-9)
        scale = height * rng.uniform(*style.size) / extent
        gap = rng.uniform(*style.gap) * height if position else 0.0
        left = right + gap
        base = height * (1 + rng.normal(0, style.baseline))
        strokes = tuple(
            tuple((left + (x - low[0]) * scale, base + (y - high[1]) * scale) for x, y in stroke)
            for stroke in sample.strokes
        )
        right = left + (high[0] - low[0]) * scale
        digits.append(strokes)
    text = "".join(str(sample.label) for sample in samples)
    return WrittenNumber(text, tuple(digits), _joined(digits, rng, style.joined))


def compose_numbers(
    samples: Sequence[StrokeSample],
    count: int,
    seed: int,
    style: NumberStyle | None = None,
    *,
    lengths: tuple[int, int] = (1, 6),
) -> list[WrittenNumber]:
    """Numbers of random digits, each written by one of the writers.

    Args:
        samples: Digits of any number of writers.
        count: How many numbers.
        seed: The same seed gives the same numbers.
        style: How uneven they are.
        lengths: Fewest and most digits in a number.
    """
    rng = np.random.default_rng(seed)
    by_writer: dict[str, list[StrokeSample]] = {}
    for sample in samples:
        by_writer.setdefault(sample.writer, []).append(sample)
    writers = sorted(by_writer)
    numbers = []
    for _ in range(count):
        own = by_writer[writers[rng.integers(len(writers))]]
        length = int(rng.integers(lengths[0], lengths[1] + 1))
        chosen = [own[k] for k in rng.integers(len(own), size=length)]
        numbers.append(compose_number(chosen, rng, style))
    return numbers


def _bounds(strokes: Sequence[Stroke]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Smallest and largest (x, y)."""
    xs = [point[0] for stroke in strokes for point in stroke]
    ys = [point[1] for stroke in strokes for point in stroke]
    return (min(xs), min(ys)), (max(xs), max(ys))


def _joined(
    digits: Sequence[Sequence[Stroke]], rng: np.random.Generator, probability: float
) -> tuple[Stroke, ...]:
    """All strokes; now and then the pen draws on from the end of a digit to the next one."""
    strokes: list[Stroke] = []
    for digit in digits:
        first, *others = digit
        if strokes and rng.random() < probability:
            strokes[-1] += first
        else:
            strokes.append(first)
        strokes += others
    return tuple(strokes)
