"""Measures how writers are read whom a network has never met: cross-validated by writer.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/writers.py`` deals the 30 writers of the pen
digits and the 152 of UNIPEN out to three parts and trains two networks without each part, one for
pictures and one for strokes with their directions, on the other writers' strokes and made-up ones
(and MNIST, the first of them). Every digit is read once, by networks that have not met its writer:
by the first alone, and as the board reads, by both. Half an hour on two cores; a graphics card is
used where there is one. ``--part 2`` does one part alone: the counts of all three add up.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from pathlib import Path

import numpy as np
from machine import data_folder

from digitdesk.data.catalog import needed_folder
from digitdesk.data.dataset import Dataset, Labelled
from digitdesk.data.datasets import load_dataset
from digitdesk.data.strokes.pen_strokes import generate
from digitdesk.data.strokes.pendigits import read_pendigits, render_samples
from digitdesk.data.strokes.unipen import read_unipen_digits
from digitdesk.ink.preprocessing import PREPROCESSING_VERSION
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.model import DIGITS
from digitdesk.messages.run import TrainingConfig
from digitdesk.metrics import wilson_interval
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import INPUT_SHAPE, build_network
from digitdesk.recognition.calibration import calibrate
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.stroke_network import StrokeNetwork
from digitdesk.storage.model_file import check_model
from digitdesk.training.pipeline import RunServices
from digitdesk.training.pipeline import train as train_run
from digitdesk.training.recipes import recipe
from digitdesk.training.run import Run
from digitdesk.training.weight_publisher import LiveModel

PARTS = 3
PICTURES = dataclasses.replace(
    recipe("reader"), model="reader", epochs=8, average=0.998, validation_fraction=0.0
)
STROKES = dataclasses.replace(
    recipe("reader-strokes"), epochs=6, average=0.998, validation_fraction=0.0
)
PICTURE_RENDERINGS = 4
STROKE_RENDERINGS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parts = range(1, PARTS + 1)
    parser.add_argument("--part", type=int, choices=parts, help="one part alone, not all of them")
    only = parser.parse_args().part
    data = data_folder()
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder)
        pen = read_pendigits(needed_folder("pendigits", data, nothing))
        unipen = read_unipen_digits(needed_folder("unipen", data, nothing))
        others = load_dataset("mnist+handwriting", data_dir=data, user_data=nothing, limit=30_000)
    samples = [*pen, *unipen]
    writers = sorted({sample.writer for sample in samples})
    part_of = 1 + np.array([writers.index(sample.writer) % PARTS for sample in samples])
    kinds = kinds_of(samples, len(pen))
    one, both = (np.zeros(len(samples), dtype=np.bool_) for _ in range(2))
    for part in (only,) if only else parts:
        is_unmet = part_of == part
        met = [samples[k] for k in np.flatnonzero(~is_unmet)]
        unmet = [samples[k] for k in np.flatnonzero(is_unmet)]
        one[is_unmet], both[is_unmet] = read(*train_both(met, others), unmet)
        report(f"part {part}", kinds, is_unmet, one, both)
    if not only:
        report("all parts", kinds, part_of > 0, one, both)


def kinds_of(samples: list[StrokeSample], pen_count: int) -> dict[str, np.ndarray]:
    """Which of the samples, (N,), each row of the table is about."""
    is_pen = np.arange(len(samples)) < pen_count
    # Nobody lifts the pen within a zero but to draw a slash or a bar.
    is_slashed = np.array([sample.label == 0 and len(sample.strokes) > 1 for sample in samples])
    return {
        "writers of pen digits": is_pen,
        "writers of UNIPEN": ~is_pen,
        "zeros with slash or bar": is_slashed & ~is_pen,
        "all writers": is_pen | True,
    }


def train_both(met: list[StrokeSample], others: Dataset) -> tuple[LiveModel, LiveModel]:
    """Networks for pictures and for strokes that have met these writers only."""
    images, labels = render_samples(met, seed=0, renderings=PICTURE_RENDERINGS)
    joined = (
        np.concatenate([images, others.train_images]),
        np.concatenate([labels, others.train_labels]),
    )
    strokes, of = generate(met, [], seed=0, renderings=STROKE_RENDERINGS)
    digits = of < len(DIGITS)
    return train(PICTURES, joined), train(STROKES, (strokes[digits], of[digits]))


def train(config: TrainingConfig, content: Labelled) -> LiveModel:
    dataset = Dataset.of(config.data, "Some writers", content, class_names=DIGITS)
    published: list[LiveModel] = []
    services = RunServices(
        load=lambda config, progress, stop_if_told: dataset,
        calibrate=calibrate,
        check_model=check_model,
        preprocessing_version=PREPROCESSING_VERSION,
        app_version="",
    )
    train_run(Run(config=config, publish=published.append), services)
    return published[-1]


def read(
    pictures: LiveModel, strokes: LiveModel, samples: list[StrokeSample]
) -> tuple[np.ndarray, np.ndarray]:
    """Whether each digit is read right by the first network, and by both."""
    beside = StrokeNetwork(network_of(strokes))
    reader = Reader(network_of(pictures), pictures.card, strokes=beside)
    drawings = [fit_to_board(sample.strokes) for sample in samples]
    shown = reader.shown_of(drawings)
    labels = np.array([sample.label for sample in samples])
    one, both = reader.answer_many(shown[:, 0]), reader.answer_strokes(drawings, shown)
    right = [answers.probabilities.argmax(axis=1) == labels for answers in (one, both)]
    return right[0], right[1]


def network_of(live: LiveModel) -> Network:
    shape = (live.card.input_planes, *INPUT_SHAPE[1:])
    network = build_network(live.card.spec, input_shape=shape, backend=cpu_backend())
    network.load_arrays(live.weights)
    return network


def report(
    title: str,
    kinds: dict[str, np.ndarray],
    is_read: np.ndarray,
    one: np.ndarray,
    both: np.ndarray,
) -> None:
    """A line for each kind of digit, by the network for pictures alone and by both."""
    for kind, chosen in kinds.items():
        for how, right in (("pictures", one), ("strokes", both)):
            of_kind = right[chosen & is_read]
            hits, total = int(of_kind.sum()), len(of_kind)
            low, high = wilson_interval(hits, total)
            sys.stdout.write(
                f"{title}, {kind}, {how:8} {hits:,} of {total:,} right, "
                f"{100 * hits / total:.2f} % ({100 * low:.2f} to {100 * high:.2f})\n"
            )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
