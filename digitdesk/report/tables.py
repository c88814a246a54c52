"""The numbers of a report as tables for other programs, in comma-separated values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from digitdesk.messages.evaluation import EvaluatedItem
from digitdesk.messages.table import Cell, Table
from digitdesk.report.content import ReportContent


def tables(content: ReportContent, items: Sequence[EvaluatedItem]) -> Iterator[tuple[str, Table]]:
    """Name and content of each table; ratios are 0 to 1.

    Args:
        content: What is told of.
        items: Every picture of the exam.
    """
    found = content.exam.evaluation
    yield (
        "pictures",
        Table(
            ("index", "label", "answer", "confidence", "not_sure"),
            tuple((i.index, i.label, i.answer, i.confidence, i.reason) for i in items),
        ),
    )
    low, high = found.interval or (None, None)
    scores: tuple[tuple[str, Cell], ...] = (
        ("model", content.exam.model_title),
        ("data", content.exam.data.title),
        ("data_sha256", content.exam.data_hash),
        ("examined", content.exam.made_at),
        ("pictures", found.n),
        ("accuracy", found.accuracy),
        ("interval_low", low),
        ("interval_high", high),
        ("loss", found.loss),
        ("errors", found.errors),
        ("confident_errors", found.confident_errors),
        ("calibration_error", found.calibration_error),
        ("not_sure", None if found.refusals is None else found.refusals.count),
    )
    yield "scores", Table(("name", "value"), scores)
    if found.accuracy is None:
        return
    yield (
        "by-class",
        Table(
            ("class", "precision", "recall", "f1", "support"),
            tuple((c.name, c.precision, c.recall, c.f1, c.support) for c in found.by_class),
        ),
    )
    yield (
        "confusion-matrix",
        Table(
            ("true_class", *(f"said {name}" for name in found.class_names)),
            tuple(
                (name, *row)
                for name, row in zip(found.class_names, found.confusion_matrix, strict=True)
            ),
        ),
    )
    yield (
        "reliability",
        Table(
            ("low", "high", "count", "confidence", "accuracy"),
            tuple((r.low, r.high, r.count, r.confidence, r.accuracy) for r in found.reliability),
        ),
    )
    yield (
        "risk-coverage",
        Table(
            ("threshold", "coverage", "accuracy"),
            tuple((r.threshold, r.coverage, r.accuracy) for r in found.risk),
        ),
    )
    if content.curves:
        yield (
            "damage",
            Table(
                (
                    "damage",
                    "unit",
                    "strength",
                    "accuracy",
                    "interval_low",
                    "interval_high",
                    "pictures",
                ),
                tuple(
                    (c.damage.name, c.damage.unit, p.strength, p.accuracy, *p.interval, p.n)
                    for c in content.curves
                    for p in c.points
                ),
            ),
        )


def as_csv(table: Table) -> str:
    """A table as text; an empty cell says nothing."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return stream.getvalue()
