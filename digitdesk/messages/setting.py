"""What one setting of a run may be, for everybody who asks for it, checks it or searches it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Kind = Literal["whole", "number", "switch", "choice", "network", "data", "model"]
Value = str | int | float | bool | None

_LARGEST_DIVISOR = 1000


@dataclass(frozen=True, slots=True)
class Span:
    """The values of a setting that are worth trying.

    Attributes:
        is_log: Whether it is the ratio of two values that counts, not their difference.
    """

    low: float
    high: float
    is_log: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        name: As in ``TrainingConfig``.
        title: What it is called; in a sentence with small letters.
        kind: A whole number, a number, on or off, a name to choose, a network, a data set,
            or a model.
        brief: What it does, in a few words for a list.
        help: What it does, and what is usual.
        default: What a run takes where nothing is said.
        low: The lowest number there is; ``None`` for no limit, as with ``high``.
        low_is_open: Whether ``low`` itself is too low already, as ``high_is_open`` for ``high``.
        none: What ``None`` stands for, where that may be said.
        choices: The names to choose from, where they are few and always the same.
        usual: The values worth trying.
        is_live: Whether it may be changed while a network trains.
        live_help: What it then does, where that is better said in other words than ``help``.
    """

    name: str
    title: str
    kind: Kind
    brief: str
    help: str
    default: Value = None
    low: float | None = None
    high: float | None = None
    low_is_open: bool = False
    high_is_open: bool = False
    none: str = ""
    choices: tuple[str, ...] = ()
    usual: Span | None = None
    is_live: bool = False
    live_help: str = ""

    @property
    def is_number(self) -> bool:
        """Whether its values have an order."""
        return self.kind in ("whole", "number")

    def accepts(self, value: object) -> bool:
        """Whether a run can have this value; of names, only those in ``choices`` are known."""
        if value is None:
            return bool(self.none)
        if self.kind == "switch":
            return isinstance(value, bool)
        if not self.is_number:
            return isinstance(value, str) and (not self.choices or value in self.choices)
        types = (int,) if self.kind == "whole" else (int, float)
        return isinstance(value, types) and not isinstance(value, bool) and self._holds(value)

    def _holds(self, number: float) -> bool:
        if isinstance(number, float) and not math.isfinite(number):
            return False
        if self.low is not None and (number <= self.low if self.low_is_open else number < self.low):
            return False
        if self.high is None:
            return True
        return number < self.high if self.high_is_open else number <= self.high

    @property
    def expected(self) -> str:
        """In words, what ``accepts`` accepts."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if not self.is_number:
            return "on or off" if self.kind == "switch" else "text"
        if self.kind == "whole":
            start = f"a whole number from {self.low:,}"
            return start if self.high is None else f"{start} to {self.high:,}"
        if self.high is None:
            return f"{self.low:g} or more"
        if self.low_is_open:
            return f"a number above {self.low:g}, at most {self.high:g}"
        if self.high_is_open:
            return f"a number from {self.low:g} to below {self.high:g}"
        return f"a number from {self.low:g} to {self.high:g}"

    def written(self, value: Value) -> str:
        """A value as a person would type it: ``64``, ``0.001``, ``1/12``; nothing for ``None``."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "on" if value else "off"
        if not isinstance(value, float):
            return str(value)
        short = f"{value:g}"
        if float(short) == value:
            return short
        part = Fraction(value).limit_denominator(_LARGEST_DIVISOR)
        return f"{part}" if float(part) == value else repr(value)
