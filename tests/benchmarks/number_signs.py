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
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from machine import data_folder
from reading import opened
from written_numbers import photo

from digitdesk.data.strokes.unipen import FILE_NAMES, read_unipen_digits
from digitdesk.data.strokes.unipen_signs import signs_of_writers
from digitdesk.data.synthetic.signed_numbers import (
    HEIGHT,
    Drawing,
    box_of,
    date,
    decimal,
    moved,
    phone,
    placed,
    sized,
)
from digitdesk.ink.segmentation.candidates import Line
from digitdesk.ink.segmentation.signs import features
from digitdesk.ink.segmentation.stroke_cuts import resampled
from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.prediction import NumberReading, Stroke
from digitdesk.metrics import expected_calibration_error, wilson_interval
from digitdesk.recognition.number_reader import NumberReader

SEED = 2027


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
    well_read = {
        name: [reader.read_strokes(fit_to_board(drawing)).label == name for drawing in own]
        for name, own in digits.items()
    }
    rng = np.random.default_rng(SEED)
    for pictures in (False, True):
        for kind, make in TEXTS.items():
            wrong: Counter[tuple[str, str]] = Counter()
            sure, alone = [], []
            for _ in range(options.count):
                text, used = make(rng), []
                strokes = written(text, digits, measuring, rng, used)
                reading = read(NumberReader(reader), strokes, rng if pictures else None)
                sure.append((reading.confidence, reading.text == text))
                alone.append(all(well_read[name][k] for name, k in used))
                if reading.text != text:
                    wrong[(text, reading.text)] += 1
            report(f"{kind}, {'pictures' if pictures else 'strokes'}", sure, alone)
            points = sum(alike(text) == alike(answer) for text, answer in wrong.elements())
            say(f"    a comma for a point or a point for a comma, and nothing else: {points}")
            for (text, answer), _ in wrong.most_common(5):
                say(f"    {text!r} as {answer!r}")


def alike(text: str) -> str:
    """Without telling points from commas, which some hands draw alike."""
    return text.replace(",", ".")


def read(
    reader: NumberReader, strokes: Drawing, photographed: np.random.Generator | None
) -> NumberReading:
    """As strokes, or as a picture of them."""
    if photographed is None:
        return reader.read_strokes(strokes)
    return reader.read_picture(photo(strokes, photographed))


# What is written


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
    used: list[tuple[str, int]] | None = None,
) -> Drawing:
    """The strokes of a text; a digit is ``HEIGHT`` high, more or less.

    Args:
        used: Where to note which drawing of which digit was taken.
    """
    strokes: list[Stroke] = []
    for row, line in enumerate(text.split("\n")):
        right, top = rng.uniform(0, 0.5) * HEIGHT, row * rng.uniform(1.6, 2.2) * HEIGHT
        for letter in line:
            if letter == " ":
                right += rng.uniform(0.7, 1.2) * HEIGHT
                continue
            of = signs if letter in signs else digits
            k = int(rng.integers(len(of[letter])))
            if letter in digits and used is not None:
                used.append((letter, k))
            drawing = of[letter][k]
            drawing = sized(drawing, rng) if letter in digits else placed(drawing, letter, rng)
            gap = rng.uniform(0.05, 0.3) if letter in signs else rng.uniform(-0.05, 0.4)
            left = box_of(drawing)[0]
            drawing = moved(drawing, right + gap * HEIGHT - left, top)
            right = box_of(drawing)[2]
            strokes += drawing
    return tuple(strokes)


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


def report(what: str, sure: Sequence[tuple[float, bool]], alone: Sequence[bool]) -> None:
    right = sum(is_right for _, is_right in sure)
    low, high = wilson_interval(right, len(sure))
    confidence = np.array([confidence for confidence, _ in sure])
    is_wrong = np.array([not is_right for _, is_right in sure])
    error = expected_calibration_error(confidence[:, None], is_wrong)
    say(
        f"{what:24} {right / len(sure):6.1%} right ({low:.1%} to {high:.1%}), "
        f"{np.mean(alone):.1%} with each digit read right by itself, "
        f"mean confidence {confidence.mean():.1%}, calibration error {error:.1%}"
    )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
