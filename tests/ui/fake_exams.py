"""Exams without networks: plausible answers to a few hundred pictures, the same each time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

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
from digitdesk.messages.exam import (
    Damage,
    DamageCurve,
    DamagePoint,
    Exam,
    ExamData,
    ExamHint,
    ExamPair,
    ItemDetail,
    PairItem,
    PairPage,
)
from digitdesk.messages.model import DIGITS, ModelCard, ModelEntry
from digitdesk.messages.picture import Picture
from digitdesk.messages.point_map import PIXELS, MapPoint, PointMap

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
        self.said: tuple[ExamHint, ...] = (
            ExamHint("small-set", "These are only 130 pictures: the accuracy could as well be "
                     "86 % or 96 %. Examine on more."),
        )  # fmt: skip
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

    def pair(self, key_a, key_b) -> ExamPair:
        names = self.class_names
        rows = [[0] * len(names) for _ in names]
        for item in self._pairs():
            rows[names.index(item.a)][names.index(item.b)] += 1
        right = Counter((item.a == item.label, item.b == item.label) for item in self._pairs())
        n = len(self._pairs())
        return ExamPair(
            names, right[True, False], right[False, True], right[True, True],
            right[False, False], tuple(map(tuple, rows)), 0.004, n,
        )  # fmt: skip

    def pair_items(self, key_a, key_b, first, count, selection) -> PairPage:
        found = [item for item in self._pairs() if _fits_pair(item, selection)]
        return PairPage(tuple(found[first : first + count]), first, len(found))

    def damages(self) -> tuple[Damage, ...]:
        return tuple(
            Damage(name, 0.0, 30.0, 1.0, "°" if name == "rotation" else "px", 0.0, 10.0,
                   tuple(5.0 * k for k in range(7)))
            for name in ("noise", "blur", "rotation", "shift", "scale", "thinner", "thicker",
                         "contrast", "patch", "salt-and-pepper")
        )  # fmt: skip

    def damaged(self, exam_key, index, damage, strength) -> ItemDetail:
        detail = self.detail(exam_key, index)
        pixels = bytes(max(0, p - round(8 * strength)) for p in self._picture.pixels)
        picture = Picture(self._picture.width, self._picture.height, pixels)
        item = replace(detail.item, picture=picture)
        if strength > 20:
            item = replace(item, answer=self.class_names[0], confidence=0.4)
        return replace(detail, item=item)

    def damage_accuracy(
        self, exam_key, damage, strength, progress=None, cancelled=None
    ) -> DamagePoint:
        self.calls.append(f"measure {exam_key} {damage} {strength:g}")
        share = 0.95 * (1 - (strength / 40) ** 2) - (exam_key != "exam-1") * 0.03
        return DamagePoint(strength, share, (share - 0.014, share + 0.014), 1000)

    def damage_curve(self, exam_key, damage, progress=None, cancelled=None) -> DamageCurve:
        found = next(d for d in self.damages() if d.name == damage)
        points = tuple(self.damage_accuracy(exam_key, damage, s) for s in found.strengths)
        return DamageCurve(found, points)

    def hints(self, exam_key) -> tuple[ExamHint, ...]:
        return self.said

    def map_choices(self, exam_key) -> tuple[str, ...]:
        return (PIXELS, "dense1", "dense2")

    def point_map(self, exam_key, method, source, progress=None, cancelled=None) -> PointMap:
        self.calls.append(f"map {method} {source}")
        points = []
        for item in self._items():
            angle = 2 * math.pi * self.class_names.index(item.label) / len(self.class_names)
            reach = 0.6 + (item.index * 29 % 100) / 500
            x, y = reach * math.cos(angle), reach * math.sin(angle)
            points.append(MapPoint(x, y, item.index, item.label, item.answer, item.is_right))
        shares = (0.12, 0.09) if method == "pca" else None
        return PointMap(f"{method} {source}", tuple(points), method, source, shares)

    def place(self, map_key, picture) -> tuple[float, float]:
        ink = sum(picture.pixels) / 255 / len(picture.pixels)
        return min(1.0, 40 * ink - 1), 0.25

    def report(self, exam_key, path, other_key=None, *, say=str, language="en") -> tuple[Path, ...]:
        self.calls.append(f"report {exam_key} {path.name} {other_key} {language}")
        path.write_text(say("Export"), encoding="utf-8")
        return (path,)

    def keep_threshold(self, model_key, threshold) -> ModelEntry:
        self.calls.append(f"keep {model_key} {threshold}")
        return ModelEntry(model_key, self._card)

    def _pairs(self) -> list[PairItem]:
        names = self.class_names
        pairs = []
        for item in self._items():
            wrong = item.index % 17 == 3
            b = names[(names.index(item.label) + 1) % len(names)] if wrong else item.label
            pairs.append(
                PairItem(item.picture, item.label, item.answer, b, item.confidence, 0.8, item.index)
            )
        return pairs

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


def _fits_pair(item: PairItem, wanted: ItemSelection) -> bool:
    right = (item.a == item.label, item.b == item.label)
    kinds = {"a": (True, False), "b": (False, True), "both": (True, True), "none": (False, False)}
    return (
        wanted.answer in (None, item.a)
        and wanted.answer_b in (None, item.b)
        and (wanted.right_in is None or kinds[wanted.right_in] == right)
    )


def _matrix(names: Sequence[str], items: Sequence[EvaluatedItem]) -> list[list[int]]:
    rows = [[0] * len(names) for _ in names]
    for item in items:
        rows[names.index(item.label)][names.index(item.answer)] += 1
    return rows
