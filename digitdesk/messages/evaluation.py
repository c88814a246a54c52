"""How well models read labelled sets, one by itself or two side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from digitdesk.messages.model import DIGITS
from digitdesk.messages.picture import Picture

CONFIDENT = 0.9
"""An error above this confidence is a confident one."""

ItemOrder = Literal["file", "confidence", "unsure", "label"]
RightIn = Literal["a", "b", "both", "none"]
"""Which of two models is right: only the first, only the second, both or neither."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """How often a reader said "not sure", and how it did otherwise.

    Attributes:
        count: Items refused.
        rate: Part of the items refused, 0 … 1.
        answered_accuracy: Part of the answered items read right; ``None`` where none was.
        reasons: How often each reason was given.
        risk_coverage: For growing parts of the set, the surest first, the part and the share of
            wrong best guesses in it.
    """

    count: int
    rate: float
    answered_accuracy: float | None
    reasons: dict[str, int]
    risk_coverage: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ClassScores:
    """How well one class is read.

    Attributes:
        precision: Part of the answers with this class that are right; ``None`` where there is none.
        recall: Part of the pictures of this class that are read right, which is also called the
            class's accuracy; ``None`` where there is none.
        f1: Harmonic mean of both; ``None`` where the class was neither shown nor answered.
        support: Pictures of this class.
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int


@dataclass(frozen=True, slots=True)
class ConfidenceRange:
    """The answers whose confidence lies from ``low`` to below ``high``, at least one.

    Attributes:
        confidence: Their mean confidence.
        accuracy: Part of them that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What becomes of a set where answers less sure than a threshold are refused.

    Attributes:
        threshold: On how sure the best class is when rejects are counted, too, as the card's.
        coverage: Part of the pictures that are answered.
        accuracy: Part of those read right; ``None`` where none is answered.
    """

    threshold: float
    coverage: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Result of reading a labelled set, the best guess of every item, refused or not.

    Attributes:
        accuracy: ``None``, as is the interval, where nothing is labelled: pictures of no digits.
        confusion_matrix: ``[actual][predicted]`` counts items.
        calibration_error: Expected difference of confidence and accuracy, 0 … 1.
        refusals: What the reader would rather not have answered.
        key: By which the session knows the items of this evaluation.
        notes: What was done to the pictures or seems wrong with them, as sentences.
        loss: Mean cross-entropy of the calibrated probabilities; ``None`` without labels.
        confident_errors: Wrong answers with a confidence above ``CONFIDENT``.
        by_class: One per class, in their order; nothing without labels, nor have the next two.
        reliability: Ranges of confidence in which there are answers, from low to high.
        risk: For growing thresholds, from 0 on.
        threshold: That of the model's card; ``None`` where it never refuses.
    """

    accuracy: float | None
    n: int
    correct: int
    interval: tuple[float, float] | None
    per_class_accuracy: tuple[float | None, ...]
    confusion_matrix: tuple[tuple[int, ...], ...]
    class_names: tuple[str, ...] = DIGITS
    calibration_error: float | None = None
    refusals: Refusals | None = None
    key: str = field(default="", compare=False)
    notes: tuple[str, ...] = ()
    loss: float | None = None
    confident_errors: int = 0
    by_class: tuple[ClassScores, ...] = ()
    reliability: tuple[ConfidenceRange, ...] = ()
    risk: tuple[RiskPoint, ...] = ()
    threshold: float | None = None

    @property
    def errors(self) -> int:
        """Pictures read wrong, refused or not; 0 without labels."""
        return 0 if self.accuracy is None else self.n - self.correct


@dataclass(frozen=True, slots=True)
class EvaluatedItem:
    """One picture of a set, and what was said of it.

    Attributes:
        picture: As the network saw it, 28×28 with ink = 255.
        label: Name of the class it shows; empty where the set says of none.
        answer: Name of the most probable class.
        confidence: Probability of that class, 0 … 1.
        reason: Why the answer is refused, as in ``Prediction``; empty where it is given.
        index: Its place in the set, from 0.
    """

    picture: Picture
    label: str
    answer: str
    confidence: float
    reason: str = ""
    index: int = 0

    @property
    def is_right(self) -> bool:
        """Whether the answer is the label, refused or not."""
        return self.answer == self.label


@dataclass(frozen=True, slots=True)
class ItemSelection:
    """Which items of an evaluation to see, and in which order; ``None`` does not matter.

    Attributes:
        label: Name of the class they show, a row of the confusion matrix.
        answer: Name of the class they were read as, a column of it.
        is_right: Whether the answer is the label.
        is_refused: Whether the answer is "not sure".
        confidence_above: Only answers with a higher confidence than this.
        right_in: Of two models, which are right; for pairs only.
        answer_b: As ``answer``, of the second of two models.
        order: ``file`` as in the set, ``confidence`` the surest first, ``unsure`` the least sure
            first, ``label`` class by class and the surest of each first. Of a pair, the surer of
            both answers counts.
    """

    label: str | None = None
    answer: str | None = None
    is_right: bool | None = None
    is_refused: bool | None = None
    confidence_above: float | None = None
    right_in: RightIn | None = None
    answer_b: str | None = None
    order: ItemOrder = "file"


EVERY_ITEM = ItemSelection()


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Some items that follow each other among those selected.

    Attributes:
        first: Place of the first of them, from 0.
        total: How many are selected.
    """

    items: tuple[EvaluatedItem, ...]
    first: int
    total: int
