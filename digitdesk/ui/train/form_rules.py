"""What may be typed into the fields of a form, and the sentence that says so.

A rule turns text into a value or raises ``ValueError`` with what was expected instead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from digitdesk.ui.i18n.text import _, setting, whole


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number in a range; nothing typed means ``None`` where that is allowed."""

    low: int
    high: int
    optional: bool = False

    def parse(self, text: str) -> int | None:
        """The value of a text.

        Raises:
            ValueError: It is not such a number.
        """
        cleaned = text.strip().replace(",", "").replace(" ", "")
        if not cleaned and self.optional:
            return None
        try:
            value = int(cleaned)
        except ValueError:
            value = self.low - 1
        if not self.low <= value <= self.high:
            raise ValueError(
                _("a whole number from {low} to {high}").format(
                    low=whole(self.low), high=whole(self.high)
                )
            )
        return value


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a range, typed as ``0.001``, ``1e-3``, ``1/12`` or ``10 %``.

    Attributes:
        open_low: Whether ``low`` itself is too low.
    """

    low: float
    high: float
    open_low: bool = False

    def parse(self, text: str) -> float:
        """The value of a text.

        Raises:
            ValueError: It is not such a number.
        """
        cleaned = text.strip().replace(",", ".")
        scale = 100 if cleaned.endswith("%") else 1
        try:
            value = float(Fraction(cleaned.removesuffix("%").strip().replace(" ", ""))) / scale
        except (ValueError, ZeroDivisionError, OverflowError):
            value = math.nan
        too_low = value <= self.low if self.open_low else value < self.low
        if math.isnan(value) or too_low or value > self.high:
            pattern = (
                _("a number above {low}, at most {high}")
                if self.open_low
                else _("a number from {low} to {high}")
            )
            raise ValueError(pattern.format(low=setting(self.low), high=setting(self.high)))
        return value


Rule = WholeNumber | Number

#: Rules of the number fields, by their name in ``TrainingConfig``.
RULES: dict[str, Rule] = {
    "learning_rate": Number(0.0, 10.0, open_low=True),
    "batch_size": WholeNumber(1, 8192),
    "epochs": WholeNumber(1, 1000),
    "seed": WholeNumber(0, 2**32 - 1),
    "momentum": Number(0.0, 0.999),
    "weight_decay": Number(0.0, 1.0),
    "label_smoothing": Number(0.0, 0.5),
    "augmentation": Number(0.0, 1.0),
    "validation_fraction": Number(0.0, 0.5),
    "limit": WholeNumber(10, 10_000_000, optional=True),
    "threads": WholeNumber(1, 256, optional=True),
}
