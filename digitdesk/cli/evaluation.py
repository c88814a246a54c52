"""``digitdesk evaluate``: what is asked for, and how far it is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.errors import ConfigError, nearest
from digitdesk.files.paths import is_folder
from digitdesk.messages.exam import DamageCurve, DataKind, Exam, ExamData

if TYPE_CHECKING:
    from digitdesk.session.session import Session

ALL = "all"
"""The word for every damage, and what ``--damage`` without a word means."""


def exam_data(arguments: argparse.Namespace) -> ExamData:
    """What the model is to be examined on."""
    strokes: Path | None = arguments.strokes
    images: Path | None = arguments.images
    photos: Path | None = arguments.photos
    if strokes is not None:
        return ExamData("strokes", str(strokes), strokes.name)
    if photos is not None:
        return ExamData("photos", str(photos), photos.name)
    if images is not None:
        kind: DataKind = "folder" if is_folder(images) else "images"
        return ExamData(kind, str(images), images.name)
    return ExamData("dataset", arguments.data, arguments.data)


def wanted_damages(session: Session, words: str | None) -> tuple[str, ...]:
    """The damages that are asked for, by name.

    Args:
        session: Knows which there are.
        words: Names with commas between, or ``ALL``; ``None`` for none.

    Raises:
        ConfigError: There is none of such a name.
    """
    names = tuple(damage.name for damage in session.exams.damages())
    if words is None or words == ALL:
        return () if words is None else names
    wanted = [word.strip() for word in words.split(",")]
    for word in wanted:
        if word not in names:
            raise ConfigError(
                f"There is no damage '{word[:40]}'",
                expected=f"{', '.join(names)}, several with commas between, or {ALL}",
                hint=nearest(word, names),
            )
    return tuple(dict.fromkeys(wanted))


def damage_curves(session: Session, exam: Exam, names: tuple[str, ...]) -> tuple[DamageCurve, ...]:
    """How the model of an exam reads spoiled pictures; a bar tells how far that is."""
    from tqdm import tqdm

    curves = []
    with tqdm(desc="Damage", unit="strength", disable=None, leave=False) as bar:
        for place, name in enumerate(names):

            def show(done: int, total: int, place: int = place) -> None:
                bar.total = total * len(names)
                bar.update(place * total + done - bar.n)

            curves.append(session.exams.damage_curve(exam.key, name, show))
    return tuple(curves)
