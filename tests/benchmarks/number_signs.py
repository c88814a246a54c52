"""Measures how often dates, phone numbers and decimals are read right, signs and spaces included.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/number_signs.py`` makes up texts and writes
them with the digits of ``crohme_dev``, whose writers the bundled reader has not met, and with the
signs of every other writer of UNIPEN, as large beside the digits as that writer wrote them.
``--fit`` prints the constants of ``ink/segmentation/signs.py``, fitted to the other half of these.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from machine import data_folder
from reading import opened
from written_numbers import photo

from digitdesk.data.strokes.unipen import FILE_NAMES, read_unipen_digits
from digitdesk.ink.segmentation.candidates import Line
from digitdesk.ink.segmentation.signs import SIGNS, features
from digitdesk.ink.segmentation.stroke_cuts import resampled
from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file
from digitdesk.ink.strokes import stroke_box
from digitdesk.messages.boxes import Box, union
from digitdesk.messages.prediction import NumberReading, Stroke
from digitdesk.metrics import expected_calibration_error, wilson_interval
from digitdesk.recognition.number_reader import NumberReader

SEED = 2027
HEIGHT = 100.0
Drawing = tuple[Stroke, ...]

MIDDLE_OR_FOOT = {"-": (0.50, 0.06), "/": (0.50, 0.06), "+": (0.52, 0.06), ".": (1.0, 0.04)}
"""Mean and spread of where a sign's middle stands, of a dot its foot; a comma hangs on the line."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=500, help="texts of each kind (500)")
    parser.add_argument("--fit", action="store_true", help="fit the constants of signs.py")
    options = parser.parse_args()
    data = data_folder()
    folder = next(data.rglob(FILE_NAMES[0])).parent
    fitting, measuring = signs_of_writers(folder)
    if options.fit:
        fit(fitting, read_unipen_digits(folder))
        return
    (file,) = data.rglob("crohme_dev.json.gz")
    digits = by_name(read_stroke_file(file))
    reader = opened("reader")
    rng = np.random.default_rng(SEED)
    for pictures in (False, True):
        for kind, make in TEXTS.items():
            wrong: Counter[tuple[str, str]] = Counter()
            sure = []
            for _ in range(options.count):
                text = make(rng)
                strokes = written(text, digits, measuring, rng)
                reading = read(NumberReader(reader), strokes, rng if pictures else None)
                sure.append((reading.confidence, reading.text == text))
                if reading.text != text:
                    wrong[(text, reading.text)] += 1
            report(f"{kind}, {'pictures' if pictures else 'strokes'}", sure)
            for (text, answer), _ in wrong.most_common(5):
                say(f"    {text!r} as {answer!r}")


def read(
    reader: NumberReader, strokes: Drawing, photographed: np.random.Generator | None
) -> NumberReading:
    """As strokes, or as a picture of them."""
    if photographed is None:
        return reader.read_strokes(strokes)
    return reader.read_picture(photo(strokes, photographed))


# What is written


def date(rng: np.random.Generator) -> str:
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
    a, b, c = (rng.integers(100, 1000) for _ in range(3))
    d = rng.integers(1000, 10_000)
    forms = (f"{a}-{d}", f"{a} {b} {d}", f"+{a % 90 + 1} {b} {d}", f"{a}/{b} {c}", f"{a}-{b}-{d}")
    return str(rng.choice(forms))


def decimal(rng: np.random.Generator) -> str:
    whole, part = rng.integers(0, 1000), rng.integers(0, 100)
    forms = (
        f"{whole}.{part}",
        f"{whole},{part:02}",
        f"-{whole % 30}.{part % 10}",
        f"{whole % 9 + 1},{part:02}0.{whole % 100:02}",
        f"{whole % 9 + 1}/{part % 9 + 1}",
    )
    return str(rng.choice(forms))


def two_rows(rng: np.random.Generator) -> str:
    makers = [date, phone, decimal]
    first, second = (makers[rng.integers(3)](rng) for _ in range(2))
    return f"{first}\n{second}"


def plain(rng: np.random.Generator) -> str:
    """Digits alone: nothing may be taken for a sign."""
    return "".join(map(str, rng.integers(0, 10, size=rng.integers(1, 7))))


TEXTS: dict[str, Callable[[np.random.Generator], str]] = {
    "dates": date,
    "phone numbers": phone,
    "decimals": decimal,
    "two rows": two_rows,
    "digits alone": plain,
}


def written(
    text: str,
    digits: dict[str, list[Drawing]],
    signs: dict[str, list[Drawing]],
    rng: np.random.Generator,
) -> Drawing:
    """The strokes of a text; a digit is ``HEIGHT`` high, more or less."""
    strokes: list[Stroke] = []
    for row, line in enumerate(text.split("\n")):
        right, top = rng.uniform(0, 0.5) * HEIGHT, row * rng.uniform(1.6, 2.2) * HEIGHT
        for letter in line:
            if letter == " ":
                right += rng.uniform(0.7, 1.2) * HEIGHT
                continue
            of = signs if letter in signs else digits
            drawing = of[letter][rng.integers(len(of[letter]))]
            drawing = sized(drawing, rng) if letter in digits else placed(drawing, letter, rng)
            gap = rng.uniform(0.05, 0.3) if letter in signs else rng.uniform(-0.05, 0.4)
            left = box_of(drawing)[0]
            drawing = moved(drawing, right + gap * HEIGHT - left, top)
            right = box_of(drawing)[2]
            strokes += drawing
    return tuple(strokes)


def sized(drawing: Drawing, rng: np.random.Generator) -> Drawing:
    """A digit of some 100 in height, on the line."""
    left, top, right, bottom = box_of(drawing)
    extent = max(bottom - top, 0.7 * (right - left), 1e-9)
    scale = HEIGHT * rng.uniform(0.85, 1.15) / extent
    foot = HEIGHT * (1 + rng.normal(0, 0.04))
    return moved(scaled(drawing, scale), 0, foot - bottom * scale)


def placed(sign: Drawing, name: str, rng: np.random.Generator) -> Drawing:
    """A sign, in heights of a digit, where such signs stand."""
    drawing = scaled(sign, HEIGHT)
    _, top, _, bottom = box_of(drawing)
    if name == ",":
        return moved(drawing, 0, HEIGHT * rng.normal(0.85, 0.06) - top)
    mean, spread = MIDDLE_OR_FOOT[name]
    at = bottom if name == "." else (top + bottom) / 2
    return moved(drawing, 0, HEIGHT * rng.normal(mean, spread) - at)


def scaled(drawing: Drawing, scale: float) -> Drawing:
    return tuple(tuple((x * scale, y * scale) for x, y in stroke) for stroke in drawing)


def moved(drawing: Drawing, right: float, down: float) -> Drawing:
    return tuple(tuple((x + right, y + down) for x, y in stroke) for stroke in drawing)


def box_of(drawing: Drawing) -> Box:
    return union(map(stroke_box, drawing))


# Signs of real hands


def signs_of_writers(folder: Path) -> tuple[dict[str, list[Drawing]], dict[str, list[Drawing]]]:
    """Signs in heights of their writers' digits: of every other writer, and of the others.

    Those that are larger or smaller than nineteen of twenty are left out: a hand that writes a
    sign by itself, into a box of a form, sometimes fills the box. So are slashes that do not lean
    to the right: they are backslashes and bars under a wrong name.
    """
    heights = defaultdict(list)
    for sample in read_unipen_digits(folder):
        _, top, _, bottom = box_of(sample.strokes)
        heights[sample.writer].append(bottom - top)
    usual = {writer: float(np.median(own)) for writer, own in heights.items() if len(own) >= 10}
    found = [
        s for s in read_stroke_file(folder / FILE_NAMES[2]) if s.name in SIGNS and s.writer in usual
    ]
    writers = sorted({sample.writer for sample in found})
    halves: tuple[dict[str, list[Drawing]], ...] = ({}, {})
    for sign in SIGNS:
        own = [s for s in found if s.name == sign]
        drawings = [scaled(s.strokes, 1 / usual[s.writer]) for s in own]
        extents = np.array([max(b[2] - b[0], b[3] - b[1]) for b in map(box_of, drawings)])
        low, high = np.quantile(extents, (0.025, 0.975))
        for sample, drawing, extent in zip(own, drawings, extents, strict=True):
            if low <= extent <= high and (sign != "/" or leans_right(drawing)):
                halves[writers.index(sample.writer) % 2].setdefault(sign, []).append(drawing)
    return halves[0], halves[1]


def leans_right(drawing: Drawing) -> bool:
    """Whether the upper end of a long line is right of its lower end, by more than a little."""
    points = np.concatenate([np.array(stroke) for stroke in drawing])
    (upper, top), (lower, bottom) = (points[points[:, 1].argmin()], points[points[:, 1].argmax()])
    return bool(upper - lower > 0.15 * (bottom - top))


def by_name(samples: Iterable[StrokeSample]) -> dict[str, list[Drawing]]:
    found: dict[str, list[Drawing]] = {}
    for sample in samples:
        found.setdefault(str(sample.label), []).append(sample.strokes)
    return found


def fit(signs: dict[str, list[Drawing]], samples: Sequence[StrokeSample]) -> None:
    """Mean and spread of each feature for each kind, straight 1s and other digits among them."""
    rng = np.random.default_rng(SEED)
    line = Line((), HEIGHT)
    kinds = {name: [placed(d, name, rng) for d in own] for name, own in signs.items()}
    drawn = [(s.label, sized(s.strokes, rng)) for s in samples[::3]]
    kinds["1"] = [d for label, d in drawn if label == 1 and len(d) == 1]
    kinds["0"] = [d for label, d in drawn if label != 1]
    for name, drawings in kinds.items():
        rows = []
        for drawing in drawings:
            points = np.concatenate([np.array(resampled(s, HEIGHT)) for s in drawing])
            box = box_of(drawing)
            rows.append(features(line, box, points, (box[1] + box[3]) / 2 / HEIGHT))
        values = np.array(rows)
        if name == "1":
            values = values[values[:, 4] < 0.15]
        # Quartiles: one hand in a hundred writes something else altogether.
        low, middle, high = np.quantile(values, (0.16, 0.5, 0.84), axis=0)
        pairs = itertools.zip_longest(middle, (high - low) / 2)
        say(f"{name}: " + ", ".join(f"({m:.2f}, {s:.2f})" for m, s in pairs))


def report(what: str, sure: Sequence[tuple[float, bool]]) -> None:
    right = sum(is_right for _, is_right in sure)
    low, high = wilson_interval(right, len(sure))
    confidence = np.array([confidence for confidence, _ in sure])
    is_wrong = np.array([not is_right for _, is_right in sure])
    error = expected_calibration_error(confidence[:, None], is_wrong)
    say(
        f"{what:24} {right / len(sure):6.1%} right ({low:.1%} to {high:.1%}), "
        f"mean confidence {confidence.mean():.1%}, calibration error {error:.1%}"
    )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
