"""A network while it learns: its first kernels, and how its layers are."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.inside.preparation import Histogram
from digitdesk.messages.inside.tiles import Tiles


@dataclass(frozen=True, slots=True)
class LayerHealth:
    """How a layer is.

    Attributes:
        layer: Its path.
        weight_norm: Length of its kernel; ``None`` where it has none.
        gradient_norm: Length of the gradient by all that it learns; ``None`` where it learns
            nothing.
        dead_share: Part of a ReLU's units that give 0 for every picture, 0 … 1; ``None`` for other
            layers.
        weights: How its kernel's numbers are distributed; ``None`` where it has none.
    """

    layer: str
    weight_norm: float | None
    gradient_norm: float | None
    dead_share: float | None
    weights: Histogram | None


@dataclass(frozen=True, slots=True)
class TrainingLook:
    """The network of the last run, with its newest weights.

    Attributes:
        step: The training step that they are from.
        is_learning: Whether the run still goes on.
        loss: Mean over the pictures that gradients and dead units are measured with.
        pictures: How many these are.
        filters: A page of the first kernel that is seen as pictures, if there is one.
        layers: Those that learn and all ReLUs, in their order.
    """

    title: str
    step: int
    is_learning: bool
    loss: float
    pictures: int
    filters: Tiles | None
    layers: tuple[LayerHealth, ...]
