"""How well a model reads made-up photos and scans, by kind and strength of what is wrong with them.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/photos.py [MODEL]`` prints a table: cards,
ruled paper, shadows, tables, frames and more, for single digits and for numbers of two to six. The
ink is that of recorded strokes drawn with a pen, and of scanned cards, where they are at hand:
``crohme_dev.json.gz``, ``unipen_digits_dev.json.gz`` and ``paper_dev.zip`` in the data folder.
``--errors FOLDER`` keeps every picture that was read wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from machine import data_folder
from photo_parts.cases import CASES, Case
from photo_parts.ink import Digit, Writing, by_hand, drawn_digit, number, scanned_digit
from reading import opened

from digitdesk.data.photos import find_photos
from digitdesk.ink.picture.grey_picture import open_grey
from digitdesk.ink.stroke_file import read_stroke_file
from digitdesk.messages.prediction import NumberReading, Prediction
from digitdesk.metrics import wilson_interval
from digitdesk.recognition.number_reader import NumberReader

SURE = 0.9
"""A wrong answer that is surer than this misleads."""

_SCANNED = 0.35
"""Part of the pictures whose ink is a scan's, where there are scans."""


@dataclass
class Count:
    """What was read of some pictures."""

    all: int = 0
    right: int = 0
    sure_wrong: int = 0
    unsure: int = 0
    unsure_wrong: int = 0

    def add(self, is_right: bool, confidence: float, reason: str) -> None:
        self.all += 1
        self.right += is_right
        self.unsure += bool(reason)
        self.unsure_wrong += bool(reason) and not is_right
        self.sure_wrong += not is_right and confidence > SURE and not reason

    def __add__(self, other: Count) -> Count:
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Count(*(a + b for a, b in pairs))

    def __str__(self) -> str:
        if not self.all:
            return " " * 40
        part = 100 / self.all
        return (
            f"{self.right * part:6.1f} % of {self.all:4}  sure but wrong"
            f" {self.sure_wrong * part:5.2f} %  not sure {self.unsure * part:5.1f} %"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", nargs="?", default="reader", help="a model file (reader)")
    parser.add_argument("--count", type=int, default=40, help="pictures of each strength (40)")
    parser.add_argument("--only", default="", help="kinds, parted by commas")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--errors", type=Path, metavar="FOLDER", help="keep what was read wrong")
    options = parser.parse_args()
    reader = NumberReader(opened(options.model))
    hands = [hand for hand in found_hands(data_folder()) if len(hand) > 5]
    totals = {"digits": Count(), "numbers": Count()}
    began = time.perf_counter()
    for case in CASES:
        if options.only and case.kind not in options.only.split(","):
            continue
        counts = {}
        for what in totals:
            is_drawn = case.digits if what == "digits" else case.numbers
            counts[what] = Count()
            if is_drawn:
                counts[what] = measure(reader, case, what, hands, options)
                totals[what] += counts[what]
        say(f"{case.kind:10} {case.strength:20} {counts['digits']} | {counts['numbers']}")
    for what, total in totals.items():
        if total.all:
            low, high = wilson_interval(total.right, total.all)
            say(f"all {what:27} {total}  ({100 * low:.1f} to {100 * high:.1f})")
    say(f"{time.perf_counter() - began:.0f} s")


def found_hands(folder: Path) -> list[list[Digit]]:
    """Digits by hand: scans as the first one, where there are any."""
    scans: list[Digit] = []
    for file in folder.rglob("paper_dev.zip"):
        photos = find_photos(file)
        for label, get in zip(photos.labels, photos.open, strict=True):
            digit = scanned_digit(label, open_grey(get()))
            scans += [digit] if digit else []
    drawn: list[Digit] = []
    for name in ("crohme_dev", "unipen_digits_dev"):
        for file in folder.rglob(f"{name}.json.gz"):
            drawn += [drawn_digit(sample) for sample in read_stroke_file(file)]
    if not drawn:
        sys.exit(f"{folder} holds no crohme_dev.json.gz, from whose strokes pictures are made")
    return [scans, *by_hand(drawn)]


def measure(
    reader: NumberReader,
    case: Case,
    what: str,
    hands: Sequence[list[Digit]],
    options: argparse.Namespace,
) -> Count:
    """Draw and read so many pictures of a case; the same ones whenever it is asked for."""
    count = Count()
    name = f"{case.kind} {case.strength} {what}"
    for place in range(options.count):
        rng = np.random.default_rng([options.seed, zlib.crc32(name.encode()), place])
        writing = a_writing(hands, rng, what, case.rows)
        content = case.draw(writing, rng)
        grey = open_grey(content)
        if what == "digits":
            one = reader.reader.read_picture(grey)
            text, confidence, reason = answer(one)
        else:
            text, confidence, reason = answer(reader.read_picture(grey))
            text = text.replace(" ", "")  # how wide a gap is a space, is not measured here
        wanted = expected(writing, case.rows)
        count.add(text == wanted, confidence, reason)
        if options.errors and text != wanted:
            keep(
                options.errors,
                f"{name} {place:03} {wanted} as {text} {confidence:.2f} {reason}",
                content,
            )
    return count


def a_writing(
    hands: Sequence[list[Digit]], rng: np.random.Generator, what: str, rows: int
) -> Writing:
    is_scan = bool(hands[0]) and rng.random() < _SCANNED
    hand = hands[0] if is_scan else hands[rng.integers(1, len(hands))]
    if what == "digits":
        return Writing((hand[rng.integers(len(hand))],))
    length = int(rng.integers(2, 7)) if rows == 1 else 2 * int(rng.integers(2, 4))
    return number([hand[k] for k in rng.integers(0, len(hand), length)], rng)


def expected(writing: Writing, rows: int) -> str:
    half = len(writing.text) // rows
    return "\n".join(writing.text[row * half : (row + 1) * half] for row in range(rows))


def answer(one: Prediction | NumberReading) -> tuple[str, float, str]:
    text = one.label if isinstance(one, Prediction) else one.text
    return text, one.confidence, one.reason


def keep(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    suffix = ".png" if content.startswith(b"\x89PNG") else ".jpg"
    safe = "".join(letter if letter.isalnum() or letter in " .-" else "_" for letter in name)
    (folder / (safe + suffix)).write_bytes(content)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
