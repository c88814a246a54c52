"""Changes to a network that has learned: what was done to it by hand, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EditKind = Literal["off", "shift", "scale", "prune", "noise", "quantize"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One change; it applies to what the changes before it have left.

    Attributes:
        kind: ``off`` has a unit or channel give 0; ``shift`` adds ``amount`` to its bias;
            ``scale`` multiplies its kernel by it; ``prune`` sets that part (0 … 1) of all weights
            to 0, the smallest first; ``noise`` adds random numbers with so many times the standard
            deviation of the weights; ``quantize`` leaves so many bits of each weight.
        layer: Path of the layer; empty for all, where no unit is meant.
        unit: Which unit or channel, for ``off``, ``shift`` and ``scale``.
        amount: How much.
    """

    kind: EditKind
    layer: str = ""
    unit: int | None = None
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckedAccuracy:
    """How well a network reads some test pictures.

    Attributes:
        data: Name of the data set.
        accuracy: Of ``count`` pictures, 0 … 1.
        interval: Where the true accuracy lies with 95 % certainty.
    """

    data: str
    count: int
    right: int
    accuracy: float
    interval: tuple[float, float]
