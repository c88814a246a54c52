"""What a network says of ink: one digit, or a number of several."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass
from typing import Any

from digitdesk.messages.picture import Picture

Point = tuple[float, float]
Stroke = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a network says of one drawing.

    Attributes:
        probabilities: One per class, summing to 1; empty where there was nothing to read.
        class_names: One per class.
        preprocessed: The 28×28 picture the network saw, ink = 255; ``None`` without ink.
        reason: Why there is no sure answer: ``empty``, ``faint``, ``letter``, ``scribble``,
            ``two-digits`` or ``unsure``; an empty string where there is one. The best guess is in
            ``probabilities`` all the same.
        source: Title of the model that answered.
        step: The training step the weights are from, for a network that is still learning.
    """

    probabilities: tuple[float, ...]
    class_names: tuple[str, ...]
    preprocessed: Picture | None
    reason: str = ""
    source: str = ""
    step: int | None = None

    @property
    def is_refused(self) -> bool:
        """Whether the answer should be "not sure"."""
        return bool(self.reason)

    @property
    def ranking(self) -> tuple[int, ...]:
        """Class indices, the most probable first."""
        order = sorted(range(len(self.probabilities)), key=lambda k: -self.probabilities[k])
        return tuple(order)

    @property
    def guesses(self) -> tuple[tuple[str, float], ...]:
        """Name and probability of each class, the most probable first."""
        return tuple((self.class_names[k], self.probabilities[k]) for k in self.ranking)

    @property
    def label(self) -> str:
        """Name of the most probable class, or an empty string."""
        return self.class_names[self.ranking[0]] if self.probabilities else ""

    @property
    def confidence(self) -> float:
        """Probability of the most probable class, 0 … 1."""
        return max(self.probabilities, default=0.0)

    @property
    def plain(self) -> dict[str, Any]:
        """For machines: the names and their order are promised; null where there is no answer."""
        best, second, *_ = *self.guesses, (None, None), (None, None)
        return {
            "label": best[0],
            "confidence": best[1],
            "second_label": second[0],
            "second_confidence": second[1],
            "probabilities": self.probabilities,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Separator:
    """A sign or a space between the digits of a number.

    Attributes:
        sign: One of ``- . , / +``, or a space.
        before: How many of the reading's digits stand before it.
        box: As of a digit; of a space, the gap.
    """

    sign: str
    before: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class NumberReading:
    """What a network says of several digits beside each other.

    Attributes:
        text: Digits and separators as read, from left to right, and a line for each row where there
            are several; empty where there was nothing to read.
        digits: One prediction per digit of the text, row after row.
        boxes: Left, top, right and bottom of each digit's ink, in board units or picture pixels.
        confidence: Probability that the whole number is right, 0 … 1.
        reason: Why the number is not sure, as in ``Prediction``: ``empty`` where there was no ink,
            otherwise that of the first digit that is not sure, or ``unsure`` where all are but
            their number or division is not. The best guess is in ``text`` all the same.
        source: Title of the model that answered.
        row_lengths: How many digits there are in each row; nothing where there is one row.
        separators: What stands between digits, row after row.
    """

    text: str
    digits: tuple[Prediction, ...] = ()
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    confidence: float = 0.0
    reason: str = ""
    source: str = ""
    row_lengths: tuple[int, ...] = ()
    separators: tuple[Separator, ...] = ()

    @property
    def plain(self) -> dict[str, Any]:
        """For machines, as of a prediction; boxes are left, top, right and bottom."""
        return {
            "number": self.text or None,
            "confidence": self.confidence if self.text else None,
            "digits": [
                {"label": digit.label, "confidence": digit.confidence, "box": box}
                for digit, box in zip(self.digits, self.boxes, strict=True)
            ],
            "reason": self.reason,
            **({"separators": list(map(asdict, self.separators))} if self.separators else {}),
        }

    @property
    def lines(self) -> tuple[str, ...]:
        """The numbers as read, one per row."""
        return tuple(self.text.splitlines())

    @property
    def rows(self) -> tuple[slice, ...]:
        """Which of the digits, and of the boxes, are in each row."""
        ends = list(itertools.accumulate(self.row_lengths or (len(self.digits),)))
        return tuple(map(slice, [0, *ends], ends))
