"""An exam of an earlier session, as its file tells of it, and the model that it was made with."""

from __future__ import annotations

import dataclasses
import functools
from typing import cast

from digitdesk.errors import DataError, DigitDeskError
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.evaluation.scores import scores
from digitdesk.messages.exam import DataKind, Exam, ExamData
from digitdesk.recognition.reader import Reader
from digitdesk.session.exams.exam_file import ExamFacts, Strokes, weights_hash
from digitdesk.session.exams.kept_exams import KeptExam
from digitdesk.session.model_library import ModelLibrary


def facts_of(exam: Exam, reader: Reader) -> ExamFacts:
    """What an exam's file is to say."""
    return ExamFacts(
        exam.model_key,
        exam.model_title,
        exam.step,
        exam.card,
        exam.data.kind,
        exam.data.name,
        exam.data.title,
        exam.data_hash,
        exam.made_at,
        exam.seconds,
        exam.evaluation.notes,
        weights_hash(reader),
    )


def restored(
    key: str,
    facts: ExamFacts,
    evaluated: EvaluatedSet,
    strokes: Strokes | None,
    library: ModelLibrary,
) -> KeptExam:
    """The exam that a file tells of."""
    kind = cast(DataKind, facts.data_kind)
    data = ExamData(kind, facts.data_name, facts.data_title, len(evaluated))
    exam = Exam(
        key,
        facts.model_key,
        facts.model_title,
        facts.step,
        facts.card,
        data,
        facts.data_hash,
        facts.made_at,
        facts.seconds,
        dataclasses.replace(scores(evaluated), key=key, notes=facts.notes),
    )
    # Looked for once only, and not before it is wanted: its file may be large.
    find_reader = functools.cache(lambda: _find_reader(facts, library))
    return KeptExam(exam, evaluated, find_reader, strokes)


def _find_reader(facts: ExamFacts, library: ModelLibrary) -> Reader:
    """The model with the weights of then: under its key, or another file that holds it.

    Raises:
        DataError: There is none.
    """
    alike = [e.key for e in library.files() if e.card and e.card.spec == facts.card.spec]
    for key in dict.fromkeys((facts.model_key, *alike)):
        try:
            reader = library.reader(key)
        except DigitDeskError:
            continue
        if facts.weights_hash and weights_hash(reader) == facts.weights_hash:
            return reader
    raise DataError(
        "The model of this exam is no longer as it was", hint="Examine a model once more"
    )
