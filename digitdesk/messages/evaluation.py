"""How well models read labelled sets, one by itself or two side by side."""

from __future__ import annotations

from dataclasses import dataclass, field

from digitdesk.messages.model import DIGITS
from digitdesk.messages.picture import Picture


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
class Evaluation:
    """Result of reading a labelled set, the best guess of every item, refused or not.

    Attributes:
        accuracy: ``None``, as is the interval, where nothing is labelled: pictures of no digits.
        confusion_matrix: ``[actual][predicted]`` counts items.
        calibration_error: Expected difference of confidence and accuracy, 0 … 1.
        refusals: What the reader would rather not have answered.
        key: By which the session knows the items of this evaluation.
        notes: What was done to the pictures or seems wrong with them, as sentences.
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


@dataclass(frozen=True, slots=True)
class EvaluatedItem:
    """One picture of a set, and what was said of it.

    Attributes:
        picture: As the network saw it, 28×28 with ink = 255.
        label: Name of the class it shows; empty where the set says of none.
        answer: Name of the most probable class.
        confidence: Probability of that class, 0 … 1.
        reason: Why the answer is refused, as in ``Prediction``; empty where it is given.
    """

    picture: Picture
    label: str
    answer: str
    confidence: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ItemSelection:
    """Which items of an evaluation to see; what is ``None`` does not matter.

    Attributes:
        label: Name of the class they show, a row of the confusion matrix.
        answer: Name of the class they were read as, a column of it.
        is_right: Whether the answer is the label.
        is_refused: Whether the answer is "not sure".
    """

    label: str | None = None
    answer: str | None = None
    is_right: bool | None = None
    is_refused: bool | None = None


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


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """A picture that two models read differently, 28×28 with ink = 255, and names of classes."""

    picture: Picture
    label: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same ``n`` pictures.

    Attributes:
        agreement_matrix: ``[a][b]`` counts pictures that the first reads as a, the second as b.
        data: Name of the set they come from; empty where it has none.
        examples: Some of those they read differently.
    """

    class_names: tuple[str, ...]
    agreement_matrix: tuple[tuple[int, ...], ...]
    both_right: int
    only_a: int
    only_b: int
    both_wrong: int
    n: int
    examples: tuple[ComparedItem, ...] = ()
    data: str = ""

    @property
    def agreed(self) -> int:
        """Pictures that both read as the same."""
        return sum(row[k] for k, row in enumerate(self.agreement_matrix))
