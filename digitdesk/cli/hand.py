"""``digitdesk hand``: exams, teaching and files of people's own handwriting."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitdesk.cli.streams import say
from digitdesk.errors import DataError
from digitdesk.messages.model import READER
from digitdesk.messages.own.hand import ExamScore, ExamSheet, Taught
from digitdesk.messages.percent import percent, percent_number

if TYPE_CHECKING:
    from digitdesk.session.session import Session

Key = Callable[[str], str]
"""Gives the key of a model by the word for it."""


def hand(session: Session, arguments: argparse.Namespace, key: Key) -> int:
    """Do one action.

    Returns:
        0; whatever does not fit is a ``DigitDeskError``.
    """
    actions = {
        "list": _list,
        "exam": _exam,
        "teach": _teach,
        "take-away": _take_away,
        "bring-back": _bring_back,
    }
    actions[arguments.action](session, arguments, key)
    return 0


def _list(session: Session, arguments: argparse.Namespace, _key: Key) -> None:
    people, sheets = session.hand.people(), session.hand.exams()
    if arguments.json:
        told = {
            "people": [{"name": one.writer, "counts": dict(one.counts)} for one in people],
            "exams": [asdict(sheet) for sheet in sheets],
        }
        say(json.dumps(told, ensure_ascii=False))
        return
    lines = [f"{one.writer}: {_drawings(one.count)}, {_by_class(one.counts)}" for one in people]
    lines += [f"exam {_exam_line(sheet)}" for sheet in sheets]
    say("\n".join(lines) or "Nothing was written yet: open the window, and its tab My hand.")


def _exam(session: Session, arguments: argparse.Namespace, key: Key) -> None:
    name = arguments.exam or _newest(session, arguments.person).key
    keys = [key(model) for model in arguments.model or [READER]]
    scores = session.hand.score(name, keys)
    if arguments.json:
        told = {"exam": name, "scores": [_score(score) for score in scores]}
        say(json.dumps(told, ensure_ascii=False))
        return
    say("\n".join([name, *(_score_line(score) for score in scores)]))


def _newest(session: Session, person: str) -> ExamSheet:
    sealed = [sheet for sheet in session.hand.exams(person) if sheet.is_sealed]
    if not sealed:
        raise DataError(
            f"{person} has no sealed exam", hint="Take one in the window, on its tab My hand"
        )
    return sealed[0]


def _teach(session: Session, arguments: argparse.Namespace, key: Key) -> None:
    from tqdm import tqdm

    with tqdm(total=1000, desc="teaching", disable=None, bar_format="{l_bar}{bar}") as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        found = session.hand.teach(
            arguments.person, key(arguments.model), title=arguments.title, progress=show
        )
    say(_taught_json(found) if arguments.json else _taught_text(found))


def _take_away(session: Session, arguments: argparse.Namespace, _key: Key) -> None:
    path = session.hand.take_away(arguments.person, arguments.out, arguments.form)
    count = session.writing.of(arguments.person).count
    say(f"{_drawings(count)} of {arguments.person} are in {path}")


def _bring_back(session: Session, arguments: argparse.Namespace, _key: Key) -> None:
    count = session.hand.bring_back(arguments.file, arguments.person)
    say(f"{_drawings(count)} of {Path(arguments.file).name} were new, and are {arguments.person}'s")


# --- how it is said


def _drawings(count: int) -> str:
    return f"{count:,} drawing{'' if count == 1 else 's'}"


def _by_class(counts: Sequence[tuple[str, int]]) -> str:
    return " ".join(f"{name}:{count}" for name, count in counts)


def _exam_line(sheet: ExamSheet) -> str:
    state = "sealed" if sheet.is_sealed else f"{sheet.done} of"
    return f"{sheet.key}: {state} {_drawings(sheet.count)} of {sheet.person}"


def _accuracy(score: ExamScore) -> str:
    low, high = score.interval
    return f"{percent(score.accuracy)} ({percent_number(low, 1)} to {percent(high, 1)})"


def _score_line(score: ExamScore) -> str:
    wrong = " ".join(f"{error.label}→{error.said}" for error in score.wrong)
    unsure = f", not sure of {score.refused}" if score.refused else ""
    told = f"  {_accuracy(score)}  {score.right} of {score.count} right{unsure}  {score.title}"
    return f"{told}\n    wrong: {wrong}" if wrong else told


def _taught_text(found: Taught) -> str:
    lines = [
        f"{pair.data}: {_accuracy(pair.before)} before, {_accuracy(pair.after)} after"
        for pair in found.scores
    ]
    name = found.model.path or found.model.card.title
    lines.append(f"Taught {_drawings(found.samples)} in {found.seconds:.0f} s: {name}")
    return "\n".join(lines)


def _taught_json(found: Taught) -> str:
    scores = [
        {"data": pair.data, "before": _score(pair.before), "after": _score(pair.after)}
        for pair in found.scores
    ]
    told = {
        "path": str(found.model.path),
        "samples": found.samples,
        "seconds": found.seconds,
        "scores": scores,
        "unseen_exams": found.unseen_exams,
    }
    return json.dumps(told, ensure_ascii=False)


def _score(score: ExamScore) -> dict[str, Any]:
    """A score as plain values, its pictures left out."""
    wrong = [
        {"index": error.index, "label": error.label, "said": error.said} for error in score.wrong
    ]
    return {
        "title": score.title,
        "count": score.count,
        "right": score.right,
        "accuracy": score.accuracy,
        "interval": score.interval,
        "refused": score.refused,
        "calibration_error": score.calibration_error,
        "wrong": wrong,
    }
