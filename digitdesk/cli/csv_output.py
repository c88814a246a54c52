"""What was read, as a table (CSV) for other programs: ``ImageId,Label``, as Kaggle takes it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import PurePath

from digitdesk.messages.prediction import NumberReading, Prediction

_NAMES = ("ImageId", "Label")


def predictions(answers: Sequence[tuple[str, Prediction]]) -> str:
    """A row a picture, with the best guess, sure or not; none where there is no ink."""
    rows = [(name, answer.label if answer.probabilities else "") for name, answer in answers]
    return _table(rows)


def numbers(answers: Sequence[tuple[str, NumberReading]]) -> str:
    """A row a picture, with all its digits."""
    return _table([(name, answer.text) for name, answer in answers])


def _table(rows: Sequence[tuple[str, str]]) -> str:
    """Pictures that are numbered, as 1.png, stand in the order of their numbers."""
    named = [(PurePath(name).stem or name, label) for name, label in rows]
    if all(name.isascii() and name.isdigit() for name, _ in named):
        named.sort(key=lambda row: int(row[0][:18]))
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([_NAMES, *named])
    return stream.getvalue().rstrip("\n")
