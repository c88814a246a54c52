"""An exam: a model reads a labelled set, and what it said of every picture is kept to look at.

Also two exams on the same pictures, and what becomes of answers when pictures are damaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digitdesk.messages.evaluation import EvaluatedItem, Evaluation
from digitdesk.messages.model import ModelCard
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.messages.run import Suggestion

DataKind = Literal["dataset", "strokes", "images", "folder", "photos"]


@dataclass(frozen=True, slots=True)
class ExamData:
    """What a model can be examined on.

    Attributes:
        kind: The test part of a data set, a stroke file, an ``.npz`` file of pictures, or a folder:
            of an IDX set, or of pictures in a folder for each class; or a folder or zip file of
            photos whose names say their labels, too.
        name: The data set's name as on the command line, or the path.
        title: What it is called in a list.
        count: How many pictures there are, where that is known beforehand.
    """

    kind: DataKind
    name: str
    title: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Exam:
    """A model on a set of pictures, and when.

    Attributes:
        key: By which the session knows its pictures and answers.
        model_key: Of the model as it was then: a network that learns has other weights by now.
        model_title: What it is called.
        step: The training step its weights are from, for a network that was still learning.
        card: The card of the model.
        data_hash: SHA-256 of the pictures as the network saw them, and their labels.
        made_at: When it ended, in ISO form with the time zone.
        seconds: How long the model read.
    """

    key: str
    model_key: str
    model_title: str
    step: int | None
    card: ModelCard
    data: ExamData
    data_hash: str
    made_at: str
    seconds: float
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class ExamHint:
    """What an exam gives to think about.

    Attributes:
        kind: By which ``messages.hint`` knows the reason.
        sentence: In words.
        suggestion: A setting of the next run that usually helps.
    """

    kind: str
    sentence: str
    suggestion: Suggestion | None = None


@dataclass(frozen=True, slots=True)
class ItemDetail:
    """One picture large.

    Attributes:
        item: As in the gallery.
        probabilities: One per class of the model.
        strokes: In board units, where the set holds strokes.
    """

    item: EvaluatedItem
    probabilities: tuple[float, ...]
    strokes: tuple[Stroke, ...] | None = None


@dataclass(frozen=True, slots=True)
class ExamPair:
    """Two models on the same ``n`` pictures.

    Attributes:
        only_a: Pictures that only the first read right; so are the next three.
        agreement_matrix: ``[a][b]`` counts pictures that the first read as a, the second as b.
        p_value: Of McNemar's exact test: how likely the two would differ by so much or more if
            both were equally good.
    """

    class_names: tuple[str, ...]
    only_a: int
    only_b: int
    both_right: int
    both_wrong: int
    agreement_matrix: tuple[tuple[int, ...], ...]
    p_value: float
    n: int

    @property
    def agreed(self) -> int:
        """Pictures that both read as the same."""
        return sum(row[k] for k, row in enumerate(self.agreement_matrix))


@dataclass(frozen=True, slots=True)
class PairItem:
    """One picture and what two models said of it; see ``EvaluatedItem``."""

    picture: Picture
    label: str
    a: str
    b: str
    confidence_a: float
    confidence_b: float
    index: int


@dataclass(frozen=True, slots=True)
class PairPage:
    """Some pairs that follow each other among those selected; see ``ItemPage``."""

    items: tuple[PairItem, ...]
    first: int
    total: int


@dataclass(frozen=True, slots=True)
class Damage:
    """A way to spoil pictures by a fixed amount.

    Attributes:
        name: By which it is asked for.
        low: The least strength; the slider's left end.
        high: The greatest.
        step: Between two strengths worth looking at.
        unit: ``px``, ``°`` or ``%``, of what the damage's name says.
        neutral: The strength that changes nothing.
        default: The strength that a slider begins with.
        strengths: Those of a curve, from ``low`` to ``high``.
    """

    name: str
    low: float
    high: float
    step: float
    unit: str
    neutral: float
    default: float
    strengths: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class DamagePoint:
    """How well ``n`` pictures are read, damaged by one strength; the interval holds 95 %."""

    strength: float
    accuracy: float
    interval: tuple[float, float]
    n: int


@dataclass(frozen=True, slots=True)
class DamageCurve:
    """How well pictures are read over the whole range of a damage."""

    damage: Damage
    points: tuple[DamagePoint, ...]
