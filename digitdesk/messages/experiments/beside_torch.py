"""A network trained here and in PyTorch, from the same weights and on the same batches."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TorchStep:
    """One step of both.

    Attributes:
        loss: Before the step, here; ``torch_loss`` there.
        gradient: Largest difference of any number of the gradient, as a part of its largest number.
        weight: The same of the weights after the step.
    """

    step: int
    loss: float
    torch_loss: float
    gradient: float
    weight: float


@dataclass(frozen=True, slots=True)
class TorchComparison:
    """Both runs.

    Attributes:
        spec: The network; its dropout layers, whose chance nobody can share, let everything pass.
        dtype: Number type of both.
        accuracy: On the test images, after the last step; ``None`` without a test set.
        images_per_second: In training, each in its own usual way and on as many cores.
        agrees: Whether the first gradients are equal up to rounding.
    """

    spec: str
    optimizer: str
    dtype: str
    torch_version: str
    steps: tuple[TorchStep, ...]
    accuracy: float | None
    torch_accuracy: float | None
    images_per_second: float
    torch_images_per_second: float
    agrees: bool
