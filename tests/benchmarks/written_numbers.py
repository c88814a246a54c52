"""Measures how often whole numbers are read right, by writers the reader has never met.

With the data named:
``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/written_numbers.py`` trains a reader on
writers 1 to 20 of the pen digits, on made-up handwriting and on MNIST (some minutes on one core),
keeps it under build/out, and reads numbers composed from the strokes of writers 21 to 30: as
strokes, as strokes with digits joined without lifting the pen, and as pictures. ``--reader FILE``
takes another model; ``--fit`` fits the constants of ``ink/segmentation/candidates.py`` instead.
``--drawings FILE`` takes the digits of a stroke file for those of the unseen writers, any hands of
it beside each other: so the bundled reader (``--reader reader``) reads writers it has not met.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from machine import data_folder

from digitdesk.data.augmentation import augment
from digitdesk.data.datasets import load_dataset
from digitdesk.data.strokes.pendigits import read_pendigits, render_samples
from digitdesk.data.strokes.stroke_augmentation import StrokeStyle, render_varied
from digitdesk.data.strokes.unipen import FILE_NAMES, read_unipen_digits
from digitdesk.data.synthetic import handwriting
from digitdesk.data.synthetic.numbers import (
    NumberStyle,
    WrittenNumber,
    compose_number,
    compose_numbers,
)
from digitdesk.files.paths import assets_folder
from digitdesk.ink.brush import stamp_capsule
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.segmentation.candidates import Piece, covered, line_height
from digitdesk.ink.segmentation.picture_number import PictureInk
from digitdesk.ink.stroke_file import StrokeSample, read_stroke_file
from digitdesk.ink.strokes import stroke_box
from digitdesk.messages.model import ModelCard
from digitdesk.messages.prediction import NumberReading, Stroke
from digitdesk.metrics import expected_calibration_error, wilson_interval
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.ema import ExponentialMovingAverage
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.optim.schedules import make_schedule
from digitdesk.nn.spec.build import build_network
from digitdesk.recognition.number_reader import NumberReader
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import load_model, save_model
from digitdesk.training.parallel.data_parallel import DataParallelStep

KEPT = Path(__file__).parents[2] / "build" / "out" / "number-reader.npz"
SEED = 2026
LAST_TRAINING_WRITER = 20
SPEC = (
    "conv(16, 3) batchnorm relu conv(16, 3) batchnorm relu maxpool(2) "
    "conv(32, 3) batchnorm relu conv(32, 3) batchnorm relu maxpool(2) "
    "flatten dropout(0.3) dense(11, init=glorot)"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--reader", help="a model file, or reader, instead of training one")
    parser.add_argument("--drawings", type=Path, help="a stroke file with the digits to read")
    parser.add_argument("--count", type=int, default=1000, help="numbers of each kind (1000)")
    parser.add_argument("--steps", type=int, default=4500, help="training steps (4500)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of what is written ({SEED})")
    parser.add_argument("--fit", action="store_true", help="fit the constants of segmentation")
    options = parser.parse_args()
    data = data_folder()
    folders = [folder for folder in (data / "pendigits", data) if folder.is_dir()]
    samples = read_pendigits(folders[0])
    known = [s for s in samples if int(s.writer) <= LAST_TRAINING_WRITER]
    unseen = [s for s in samples if int(s.writer) > LAST_TRAINING_WRITER]
    if options.drawings:
        drawn = read_stroke_file(options.drawings)
        unseen = [dataclasses.replace(s, writer="") for s in drawn]
    if options.fit:
        unipen = read_unipen_digits(next(data.rglob(FILE_NAMES[0])).parent)
        fit_strokes(compose_numbers([*known, *unipen], 6000, SEED))
        fit_cuts(compose_numbers(known, 1200, SEED, lengths=(2, 6)))
        return
    path = KEPT if options.reader is None else Path(options.reader)
    if options.reader == "reader":
        path = assets_folder() / "reader.npz"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        train_reader(known, data, options.steps, path)
    reader = Reader.from_stored(load_model(path), cpu_backend())
    whose = options.drawings.name if options.drawings else "writers 21 to 30"
    say(f"{reader.card.title}, numbers of 1 to 6 digits of {whose}")
    for title, style in (("strokes", NumberStyle()), ("joined", NumberStyle(joined=0.5))):
        numbers = compose_numbers(unseen, options.count, options.seed, style)
        measure(title, reader, numbers, lambda n: NumberReader(reader).read_strokes(n.strokes))
    numbers = compose_numbers(unseen, options.count, options.seed)
    rng = np.random.default_rng(options.seed)

    def read_picture(number: WrittenNumber) -> NumberReading:
        return NumberReader(reader).read_picture(photo(number.strokes, rng))

    measure("pictures", reader, numbers, read_picture)


def measure(
    title: str,
    reader: Reader,
    numbers: Sequence[WrittenNumber],
    read: Callable[[WrittenNumber], NumberReading],
) -> None:
    """Read all numbers and say how many are right, beside what knowing the digits would give."""
    right = known = 0
    times, sure = [], []
    for number in numbers:
        began = time.process_time()
        reading = read(number)
        if len(number.text) == 6:
            times.append(1000 * (time.process_time() - began))
        right += reading.text == number.text
        sure.append((reading.confidence, reading.text == number.text))
        known += "".join(reader.read_strokes(digit).label for digit in number.digits) == number.text
    low, high = wilson_interval(right, len(numbers))
    confidence = np.array([value for value, _ in sure])
    is_right = np.array([is_right for _, is_right in sure])
    error = expected_calibration_error(confidence[:, None], ~is_right)
    say(
        f"{title:9} {right / len(numbers):6.1%} whole numbers right ({low:.1%} to {high:.1%}), "
        f"{known / len(numbers):.1%} with digits divided by hand; "
        f"mean confidence {confidence.mean():.1%}, calibration error {error:.1%}; "
        f"6 digits: median {np.median(times):.0f} ms, 95 % within {np.percentile(times, 95):.0f}"
    )


def photo(strokes: Sequence[Stroke], rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """Dark ink of any pen on paper, 60 to 160 pixels high."""
    scale, pen = rng.uniform(0.6, 1.6), rng.uniform(5, 12)
    canvas = draw(strokes, strokes, scale, pen * scale)
    return np.rint(255 * (1 - canvas * rng.uniform(0.6, 1))).astype(np.uint8)


def draw(
    strokes: Sequence[Stroke], all_strokes: Sequence[Stroke], scale: float, pen_px: float
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Strokes on a canvas that has room for all strokes and a margin."""
    points = np.array([point for stroke in all_strokes for point in stroke]) * scale
    low = points.min(axis=0) - 40 * scale
    width, height = np.ceil(points.max(axis=0) + 40 * scale - low).astype(int)
    canvas = np.zeros((height, width), dtype=np.float32)
    for stroke in strokes:
        moved = [(x * scale - float(low[0]), y * scale - float(low[1])) for x, y in stroke]
        for start, end in zip(moved, moved[1:] or moved, strict=False):
            stamp_capsule(canvas, start, end, pen_px / 2)
    return canvas


# A reader that has not seen the writers


def train_reader(known: list[StrokeSample], data: Path, steps: int, path: Path) -> None:
    """A small network that reads digits and knows parts and pairs of digits as ``other``."""
    mnist = load_dataset("mnist", data_dir=data, user_data=path.parent)
    written, made_up = render_samples(known, seed=1), handwriting.generate(20_000, seed=5)
    other = InkBatch.from_drawings(no_digits(known, 16_000))
    style = StrokeStyle(rotation=0.08, shear=0.15, log_aspect=0.12)
    drawn = [render_varied(other, np.random.default_rng(k), style) for k in range(2)]
    images = np.concatenate([mnist.train_images, written[0], made_up[0], *drawn])
    rejects = np.full(2 * other.count, 10, dtype=np.uint8)
    labels = np.concatenate([mnist.train_labels, written[1], made_up[1], rejects]).astype(np.intp)

    network = build_network(SPEC, classes=11, backend=cpu_backend(), seed=1)
    optimizer = make_optimizer("adamw", weight_decay=1e-3)
    step = DataParallelStep(network, SoftmaxCrossEntropy(0.02), optimizer, threads=1)
    rate = make_schedule("one-cycle", peak=4e-3, total_steps=steps)
    average = ExponentialMovingAverage(0.999, network.parameters)
    rng = np.random.default_rng(0)
    for k in range(steps):
        chosen = rng.integers(len(images), size=64)
        batch = augment(images[chosen].astype(np.float32) / 255, rng, strength=0.6)
        step.run(batch, labels[chosen], rate(k))
        average.update()
    step.close()
    network.parameters.values[...] = average.values
    card = ModelCard(
        "Writers 1 to 20", network.spec, reject_names=("other",), test_time_averaging=True
    )
    save_model(path, card, network.snapshot())


def no_digits(known: list[StrokeSample], count: int) -> list[tuple[Stroke, ...]]:
    """Pairs of digits, digits cut in two, and digits with a part of their neighbor."""
    rng = np.random.default_rng(3)
    drawings: list[tuple[Stroke, ...]] = []
    while len(drawings) < count:
        writer = known[rng.integers(len(known))].writer
        own = [sample for sample in known if sample.writer == writer]
        for _ in range(100):
            pair = [own[k] for k in rng.integers(len(own), size=2)]
            number = compose_number(pair, rng, NumberStyle(gap=(-0.1, 0.35)))
            kind = rng.random()
            if kind < 0.5:
                drawings.append(number.strokes)
            elif part := a_part(number.digits[1], rng):
                drawings.append((*number.digits[0], *part) if kind < 0.65 else part)
    return drawings[:count]


def a_part(digit: tuple[Stroke, ...], rng: np.random.Generator) -> tuple[Stroke, ...]:
    """One low stroke of several, or one side of a wide digit."""
    if len(digit) > 1 and rng.random() < 0.5:
        stroke = digit[rng.integers(len(digit))]
        _, top, _, bottom = stroke_box(stroke)
        return (stroke,) if bottom - top < 85 else ()
    left, _, right, _ = line_box = stroke_box([point for stroke in digit for point in stroke])
    if line_box[2] - line_box[0] < 35:
        return ()
    middle, keep_left = left + (right - left) * rng.uniform(0.35, 0.65), rng.random() < 0.5
    parts: list[Stroke] = []
    for stroke in digit:
        run: list[tuple[float, float]] = []
        for point in (*stroke, None):
            if point is not None and (point[0] < middle) == keep_left:
                run.append(point)
            elif run:
                parts.append(tuple(run))
                run = []
    return tuple(part for part in parts if len(part) > 2)


# The constants of segmentation


def fit_strokes(numbers: Sequence[WrittenNumber]) -> None:
    """Whether two strokes beside each other are one digit."""
    rows, same = [], []
    for number in numbers:
        strokes = [(stroke_box(s), k) for k, digit in enumerate(number.digits) for s in digit]
        strokes.sort(key=lambda item: item[0][0] + item[0][2])
        height = line_height([box for box, _ in strokes])
        for (a, digit_a), (b, digit_b) in itertools.pairwise(strokes):
            lower = min(a[3] - a[1], b[3] - b[1]) / height
            gap = (max(a[0], b[0]) - min(a[2], b[2])) / height
            width = (max(a[2], b[2]) - min(a[0], b[0])) / height
            feet = abs(a[3] - b[3]) / height
            rows.append((gap, lower, covered(a, b, height), width, feet))
            same.append(digit_a == digit_b)
    logistic("strokes", ("gap", "lower height", "covered", "width", "feet"), rows, same)


def fit_cuts(numbers: Sequence[WrittenNumber]) -> None:
    """Whether the ink on both sides of a cut is one digit."""
    rng = np.random.default_rng(SEED)
    rows, same = [], []
    for number in numbers:
        scale, pen = rng.uniform(0.4, 0.8), rng.uniform(5, 12)
        layers = [draw(digit, number.strokes, scale, pen * scale) for digit in number.digits]
        ink = PictureInk(np.max(layers, axis=0), "bright")
        if max(layers[0].shape) > 800:
            continue

        def owner(piece: Piece, ink: PictureInk = ink, layers: list[Any] = layers) -> int:
            own = ink._labels == piece.first
            return int(np.argmax([layer[own].sum() for layer in layers]))

        height = ink.line.height
        for a, b in zip(ink.line.pieces, ink.line.pieces[1:], strict=False):
            if a.source == b.source:
                width = max(a.box[2], b.box[2]) - min(a.box[0], b.box[0])
                narrower = min(piece.box[2] - piece.box[0] for piece in (a, b))
                rows.append((width / height, narrower / height))
                same.append(owner(a) == owner(b))
    logistic("cuts", ("width", "narrower width"), rows, same)


def logistic(title: str, names: Sequence[str], rows: Sequence[Any], same: Sequence[bool]) -> None:
    """Logistic regression by Newton's method."""
    features = np.column_stack([np.array(rows), np.ones(len(rows))])
    target = np.array(same, dtype=np.float64)
    weights = np.zeros(features.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (chance - target) + 1e-3 * weights
        curve = (features * (chance * (1 - chance))[:, None]).T @ features
        weights -= np.linalg.solve(curve + 1e-3 * np.eye(len(weights)), slope)
    wrong = float(np.mean((chance > 0.5) != target))
    pairs = ", ".join(f"{n} {w:.1f}" for n, w in zip((*names, "bias"), weights, strict=True))
    say(f"{title}: {pairs}; {wrong:.1%} of {len(target):,} neighbors wrong")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
