"""What every fast way to compute a convolution offers: one protocol for all of them.

A kernel computes what ``Conv2D`` defines, without the bias, at stride 1 and on the processor. It
keeps what its way back needs; whoever calls it owns weights and outputs.

Where a pool follows, a few rows are made and used up at a time: a large picture's outputs would
leave the processor's cache before the pool has read them. Gains: cnn-standard trains 1.05 and reads
1.07 times as fast as with all rows at once (``tests/benchmarks/tricks.py --only bands``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NamedTuple

from digitdesk.nn.core.backend import Array, Shape

BAND_NUMBERS = 2**17
"""Numbers, of 4 bytes each, that are worked on at once where a pool follows."""


class Pairs(NamedTuple):
    """Some rows of a convolution's outputs, left and right neighbors apart, for a 2×2 pool to come.

    Attributes:
        rows: Which, R of them.
        left: Even columns, (F, R, W' / 2, N).
        right: Odd columns.
        common: What is still to be added to both; ``None`` for nothing.
    """

    rows: slice
    left: Array
    right: Array
    common: Array | None


class PairGradients(NamedTuple):
    """Room for the gradients of ``Pairs``, each (F, R, W' / 2, N), and for their sum."""

    rows: slice
    left: Array
    right: Array
    both: Array


class ReadingKernel(ABC):
    """The product of a convolution with the images: all that reading asks for.

    Shapes:
        x (C, H, W, N), kernel (F, C, K, K) → y (F, H', W', N).

    Attributes:
        has_way_back: Whether a way back may follow the next way there, for which all is kept.
    """

    has_way_back = True

    @abstractmethod
    def forward(self, x: Array, kernel: Array, y: Array) -> Iterator[slice]:
        """Write the outputs to y; as soon as some rows of it are done, say which."""

    @abstractmethod
    def pairs(self, x: Array, kernel: Array) -> Iterator[Pairs]:
        """The outputs in left and right neighbors, from the top; H' and W' are even.

        What was given out belongs to the kernel again when the next rows are asked for.
        """


class ConvolutionKernel(ReadingKernel):
    """The three products of a convolution: with the images, and for the two gradients.

    Two ways through it, never mixed within a step: all of ``forward``, then ``backward``; or, where
    a 2×2 pool follows, ``pairs``, then ``pair_gradients`` filled by the caller, then
    ``input_gradient``.
    """

    def bands(self, height: int, numbers: int) -> Iterator[slice]:
        """Pairs of rows, as many at once as stay in the processor's cache from pass to pass.

        Without a way back there are fewer passes, and of more pictures: twice as much at once has
        cnn-light read 1.1 times as fast, as threads wait for each other half as often.

        Args:
            height: Rows, an even number or one alone at the end.
            numbers: Of a row.
        """
        most = BAND_NUMBERS if self.has_way_back else 2 * BAND_NUMBERS
        step = max(2, most // numbers // 2 * 2)
        for start in range(0, height, step):
            yield slice(start, min(start + step, height))

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
    def pair_gradients(self, grad_kernel: Array, *, input_grad: bool) -> Iterator[PairGradients]:
        """Room for the gradients of the last ``pairs``, to be filled before the next is asked for.

        Args:
            grad_kernel: Where the kernel's gradient goes; it is there after the last rows.
            input_grad: Whether ``input_gradient`` will be asked for.
        """

    @abstractmethod
    def input_gradient(self, kernel: Array) -> Array:
        """The gradient of x, from what ``pair_gradients`` was filled with."""

    @abstractmethod
    def copies_per_image(self, input_shape: Shape) -> int:
        """Numbers kept in copies of one image (C, H, W); the way back keeps about as many."""
