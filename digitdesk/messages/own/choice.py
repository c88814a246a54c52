"""A part of a data set that becomes a set of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pictures to take.

    Attributes:
        classes: Names of those to keep, in the order of the set; all where there are none.
        per_class: At most so many training pictures of each class; all where ``None``.
        share: Of the training pictures of each class, 0 … 1.
        held_out: Share of the training pictures taken that goes to the test part, 0 … 0.9.
        seed: Decides which pictures.
    """

    classes: tuple[str, ...] = ()
    per_class: int | None = None
    share: float = 1.0
    held_out: float = 0.0
    seed: int = 0
