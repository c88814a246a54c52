"""Trains a network for lines, which reads numbers as a whole, and puts it into a model file.

    DIGITDESK_DATA=... python build/train_lines.py assets/reader.npz [--steps 9000]

Lines are made up of the pen digits, of UNIPEN's digits and of the signs of half its writers, of
MNIST's training images and of the program's own handwriting; see ``data/synthetic/lines.py``. Some
40 minutes on one core and a half. Kernels are kept as float16, as those of the other networks.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import itertools
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from digitdesk.data.datasets import load_dataset
from digitdesk.data.strokes.pendigits import read_pendigits
from digitdesk.data.strokes.unipen import FILE_NAMES, read_unipen_digits
from digitdesk.data.strokes.unipen_signs import signs_of_writers
from digitdesk.data.synthetic.handwriting import generate_strokes
from digitdesk.data.synthetic.lines import NAMES, WIDTH, LineSources, make_lines
from digitdesk.ink.line_picture import ROWS
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.messages.model import LINES, LinePart
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.ctc import CTC
from digitdesk.nn.network import Network
from digitdesk.nn.optim.ema import ExponentialMovingAverage
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.optim.schedules import make_schedule
from digitdesk.nn.spec.build import parse_layers
from digitdesk.storage.model_file import load_model, save_model

SPEC = (
    "conv(12, 3) batchnorm relu maxpool(2) conv(24, 3) batchnorm relu maxpool(2) "
    "conv(48, 3) batchnorm relu conv(48, 3) batchnorm relu conv(28, 1) batchnorm relu "
    "conv(64, 8, padding=valid) batchnorm relu dropout(0.1) "
    f"conv({len(NAMES) + 1}, 1)"
)
BATCH = 40
PEAK = 4e-3
LARGEST_GRADIENT = 5.0
AVERAGE = 0.999
CHUNK, FEWEST, KEPT = 2_000, 8, 150
"""Lines made at once; batches are taken from so many of the latest chunks, at least and at most."""

PENDIGITS = "pendigits-orig.tra*"
MADE_UP_HANDS, DIGITS_OF_EACH = 60, 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path, help="the model file that gets it")
    parser.add_argument("--steps", type=int, default=9_000, help=f"of {BATCH} lines (9000)")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    network = new_network(options.seed)
    train(network, options.steps, options.seed)
    model = load_model(options.model)
    own = {name: array for name, array in model.arrays.items() if not name.startswith(LINES)}
    of_lines = {
        LINES + name: array.astype(np.float16) if name.endswith(".kernel") else array
        for name, array in network.snapshot().items()
    }
    notes = [
        note for note in model.card.notes.split("; ") if note and not note.startswith("lines:")
    ]
    notes.append(f"lines: {options.steps} steps of {BATCH} lines, seed {options.seed}")
    part = LinePart(network.spec, NAMES)
    card = dataclasses.replace(model.card, lines=part, notes="; ".join(notes))
    save_model(options.model, card, own | of_lines)
    print(f"{options.model}: {options.model.stat().st_size:,} bytes")


def new_network(seed: int) -> Network:
    return Network(
        SPEC,
        lambda: parse_layers(SPEC),
        input_shape=(1, ROWS, WIDTH),
        backend=cpu_backend(),
        seed=seed,
    )


def train(network: Network, steps: int, seed: int) -> None:
    optimizer = make_optimizer("adamw", weight_decay=1e-3, clip_norm=LARGEST_GRADIENT)
    rate = make_schedule("one-cycle", peak=PEAK, total_steps=steps)
    average = ExponentialMovingAverage(AVERAGE, network.parameters)
    loss, losses, began = CTC(), collections.deque(maxlen=200), time.perf_counter()
    for step, (greys, labels) in enumerate(batches(steps, seed)):
        network.random.seek(step, 0)
        logits = network.forward(network.to_inside(greys[:, None]), training=True)
        losses.append(float(loss.forward(logits, labels)))
        network.backward(loss.backward())
        optimizer.step(network.parameters, rate(step))
        average.update()
        if step % 100 == 99:
            pace = 1000 * (time.perf_counter() - began) / (step + 1)
            print(f"{step + 1}: loss {np.mean(losses):.3f}, {pace:.0f} ms a step", flush=True)
    network.parameters.values[...] = average.values


def batches(steps: int, seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Lines at random from the chunks that another process goes on making."""
    rng = np.random.default_rng([seed, 1])
    chunks: collections.deque[tuple[np.ndarray, np.ndarray]] = collections.deque(maxlen=KEPT)
    needed, taken = max(FEWEST, -(-steps * BATCH // CHUNK // 2)), 0
    with multiprocessing.Pool(1, initializer=begin) as pool:
        coming = pool.imap(made, ((seed, k) for k in range(needed)))
        for step in range(steps):
            # A new chunk every so many steps, so that each line is met about twice.
            while taken < FEWEST or taken * steps < step * needed:
                chunks.append(next(coming))
                taken += 1
            chunk = [chunks[k] for k in rng.integers(len(chunks), size=8)]
            rows = [rng.integers(CHUNK, size=BATCH // 8) for _ in chunk]
            greys = np.concatenate([own[k] for (own, _), k in zip(chunk, rows, strict=True)])
            labels = np.concatenate([own[k] for (_, own), k in zip(chunk, rows, strict=True)])
            shift = int(rng.integers(-2, 3)), int(rng.integers(-3, 4))
            yield np.roll(greys, shift, axis=(1, 2)), labels.astype(np.intp)


# In the process that makes lines

SOURCES: list[LineSources] = []


def begin() -> None:
    SOURCES.append(sources(Path(os.environ["DIGITDESK_DATA"])))


def made(chunk: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    return make_lines(SOURCES[0], CHUNK, np.random.default_rng([*chunk, 2]))


def sources(data: Path) -> LineSources:
    unipen = next(data.rglob(FILE_NAMES[0])).parent
    written = [*read_pendigits(next(data.rglob(PENDIGITS)).parent), *read_unipen_digits(unipen)]
    by_writer = collections.defaultdict(list)
    for sample in written:
        by_writer[sample.writer].append(sample)
    hands = [own for _, own in sorted(by_writer.items()) if len(own) >= 10]
    rng = np.random.default_rng(7)
    for _ in range(MADE_UP_HANDS):
        digits = itertools.islice(itertools.cycle(range(10)), DIGITS_OF_EACH)
        hands.append([StrokeSample(d, "", generate_strokes(d, rng)) for d in digits])
    # The other half of the writers is what signs are measured with.
    signs, _ = signs_of_writers(unipen)
    mnist = load_dataset("mnist", data_dir=data, user_data=data)
    return LineSources(hands, signs, mnist.train_images, mnist.train_labels)


if __name__ == "__main__":
    if "DIGITDESK_DATA" not in os.environ:
        sys.exit("DIGITDESK_DATA is not set; it names the folder with the data sets")
    main()
