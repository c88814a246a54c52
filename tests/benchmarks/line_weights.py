"""Fits what counts how much where numbers are read: ``recognition/line_opinion.py``.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/line_weights.py`` writes numbers, dates,
decimals and phone numbers with the digits of ``unipen_digits_dev``, twenty writers that the bundled
reader has not met, as strokes and as pictures; each writer gave one digit, so hands are mixed. It
lists every way to read each number, and prints the weights by which the right one is likeliest:
first of whole ink, then of ink that was cut. Some five minutes. ``--confidence`` fits the
exponents of ``recognition/number_confidence.py`` by the same numbers, once the weights are there,
and by as many with the digits of ``crohme_dev``; some twenty minutes.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import math
import os
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from machine import data_folder
from number_signs import TEXTS, by_name, read, written
from reading import opened

from digitdesk.data.strokes.unipen import FILE_NAMES
from digitdesk.data.strokes.unipen_signs import signs_of_writers
from digitdesk.data.synthetic.numbers import NumberStyle, compose_numbers
from digitdesk.ink.segmentation.stroke_number import StrokeInk
from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file
from digitdesk.messages.prediction import Stroke
from digitdesk.metrics import expected_calibration_error
from digitdesk.recognition import number_reader
from digitdesk.recognition.line_network import LineReading
from digitdesk.recognition.line_opinion import Row, Spelling, Weights, likeliest_row, spellings_of
from digitdesk.recognition.number_confidence import number_confidence
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.reader import Reader

SEED = 2026
STEPS, RATE = 250, 0.05
LEAST_LIKELY = -60.0
LEAST_CHANCE = 1e-4
KINDS = ("numbers", "joined", "dates", "decimals", "phone numbers")
START = Weights(row=0.3, digit=0.4, line=0.5, form=1.0, sign=0.0, slices=-3.0)

EXPONENTS = np.arange(0, 2.05, 0.1), np.arange(0, 2.65, 0.1), np.arange(0, 0.6, 0.1)
"""Those that are tried, of the factors."""

FACTORS = ("division", "digits", "being digits")

ALIKE, OF_CUT_INK = ("form", "sign"), ("slices", "sliced_sign", "cut_one")
"""Weights that whole ink and cut ink share, and that whole ink has none of."""

COUNT = len(START)


@dataclass(frozen=True)
class Ways:
    """Every way to read one number.

    Attributes:
        facts: (ways, 2 × COUNT) what the weights of whole ink and of cut ink are multiplied by.
        is_right: (ways,) which of them are what was written.
    """

    facts: np.ndarray
    is_right: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=250, help="numbers of each kind (250)")
    parser.add_argument("--confidence", action="store_true", help="fit its exponents instead")
    options = parser.parse_args()
    reader = opened("reader")
    strokes = stroke_file("unipen_digits_dev")
    samples = [one for one in read_stroke_file(strokes) if shows_one_digit(reader, one)]
    if options.confidence:
        others = read_stroke_file(stroke_file("crohme_dev"))
        fit_confidence(reader, (samples, others), options.count)
        return
    for pictures in (False, True):
        kinds = {}
        for kind in KINDS:
            numbers = numbers_of(kind, samples, options.count)
            kinds[kind] = list(ways_to_read(reader, numbers, pictures))
        weights = fitted([ways for own in kinds.values() for ways in own])
        say("pictures" if pictures else "strokes")
        for whose, own in (("whole", weights[:COUNT]), ("cut", weights[COUNT:])):
            pairs = zip(Weights._fields, own, strict=True)
            say(f"  {whose:6}" + ", ".join(f"{name} {weight:.2f}" for name, weight in pairs))
        for kind, own in kinds.items():
            say(f"  {kind:13} {right_of(own, weights):.1%} right of {len(own)}")


def stroke_file(name: str) -> Path:
    """A file of strokes in the folder of data."""
    return next(data_folder().rglob(f"{name}.json.gz"))


def shows_one_digit(reader: Reader, sample: StrokeSample) -> bool:
    """Eleven of the drawings show two to four digits, and count as one."""
    picture = StrokeInk(sample.strokes).line_picture()
    reading = reader.lines.read(picture) if reader.lines and picture else None
    return reading is None or len(reading.likeliest(1)[0]) == 1


def numbers_of(
    kind: str, samples: Sequence[StrokeSample], count: int
) -> Iterator[tuple[str, Sequence[Stroke]]]:
    """Texts and the strokes of each."""
    mixed = [dataclasses.replace(sample, writer="") for sample in samples]
    if kind in ("numbers", "joined"):
        style = NumberStyle(joined=0.5 if kind == "joined" else 0)
        for number in compose_numbers(mixed, count, SEED, style):
            yield number.text, number.strokes
        return
    folder: Path = next(data_folder().rglob(FILE_NAMES[0])).parent
    digits, (_, signs) = by_name(samples), signs_of_writers(folder)
    rng = np.random.default_rng(SEED + 1)
    for _ in range(count):
        text = TEXTS[kind](rng)
        yield text, written(text, digits, signs, rng)


def ways_to_read(
    reader: Reader, numbers: Iterator[tuple[str, Sequence[Stroke]]], pictures: bool
) -> Iterator[Ways]:
    """Of each number that is read as one row and by the line: all spellings of all its rows."""
    rng, asked = np.random.default_rng(SEED), []

    def listen(rows: Sequence[Row], line: LineReading) -> tuple[Row, float]:
        asked.append((rows, line))
        return likeliest_row(rows, line)

    number_reader.likeliest_row = listen
    numbers_reader = NumberReader(reader)
    for text, strokes in numbers:
        asked.clear()
        read(numbers_reader, strokes, rng if pictures else None)
        if len(asked) == 1:
            ((rows, line),) = asked
            yield all_ways([own for row in rows for own in spellings_of(row, line)], line, text)
    number_reader.likeliest_row = likeliest_row


def all_ways(spellings: Sequence[Spelling], line: LineReading, text: str) -> Ways:
    """What speaks for each spelling, and for each that names one digit otherwise."""
    others = [
        spelling.with_digit(k, name)
        for spelling in spellings
        for k, seen in enumerate(spelling.seen if spelling.places else ())
        for name in {spelling.names[int(seen.argmax())]} - {spelling.text[spelling.places[k]]}
    ]
    every = [*spellings, *others]
    likelihoods = line.log_likelihoods([one.text for one in every])
    facts = np.zeros((len(every), 2 * COUNT))
    for row, one, likelihood in zip(facts, every, likelihoods, strict=True):
        first = COUNT * one.row.is_cut
        own = one.facts._replace(line=max(float(likelihood), LEAST_LIKELY))
        row[first : first + len(own)] = own
    return Ways(facts, np.array([one.text == text.replace(" ", "") for one in every]))


def fitted(numbers: Sequence[Ways]) -> np.ndarray:
    """The weights of greatest likelihood, by Adam; those without a right way say nothing."""
    shares = shared()
    free = np.linalg.lstsq(shares, np.array(2 * START), rcond=None)[0]
    mean, square = np.zeros_like(free), np.zeros_like(free)
    known = [(one.facts @ shares, one.is_right) for one in numbers if one.is_right.any()]
    for step in range(1, STEPS + 1):
        slope = np.zeros_like(free)
        for facts, is_right in known:
            chances = np.exp(facts @ free - (facts @ free).max())
            right = chances * is_right
            slope += right @ facts / right.sum() - chances @ facts / chances.sum()
        slope /= len(known)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        rate = RATE * (1 - step / STEPS)
        free += rate * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return shares @ free


def shared() -> np.ndarray:
    """From free numbers to the weights of whole ink and, behind them, of cut ink."""
    places = dict(zip(Weights._fields, range(COUNT), strict=True))
    shares = np.eye(2 * COUNT)
    for name in ALIKE:
        shares[COUNT + places[name], places[name]] = 1
    unused = [COUNT + places[name] for name in ALIKE] + [places[name] for name in OF_CUT_INK]
    return np.delete(shares, unused, axis=1)


def fit_confidence(reader: Reader, sets: Sequence[Sequence[StrokeSample]], count: int) -> None:
    """Prints the exponents by which what was read right, and what was not, is likeliest."""
    found: dict[str, list[Outcome]] = defaultdict(list)
    for pictures, kind, samples in itertools.product((False, True), KINDS, sets):
        what = "pictures" if pictures else "strokes"
        # Elsewhere hardly anything has to be cut.
        numbers = numbers_of(kind, samples, 2 * count if kind == "joined" else count)
        for one in outcomes(reader, numbers, pictures):
            found[f"{what}, {'cut' if one.is_cut else 'whole'}"].append(one)
    for name, own in found.items():
        factors = np.array([one.factors for one in own])
        least = np.array([one.least for one in own])
        is_right = np.array([one.is_right for one in own])
        told = [
            (some, np.minimum(np.exp(factors @ some), least))
            for some in itertools.product(*EXPONENTS)
        ]
        best, confidence = max(told, key=lambda one: fit_of(one[1], is_right))
        say(f"{name}: " + ", ".join(map("{} {:.1f}".format, FACTORS, best)))
        error = expected_calibration_error(confidence[:, None], ~is_right)
        say(f"  {is_right.mean():.1%} right of {len(own)}, calibration error {error:.1%}")


class Outcome(NamedTuple):
    """What a confidence is made of, and whether the number was read right.

    Attributes:
        factors: Their logarithms.
        is_cut: Whether two of its parts were one stroke or region.
        least: The confidence of its least sure digit, which is the most that is told.
        is_right: Whether it was read right.
    """

    factors: tuple[float, float, float]
    is_cut: bool
    least: float
    is_right: bool


def outcomes(
    reader: Reader, numbers: Iterator[tuple[str, Sequence[Stroke]]], pictures: bool
) -> Iterator[Outcome]:
    """Of each number that is read as one row."""
    rng, asked = np.random.default_rng(SEED), []

    def listen(division: float, digits: Sequence[float], being: Sequence[float], **how: bool):
        factors = division, math.prod(digits), math.prod(being)
        asked.append((factors, how["is_cut"], min(digits, default=1.0)))
        return number_confidence(division, digits, being, **how)

    number_reader.number_confidence = listen
    for text, strokes in numbers:
        asked.clear()
        reading = read(NumberReader(reader), strokes, rng if pictures else None)
        if len(asked) == 1:
            factors, is_cut, least = asked[0]
            division, digits, being = (math.log(max(one, LEAST_CHANCE)) for one in factors)
            # A pen's strokes show what was written: only pictures are asked whether it is digits.
            yield Outcome((division, digits, being * pictures), is_cut, least, reading.text == text)
    number_reader.number_confidence = number_confidence


def fit_of(confidence: np.ndarray, is_right: np.ndarray) -> float:
    """The mean log-likelihood of what came out, by the confidence that was told."""
    confidence = np.clip(confidence, LEAST_CHANCE, 1 - LEAST_CHANCE)
    return float(np.where(is_right, np.log(confidence), np.log(1 - confidence)).mean())


def right_of(numbers: Sequence[Ways], weights: np.ndarray) -> float:
    """How many are read right by these weights."""
    return float(np.mean([one.is_right[(one.facts @ weights).argmax()] for one in numbers]))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
