"""Trains a network for lines, which reads numbers as a whole, and puts it into a model file.

    DIGITDESK_DATA=... python build/train_lines.py assets/reader.npz [--steps 14000]
    DIGITDESK_DATA=... python build/train_lines.py assets/reader.npz --go-on --share 0.5 [...]

Lines are made up of the pen digits, of UNIPEN's digits and of the signs of half its writers, of
MNIST's training images and of the program's own handwriting; see ``data/synthetic/lines.py``. With
``--traced 80``, strokes that are traced in MNIST's images are the digits of 80 more hands. Some 80
minutes on two cores. Kernels are kept as float16, as those of the other networks.

What a network learns when it is trained on takes something of what it knew. The mean of its weights
before and after has both: Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
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
from digitdesk.ink.arrays import UInt8Array
from digitdesk.ink.line_picture import ROWS
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.ink.tracing.traced import traced
from digitdesk.messages.model import LINES, LinePart, by_network
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.ctc import CTC
from digitdesk.nn.network import Network
from digitdesk.nn.optim.ema import ExponentialMovingAverage
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.optim.schedules import make_schedule
from digitdesk.nn.parallel.thread_pool import ThreadPool, usable_cores
from digitdesk.nn.spec.build import parse_layers
from digitdesk.storage.model_file import load_model, save_model

SPEC = (
    "conv(16, 3) batchnorm relu maxpool(2) conv(32, 3) batchnorm relu maxpool(2) "
    "conv(48, 3) batchnorm relu conv(64, 3) batchnorm relu "
    + 3 * "conv(64, 3, padding=valid) batchnorm relu "
    + f"conv(64, 2, padding=valid) batchnorm relu dropout(0.1) conv({len(NAMES) + 1}, 1)"
)
BATCH, GROUP = 64, 16
"""Lines of a step, and those of them that are computed at once, as wide as the widest is."""

WIDTH_STEP, MARGIN = 32, 16
"""Columns: widths are multiples of the first, and the second is the least paper beside the ink."""

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
    parser.add_argument("--steps", type=int, default=14_000, help=f"of {BATCH} lines (14000)")
    parser.add_argument("--peak", type=float, default=PEAK, help=f"of the rate ({PEAK})")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--go-on", action="store_true", help="from the network that the file has")
    parser.add_argument("--traced", type=int, default=0, help="hands that are traced in MNIST (0)")
    parser.add_argument("--share", type=float, default=1.0, help="of what is learned going on (1)")
    options = parser.parse_args()
    if options.share != 1 and not options.go_on:
        parser.error("--share is of what --go-on adds")
    model = load_model(options.model)
    network = new_network(options.seed)
    if options.go_on:
        network.load_arrays(by_network(model.arrays).lines)
    before = network.snapshot()
    train(network, options)
    after, share = network.snapshot(), options.share
    mean = {name: (1 - share) * array + share * after[name] for name, array in before.items()}
    own = {name: array for name, array in model.arrays.items() if not name.startswith(LINES)}
    of_lines = {
        LINES + name: array.astype(np.float16) if name.endswith(".kernel") else array
        for name, array in mean.items()
    }
    notes = [
        note
        for note in model.card.notes.split("; ")
        if note and (options.go_on or not note.startswith("lines:"))
    ]
    notes.append(f"lines: {options.steps} steps of {BATCH} lines, seed {options.seed}")
    if options.traced:
        notes[-1] += f", {options.traced} hands traced"
    if options.share != 1:
        notes[-1] += f", {options.share:g} of it"
    part = LinePart(network.spec, NAMES)
    card = dataclasses.replace(model.card, lines=part, notes="; ".join(notes))
    save_model(options.model, card, own | of_lines)
    print(f"{options.model}: {options.model.stat().st_size:,} bytes")


def new_network(seed: int, width: int = WIDTH, shared: Network | None = None) -> Network:
    return Network(
        SPEC,
        lambda: parse_layers(SPEC),
        input_shape=(1, ROWS, width),
        backend=cpu_backend(),
        seed=seed,
        shared=shared,
    )


def train(network: Network, options: argparse.Namespace) -> None:
    steps, seed = options.steps, options.seed
    optimizer = make_optimizer("adamw", weight_decay=1e-3, clip_norm=LARGEST_GRADIENT)
    rate = make_schedule("one-cycle", peak=options.peak, total_steps=steps)
    average = ExponentialMovingAverage(AVERAGE, network.parameters)
    replicas = [Replica(network) for _ in range(BATCH // GROUP)]
    losses: collections.deque[float] = collections.deque(maxlen=200)
    threads, began = ThreadPool(min(usable_cores(), len(replicas))), time.perf_counter()
    for step, (greys, labels) in enumerate(batches(steps, seed, options.traced)):
        groups, found = grouped(greys, labels), [0.0] * len(replicas)
        left = iter(range(len(groups)))

        def work(_: int, step: int = step, groups=groups, found=found, left=left) -> None:
            # Whoever is free takes the next group; what it gives does not depend on who.
            for k in left:
                found[k] = replicas[k].run(*groups[k], (step, k))

        threads.run(work, threads.size)
        losses.append(float(np.mean(found)))
        network.parameters.grads[...] = sum(replica.gradients for replica in replicas)
        network.parameters.grads /= len(replicas)
        network.statistics.grads[...] = sum(replica.statistics for replica in replicas)
        network.follow_statistics(len(replicas))
        optimizer.step(network.parameters, rate(step))
        average.update()
        if step % 100 == 99:
            pace, began = 10 * (time.perf_counter() - began), time.perf_counter()
            print(f"{step + 1}: loss {np.mean(losses):.3f}, {pace:.0f} ms a step", flush=True)
    network.parameters.values[...] = average.values


class Replica:
    """Computes the gradients of one group of lines, with a network for each width."""

    def __init__(self, network: Network) -> None:
        self._shared, self._loss = network, CTC()
        self._networks: dict[int, Network] = {}
        self.gradients = np.zeros_like(network.parameters.values)
        self.statistics = np.zeros_like(network.statistics.values)

    def run(self, greys: np.ndarray, labels: np.ndarray, place: tuple[int, int]) -> float:
        """The mean loss; gradients and statistics stay until the next call."""
        width = greys.shape[2]
        if width not in self._networks:
            self._networks[width] = new_network(0, width, self._shared)
        network = self._networks[width]
        network.random.seek(*place)
        logits = network.forward(network.to_inside(greys[:, None]), training=True)
        loss = float(self._loss.forward(logits, labels))
        network.backward(self._loss.backward())
        self.gradients[...] = network.parameters.grads
        self.statistics[...] = network.statistics.grads
        return loss


def grouped(greys: np.ndarray, labels: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Lines in groups of about the same width, the widest first, with as little paper as fits."""
    has_ink = (greys > 0).any(axis=1)
    first, last = has_ink.argmax(axis=1), WIDTH - has_ink[:, ::-1].argmax(axis=1)
    order = np.argsort(first - last, kind="stable")
    groups = []
    for rows in np.split(order, len(order) // GROUP):
        widest = int((last - first)[rows].max()) + MARGIN
        width = min(WIDTH, -(-widest // WIDTH_STEP) * WIDTH_STEP)
        lefts = np.clip((first[rows] + last[rows] - width) // 2, 0, WIDTH - width)
        cut = [greys[row, :, left : left + width] for row, left in zip(rows, lefts, strict=True)]
        groups.append((np.stack(cut), labels[rows]))
    return groups


def batches(steps: int, seed: int, traced_hands: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Lines at random from the chunks that another process goes on making."""
    rng = np.random.default_rng([seed, 1])
    chunks: collections.deque[tuple[np.ndarray, np.ndarray]] = collections.deque(maxlen=KEPT)
    needed, taken = max(FEWEST, -(-steps * BATCH // CHUNK // 2)), 0
    with multiprocessing.Pool(1, begin, (traced_hands,)) as pool:
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


def begin(traced_hands: int) -> None:
    SOURCES.append(sources(Path(os.environ["DIGITDESK_DATA"]), traced_hands))


def made(chunk: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    return make_lines(SOURCES[0], CHUNK, np.random.default_rng([*chunk, 2]))


def sources(data: Path, traced_hands: int) -> LineSources:
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
    if traced_hands:
        # Nobody knows who wrote which: they are dealt out.
        strokes = traced_digits(mnist.train_images, mnist.train_labels)
        hands += [strokes[k::traced_hands] for k in range(traced_hands)]
    return LineSources(hands, signs, mnist.train_images, mnist.train_labels)


def traced_digits(images: UInt8Array, labels: np.ndarray) -> list[StrokeSample]:
    """The strokes that pictures may have been drawn with, every other fifty without ways back."""
    found = []
    for first in range(0, len(images), 50):
        greys = images[first : first + 50] * np.float32(1 / 255)
        strokes = traced(list(greys), back=first % 100 == 0)
        of = labels[first : first + 50].tolist()
        found += [StrokeSample(d, "", s) for d, s in zip(of, strokes, strict=True) if s]
    return found


if __name__ == "__main__":
    if "DIGITDESK_DATA" not in os.environ:
        sys.exit("DIGITDESK_DATA is not set; it names the folder with the data sets")
    main()
