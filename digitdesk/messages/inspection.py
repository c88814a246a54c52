"""What is seen when one looks into a network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GradientRow:
    """One checked gradient.

    Attributes:
        subject: What was checked: a layer's or a network's spec.
        gradient: By what: ``input`` or a parameter's dotted name.
        comparisons: How many entries and directions were compared.
        worst_error: Largest relative error among them.
        passed: Whether that is within the tolerance.
    """

    subject: str
    gradient: str
    comparisons: int
    worst_error: float
    passed: bool
