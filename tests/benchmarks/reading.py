"""How well a model reads: MNIST, real pens at every size and width, and what it should refuse.

``DIGITDESK_DATA=... .venv/bin/python tests/benchmarks/reading.py [MODEL]`` prints a table; the
model is ``reader`` or a file. Strokes come from ``crohme_dev.json.gz`` in the data folder.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from digitdesk.data.datasets import load_dataset
from digitdesk.data.not_digits import REJECT_NAMES, generate
from digitdesk.ink.board import Board
from digitdesk.ink.preparation import prepare_image
from digitdesk.ink.strokes import StrokeSample, fit_to_board, read_stroke_file
from digitdesk.messages import Evaluation
from digitdesk.nn.backend import cpu_backend
from digitdesk.paths import assets_folder
from digitdesk.recognition.evaluation import evaluate
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import load_model

UNSEEN_SEED = 777
NOTHING = np.zeros((28, 28), dtype=np.float32)


def main(model: str) -> None:
    path = assets_folder() / "reader.npz" if model == "reader" else Path(model)
    reader = Reader.from_stored(load_model(path), cpu_backend())
    data_dir = Path(os.environ["DIGITDESK_DATA"])
    with tempfile.TemporaryDirectory() as empty:
        mnist = load_dataset("mnist", data_dir=data_dir, user_data=Path(empty))
    report("MNIST test", evaluate(reader, mnist.test_images / np.float32(255), mnist.test_labels))
    (file,) = data_dir.rglob("crohme_dev.json.gz")
    samples = read_stroke_file(file)
    labels = np.array([sample.label for sample in samples])
    fitted = [fit_to_board(sample.strokes) for sample in samples]
    report("crohme_dev strokes", exam(reader, (reader.prepare(s) for s in fitted), labels))
    for factor in (1 / 3, 3):
        moved = ([[(7 + x * factor, 11 + y * factor) for x, y in s] for s in d] for d in fitted)
        report(f"  drawn {factor:.2g} as large", exam(reader, map(reader.prepare, moved), labels))
    for pen in (6, 20, 40):
        pictures = (board_picture(sample, pen) for sample in samples)
        report(f"  as a picture, pen {pen} px", exam(reader, map(prepare_image, pictures), labels))
    refusals(reader)


def exam(reader: Reader, prepared: Iterable[np.ndarray | None], labels: np.ndarray) -> Evaluation:
    """Evaluate drawings, those without ink as empty frames."""
    pictures = [NOTHING if picture is None else picture for picture in prepared]
    return evaluate(reader, np.stack(pictures), labels)


def board_picture(sample: StrokeSample, pen_px: float) -> np.ndarray:
    """The whole board as a picture, drawn with a pen of this width."""
    board = Board()
    board.pen_width_px = pen_px
    board.load_strokes(fit_to_board(sample.strokes))
    side = board.picture_size_px
    return np.frombuffer(board.picture(), dtype=np.uint8).reshape(side, side)


def refusals(reader: Reader) -> None:
    """What is no digit, from a seed that no training uses."""
    images, labels = generate(6000, seed=UNSEEN_SEED)
    prepared = images / np.float32(255)
    answers = reader.answer_many(prepared)
    refused = np.array([bool(reader.reason(answers, index)) for index in range(len(labels))])
    for number, name in enumerate(REJECT_NAMES, start=10):
        part = refused[labels == number]
        say(f"refused: {name}", f"{100 * part.mean():6.2f} %  of {len(part):,}")
    dots = ((((140.0, 140.0),),), (((60.0, 90.0),), ((200.0, 210.0),)), ())
    reasons = [reader.read_strokes(drawing).reason for drawing in dots]
    say("refused: dot, two dots, blank", ", ".join(reason or "answered" for reason in reasons))


def report(what: str, result: Evaluation) -> None:
    low, high = result.interval
    text = f"{100 * result.accuracy:6.2f} %  ({100 * low:.2f} to {100 * high:.2f})"
    if result.calibration_error is not None:
        text += f"  calibration error {100 * result.calibration_error:.2f} %"
    if result.refusals is not None:
        text += f"  not sure {100 * result.refusals.rate:.2f} %"
    say(what, text)


def say(what: str, figure: str) -> None:
    sys.stdout.write(f"{what:32} {figure}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "reader")
