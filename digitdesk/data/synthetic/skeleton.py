"""What a skeleton is: one way to write a digit, as the path of the pen.

Every variant has masters, extreme forms with the same nodes; a drawing is a mixture of them.
"""

from __future__ import annotations

from dataclasses import dataclass

Master = tuple[str, ...]
"""One form of a variant: a text of nodes ``x,y`` for each stroke.

A digit is about 60 wide and 100 high; y grows downward. ``^`` before a node makes it a corner;
through all others the pen passes smoothly.
"""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to write a digit.

    Attributes:
        label: The digit.
        name: What tells it from the others.
        weight: How often it is written, relative to the digit's other variants.
        masters: Its extreme forms, alike in strokes, nodes and corners.
    """

    label: int
    name: str
    weight: float
    masters: tuple[Master, ...]
