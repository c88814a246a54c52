"""What a report tells of, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.evaluation import EvaluatedItem
from digitdesk.messages.exam import DamageCurve, Exam, ExamPair


@dataclass(frozen=True, slots=True)
class Compared:
    """A second model beside the first, on the same pictures."""

    exam: Exam
    curves: tuple[DamageCurve, ...]
    pair: ExamPair


@dataclass(frozen=True, slots=True)
class ReportContent:
    """An exam and what was asked of it.

    Attributes:
        exam: The exam.
        errors: Its most confident errors, the surest first.
        curves: How the model bears damages, as far as that was asked.
        app_version: Of the program that makes the report.
        other: A second model.
    """

    exam: Exam
    errors: tuple[EvaluatedItem, ...]
    curves: tuple[DamageCurve, ...]
    app_version: str
    other: Compared | None = None
