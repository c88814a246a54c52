"""Exams: that their figures are scikit-learn's, and how long they take.

    python tests/benchmarks/exams.py            times, beside plain reading
    python tests/benchmarks/exams.py agreement  figures beside scikit-learn's (in the bench's .venv)

Needs MNIST in ``DIGITDESK_DATA``. Every network is trained here for a moment, so that it errs.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from machine import data_folder

from digitdesk.errors import CancelledError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.exam import Exam, ExamData
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.session import Session

DATA = ExamData("dataset", "mnist", "MNIST")
SIZE_LIMIT = 1.3
"""An exam may take so many times as long as reading alone."""
DAMAGE_SECONDS = 10.0
PAGE_SECONDS = 0.02
PEN_SECONDS = 0.033
ROUNDS = 7


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def trained(session: Session, model: str, count: int = 2000) -> str:
    """Train a network for an epoch on few pictures; its key."""
    session.train(TrainingConfig(model=model, epochs=1, limit=count, device="cpu"))
    return TRAINING


def seconds_of(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def times(session: Session) -> bool:
    """Print what takes how long; whether all of it is as promised."""
    kept = []
    trained(session, "cnn-standard")
    exam = session.exams.examine(TRAINING, DATA)
    known = session.exams._kept[exam.key]
    images = known.evaluated.pictures.astype(np.float32) / np.float32(255)
    network = known.reader._one_view
    rounds = [
        (
            seconds_of(lambda: network.predict_logits(images)),
            seconds_of(lambda: session.exams.examine(TRAINING, DATA)),
        )
        for _ in range(ROUNDS)
    ]
    reading, examining = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(whole / alone for alone, whole in rounds)
    kept.append(ratio <= SIZE_LIMIT)
    say(
        f"cnn-standard, 10,000 pictures: read in {reading:.3f} s, examined in {examining:.3f} s, "
        f"{ratio:.2f} times as long (at most {SIZE_LIMIT})"
    )
    exam = session.exams.last()
    assert exam is not None
    page = min(
        seconds_of(lambda first=first: session.exams.items(exam.key, first, 60))
        for first in range(0, 5000, 1000)
    )
    kept.append(page <= PAGE_SECONDS)
    say(f"a page of 60 of them: {1000 * page:.1f} ms (at most {1000 * PAGE_SECONDS:.0f})")
    trained(session, "cnn-light")
    exam = session.exams.examine(TRAINING, DATA)
    table = seconds_of(lambda: all_damages(session, exam))
    kept.append(table <= DAMAGE_SECONDS)
    say(f"cnn-light, 10 damages × 7 × 1,000 pictures: {table:.1f} s (at most {DAMAGE_SECONDS:.0f})")
    session.load(READER)
    alone, pen = reading_a_drawing(session), reading_beside(session)
    kept.append(pen <= PEN_SECONDS)
    say(
        f"a drawing read while an exam runs, 99 of 100 times within {1000 * pen:.1f} ms "
        f"(at most {1000 * PEN_SECONDS:.0f}; without one {1000 * alone:.1f})"
    )
    layout = seconds_of(lambda: session.exams.point_map(exam.key, "tsne"))
    say(f"a map of 1,000 pictures by t-SNE: {layout:.1f} s")
    return all(kept)


def reading_a_drawing(session: Session) -> float:
    """Seconds within which 99 of 100 drawings are read."""
    drawn = (((140.0, 60.0), (140.0, 130.0), (138.0, 220.0)),)
    taken = []
    for _ in range(300):
        time.sleep(0.01)
        taken.append(seconds_of(lambda: session.read_strokes(drawn)))
    return sorted(taken)[int(0.99 * len(taken)) - 1]


def reading_beside(session: Session) -> float:
    """The same while the reader is examined."""
    is_done = threading.Event()

    def examine() -> None:
        while not is_done.is_set():
            with contextlib.suppress(CancelledError):
                session.exams.examine(READER, DATA, cancelled=is_done.is_set)

    thread = threading.Thread(target=examine)
    thread.start()
    try:
        return reading_a_drawing(session)
    finally:
        is_done.set()
        thread.join()


def all_damages(session: Session, exam: Exam) -> None:
    for damage in session.exams.damages():
        session.exams.damage_curve(exam.key, damage.name)


def agreement(session: Session) -> bool:
    """Print how far our figures are from scikit-learn's; whether none is."""
    models = {
        "softmax": lambda: trained(session, "softmax"),
        "cnn-light": lambda: trained(session, "cnn-light"),
        "reader": lambda: READER,
    }
    agree = [_agrees(session, name, key()) for name, key in models.items()]
    return all(agree)


def _agrees(session: Session, name: str, key: str) -> bool:
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import confusion_matrix, log_loss, precision_recall_fscore_support

    exam = session.exams.examine(key, DATA)
    known, found = session.exams._kept[exam.key].evaluated, exam.evaluation
    labels, said = known.labels, known.predicted
    probabilities = known.answers.probabilities
    theirs = precision_recall_fscore_support(labels, said, labels=range(10), zero_division=np.nan)
    right, sure = calibration_curve(
        said == labels, probabilities.max(axis=1), n_bins=15, strategy="uniform"
    )
    pairs = {
        "confusion matrix": (found.confusion_matrix, confusion_matrix(labels, said)),
        "precision": ([_number(row.precision) for row in found.by_class], theirs[0]),
        "recall": ([_number(row.recall) for row in found.by_class], theirs[1]),
        "F1": ([_number(row.f1) for row in found.by_class], theirs[2]),
        "support": ([row.support for row in found.by_class], theirs[3]),
        "loss": (found.loss, log_loss(labels, probabilities)),
        "calibration bins, right": ([row.accuracy for row in found.reliability], right),
        "calibration bins, confidence": ([row.confidence for row in found.reliability], sure),
    }
    worst = {what: _distance(*both) for what, both in pairs.items()}
    say(f"{name} ({found.n:,} pictures, {found.errors} errors)")
    for what, distance in worst.items():
        say(f"  {what:30} largest difference {distance:.1e}")
    return max(worst.values()) < 1e-9


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _distance(ours: object, theirs: object) -> float:
    """The largest difference; infinite where one has more figures, or none where the other has."""
    a, b = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    if a.shape != b.shape or (np.isnan(a) != np.isnan(b)).any():
        return np.inf
    return float(np.nanmax(np.abs(a - b)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("times", "agreement"), default="times")
    what = parser.parse_args().what
    with tempfile.TemporaryDirectory() as folder:
        session = Session(
            UserPaths.under(Path(folder)), environ={"DIGITDESK_DATA": str(data_folder())}
        )
        is_fine = times(session) if what == "times" else agreement(session)
    say("as promised" if is_fine else "NOT as promised")
    return 0 if is_fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
