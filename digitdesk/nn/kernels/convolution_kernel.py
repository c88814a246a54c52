"""What every fast way to compute a convolution offers: one protocol for all of them.

A kernel computes what ``Conv2D`` defines, without the bias, at stride 1 and on the processor. It
keeps what its way back needs; whoever calls it owns weights and outputs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

from digitdesk.nn.core.backend import Array, Shape


class Pairs(NamedTuple):
    """The outputs of a convolution, left and right neighbors apart, for a 2×2 pool to come.

    Attributes:
        left: Even columns, (F, H', W' / 2, N).
        right: Odd columns.
        common: What is still to be added to both; ``None`` for nothing.
    """

    left: Array
    right: Array
    common: Array | None


class PairGradients(NamedTuple):
    """Room for the gradients of ``Pairs``, each (F, H', W' / 2, N), and for their sum."""

    left: Array
    right: Array
    both: Array


class ConvolutionKernel(ABC):
    """The three products of a convolution: with the images, and for the two gradients.

    Two ways through it, never mixed within a step: ``forward`` and ``backward``, or, where a 2×2
    pool follows, ``forward_pairs``, then ``pair_gradients`` filled by the caller, then
    ``backward_pairs``.

    Shapes:
        x (C, H, W, N), kernel (F, C, K, K) → y (F, H', W', N).
    """

    @abstractmethod
    def forward(self, x: Array, kernel: Array, y: Array) -> None:
        """Write the outputs to y."""

    @abstractmethod
    def backward(
        self, grad_y: Array, kernel: Array, grad_kernel: Array, *, input_grad: bool
    ) -> Array | None:
        """Write the kernel's gradient; return that of x if it is wanted.

        Args:
            grad_y: Gradient by the last ``forward``'s outputs.
            kernel: As in ``forward``.
            grad_kernel: Where the kernel's gradient goes, (F, C, K, K).
            input_grad: Whether the gradient by x is wanted.
        """

    @abstractmethod
    def forward_pairs(self, x: Array, kernel: Array) -> Pairs:
        """The outputs in left and right neighbors; W' is even."""

    @abstractmethod
    def pair_gradients(self) -> PairGradients:
        """Room for the gradients of the last ``forward_pairs``, to be filled by the caller."""

    @abstractmethod
    def backward_pairs(
        self, kernel: Array, grad_kernel: Array, *, input_grad: bool
    ) -> Array | None:
        """As ``backward``, from what ``pair_gradients`` was filled with."""

    @abstractmethod
    def copies_per_image(self, input_shape: Shape) -> int:
        """Numbers kept in copies of one image (C, H, W); the way back keeps about as many."""
