"""How well models read labelled sets, one by itself or two side by side."""

from __future__ import annotations

from dataclasses import dataclass

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
