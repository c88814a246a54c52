"""What the pages of the My hand tab say alike: lists of classes, people, exams and scores."""

from __future__ import annotations

import re
from collections.abc import Sequence

from digitdesk.messages.own.hand import ExamScore, ExamSheet
from digitdesk.messages.writing import ME
from digitdesk.ui.i18n.text import Sentence, _, joined, percent, plural

_COMMAS = re.compile(r"[,;，、；]")


def class_names_of(text: str) -> tuple[str, ...]:
    """Names as they are typed: with commas between them, or else spaces; each once."""
    parts = _COMMAS.split(text) if _COMMAS.search(text) else text.split()
    return tuple(dict.fromkeys(name for part in parts if (name := part.strip())))


def text_of(names: Sequence[str]) -> str:
    """Names as they would be typed."""
    apart = ", " if any(" " in name for name in names) else " "
    return apart.join(names)


def person_title(person: str) -> Sentence | str:
    """What somebody is called in a list."""
    return _("me") if person == ME else person


def day_of(moment: str) -> str:
    """The day and the minute of an ISO time."""
    return moment[:16].replace("T", " ")


def exam_title(sheet: ExamSheet) -> Sentence:
    """What an exam is called."""
    return joined(
        "  ·  ", (day_of(sheet.begun), plural("{n} drawing", "{n} drawings", sheet.count))
    )


def score_sentence(score: ExamScore) -> Sentence:
    """How many are right, and how many the model would not swear to."""
    right = _("{right} of {count} right").format(right=str(score.right), count=str(score.count))
    if not score.refused:
        return right
    unsure = _("not sure of {n}").format(n=str(score.refused))
    return joined(", ", (right, unsure))


def large(score: ExamScore) -> str:
    """The share that is read right."""
    return percent(score.accuracy, 2 if score.count >= 1000 else 1)
