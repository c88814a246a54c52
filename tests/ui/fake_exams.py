"""Exams without networks: plausible answers to a few hundred pictures, the same each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from digitdesk.messages.evaluation import (
    ClassScores,
    ConfidenceRange,
    EvaluatedItem,
    Evaluation,
    ItemPage,
    ItemSelection,
    Refusals,
    RiskPoint,
)
from digitdesk.messages.exam import Exam, ExamData, ItemDetail
from digitdesk.messages.model import DIGITS, ModelCard
from digitdesk.messages.picture import Picture

_EACH = 40


class FakeExams:
    """Every picture of a class is read right, but for each thirteenth.

    Attributes:
        class_names: Of the sets there are.
        calls: What was asked for that a session would remember.
    """

    def __init__(self, picture: Picture, card: ModelCard) -> None:
        self.class_names: tuple[str, ...] = DIGITS
        self.calls: list[str] = []
        self.kept: dict[str, Exam] = {}
        self._picture, self._card = picture, card

    def choices(self) -> tuple[ExamData, ...]:
        return (ExamData("dataset", "mnist", "MNIST", 10_000),)

    def last(self) -> Exam | None:
        return None

    def examine(self, model_key, data, progress=None, cancelled=None) -> Exam:
        self.calls.append(f"examine {model_key} {data.name}")
        key = f"exam-{len(self.kept) + 1}"
        exam = Exam(
            key, model_key, self._card.title, None, self._card, data, "hash",
            "2026-11-27T18:05:00+00:00", 2.1, replace(self._evaluation(), key=key),
        )  # fmt: skip
        self.kept[key] = exam
        return exam

    def items(self, exam_key, first, count, selection=ItemSelection()) -> ItemPage:  # noqa: B008
        found = [item for item in self._items() if _fits(item, selection)]
        if selection.order in ("confidence", "unsure"):
            found.sort(key=lambda i: i.confidence, reverse=selection.order == "confidence")
        if selection.order == "label":
            found.sort(key=lambda i: (self.class_names.index(i.label), -i.confidence))
        return ItemPage(tuple(found[first : first + count]), first, len(found))

    def detail(self, exam_key, index) -> ItemDetail:
        item = self._items()[index]
        rest = (1 - item.confidence) / (len(self.class_names) - 1)
        return ItemDetail(
            item,
            tuple(item.confidence if n == item.answer else rest for n in self.class_names),
        )

    def _items(self) -> list[EvaluatedItem]:
        names = self.class_names
        items = []
        for place in range(_EACH * len(names)):
            label = place % len(names)
            wrong = place % 13 == 7
            answer = (label + 5) % len(names) if wrong else label
            confidence = 0.5 + (place * 37 % 100) / 200
            items.append(
                EvaluatedItem(
                    self._picture, names[label], names[answer], confidence,
                    "unsure" if confidence < 0.55 else "", place,
                )
            )  # fmt: skip
        return items

    def _evaluation(self) -> Evaluation:
        names, items = self.class_names, self._items()
        rows = _matrix(names, items)
        correct = sum(row[k] for k, row in enumerate(rows))
        n = len(items)
        by_class = tuple(
            ClassScores(
                name, rows[k][k] / max(1, sum(r[k] for r in rows)), rows[k][k] / sum(rows[k]),
                0.92, sum(rows[k]),
            )
            for k, name in enumerate(names)
        )  # fmt: skip
        ranges = tuple(
            ConfidenceRange(k / 10, (k + 1) / 10, 10 * k, k / 10 + 0.05, k / 10 + 0.02)
            for k in range(5, 10)
        )
        risk = tuple(
            RiskPoint(k / 100, 1 - (k / 100) ** 3, min(1.0, 0.92 + k / 1250)) for k in range(100)
        )
        refused = sum(bool(item.reason) for item in items)
        return Evaluation(
            correct / n, n, correct, (0.9, 0.95), tuple(s.recall for s in by_class),
            tuple(map(tuple, rows)), names, 0.021,
            Refusals(refused, refused / n, 0.95, {"unsure": refused}, ()), loss=0.0831,
            confident_errors=2, by_class=by_class, reliability=ranges, risk=risk,
        )  # fmt: skip


def _fits(item: EvaluatedItem, wanted: ItemSelection) -> bool:
    return (
        wanted.label in (None, item.label)
        and wanted.answer in (None, item.answer)
        and wanted.is_right in (None, item.is_right)
        and wanted.is_refused in (None, bool(item.reason))
        and (wanted.confidence_above is None or item.confidence > wanted.confidence_above)
    )


def _matrix(names: Sequence[str], items: Sequence[EvaluatedItem]) -> list[list[int]]:
    rows = [[0] * len(names) for _ in names]
    for item in items:
        rows[names.index(item.label)][names.index(item.answer)] += 1
    return rows
