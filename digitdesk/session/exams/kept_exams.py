"""The last few exams with all their pictures and answers, by key."""

from __future__ import annotations

import dataclasses
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from digitdesk.errors import DataError
from digitdesk.evaluation.damages import DAMAGES
from digitdesk.evaluation.items import EvaluatedSet
from digitdesk.messages.exam import DamageCurve, Exam
from digitdesk.messages.prediction import Stroke
from digitdesk.recognition.reader import Reader

_MOST = 6
"""A set of ten thousand pictures takes ten megabytes, once for all exams on it."""


@dataclass(frozen=True, slots=True, eq=False)
class KeptExam:
    """An exam, what it was made of, and what came out of it picture by picture.

    Attributes:
        exam: What is told of it.
        evaluated: Every picture with the answer to it.
        find_reader: Gives the model as it was; of an exam of an earlier session, it is looked for.
        strokes: Of each picture, in board units, where they are known.
        curves: How well it reads spoiled pictures, by name of the damage, as far as that was asked.
    """

    exam: Exam
    evaluated: EvaluatedSet
    find_reader: Callable[[], Reader]
    strokes: tuple[tuple[Stroke, ...], ...] | None = None
    curves: dict[str, DamageCurve] = field(default_factory=dict)

    @property
    def reader(self) -> Reader:
        """The model as it was.

        Raises:
            DataError: It is not there any more.
        """
        return self.find_reader()

    def known_curves(self) -> tuple[DamageCurve, ...]:
        """The curves in the order in which damages are offered."""
        return tuple(self.curves[d.name] for d in DAMAGES if d.name in self.curves)


class KeptExams:
    """Threads may put and ask at once."""

    def __init__(self) -> None:
        self._keys = itertools.count(1)
        # Only ever appended to, and copied whole to be searched.
        self._kept: deque[KeptExam] = deque(maxlen=_MOST)

    def __iter__(self) -> Iterator[KeptExam]:
        """The newest first."""
        return reversed(list(self._kept))

    def new_key(self) -> str:
        """A key that no exam has."""
        return f"exam-{next(self._keys)}"

    def keep(self, kept: KeptExam) -> None:
        """Keep one more, and the one before the last few no longer."""
        same = next((k for k in self if k.exam.data_hash == kept.exam.data_hash), None)
        if same is not None:
            pictures = same.evaluated.pictures
            evaluated = dataclasses.replace(kept.evaluated, pictures=pictures)
            kept = dataclasses.replace(kept, evaluated=evaluated)
        self._kept.append(kept)

    def __getitem__(self, key: str) -> KeptExam:
        """Raises a ``DataError`` where it is kept no more."""
        for kept in self:
            if kept.exam.key == key:
                return kept
        raise DataError("This exam is no longer at hand", hint="Examine the model once more")
