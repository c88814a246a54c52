"""Measures how a network reads writers it has never met: pen digits, cross-validated by writer.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/writers.py`` deals the 30 writers of the pen
digits out to three parts (writer 1 to the first, 2 to the second, and so on) and trains three
networks, each without one part, on the other writers' strokes, MNIST and made-up handwriting.
Every digit is read once, by the network that has not met its writer. About 10 minutes on two cores.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
from pathlib import Path

import numpy as np
from machine import data_folder

from digitdesk.data.dataset import Dataset
from digitdesk.data.datasets import load_dataset
from digitdesk.data.pendigits import read_pendigits, render_samples
from digitdesk.ink.preprocessing import PREPROCESSING_VERSION, preprocess_strokes
from digitdesk.ink.stroke_file import StrokeSample
from digitdesk.ink.strokes import fit_to_board
from digitdesk.messages.model import DIGITS
from digitdesk.metrics import wilson_interval
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.recognition.calibration import calibrate
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import check_model
from digitdesk.training.pipeline import RunServices
from digitdesk.training.pipeline import train as train_run
from digitdesk.training.recipes import recipe
from digitdesk.training.run import Run
from digitdesk.training.weight_publisher import LiveModel

PARTS = 3
RENDERINGS = 8
CONFIG = dataclasses.replace(
    recipe("reader"),
    model=(
        "conv(24, 3) maxpool(2) batchnorm relu conv(48, 3) batchnorm relu conv(48, 3) maxpool(2) "
        "batchnorm relu conv(64, 3) batchnorm relu flatten dropout(0.3) dense(10, init=glorot)"
    ),
    data="pendigits+mnist+handwriting",
    epochs=4,
    average=0.998,
    test_time_averaging=False,
    validation_fraction=0.0,
)


def main() -> None:
    data = data_folder()
    folder = data / "pendigits" if (data / "pendigits").is_dir() else data
    samples = read_pendigits(folder)
    with tempfile.TemporaryDirectory() as nothing:
        others = load_dataset(
            "mnist+handwriting", data_dir=data, user_data=Path(nothing), limit=30_000
        )
    part_of = {str(writer): (writer - 1) % PARTS for writer in range(1, 31)}
    right = total = 0
    for part in range(PARTS):
        met = [sample for sample in samples if part_of[sample.writer] != part]
        unmet = [sample for sample in samples if part_of[sample.writer] == part]
        hits = count_right(train(met, others), unmet)
        report(f"part {part + 1}: {len({s.writer for s in unmet})} writers", hits, len(unmet))
        right, total = right + hits, total + len(unmet)
    report("unseen writers", right, total)


def train(samples: list[StrokeSample], others: Dataset) -> Reader:
    """A network that has met these writers only."""
    images, labels = render_samples(samples, seed=0, renderings=RENDERINGS)
    dataset = Dataset(
        name=CONFIG.data,
        title="Some writers",
        train_images=np.concatenate([images, others.train_images]),
        train_labels=np.concatenate([labels, others.train_labels]),
        test_images=images[:0],
        test_labels=labels[:0],
        class_names=DIGITS,
        sha256="",
    )
    published: list[LiveModel] = []
    services = RunServices(
        load=lambda config, progress, stop_if_told: dataset,
        calibrate=calibrate,
        check_model=check_model,
        preprocessing_version=PREPROCESSING_VERSION,
        app_version="",
    )
    train_run(Run(config=CONFIG, publish=published.append), services)
    final = published[-1]
    network = build_network(final.card.spec, classes=10, backend=cpu_backend())
    network.load_arrays(final.weights)
    return Reader(network, final.card)


def count_right(reader: Reader, samples: list[StrokeSample]) -> int:
    """How many digits are read right, drawn on the board as they were written."""
    preprocessed = [preprocess_strokes(fit_to_board(sample.strokes)) for sample in samples]
    pictures = np.stack([np.zeros((28, 28), np.float32) if p is None else p for p in preprocessed])
    labels = np.array([sample.label for sample in samples])
    return int((reader.read_many(pictures).argmax(axis=1) == labels).sum())


def report(what: str, right: int, total: int) -> None:
    low, high = wilson_interval(right, total)
    sys.stdout.write(
        f"{what:24} {right:,} of {total:,} right, {100 * right / total:.2f} % "
        f"({100 * low:.2f} to {100 * high:.2f})\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
