"""Neighbours in the output rows of a convolution, for a 2×2 max-pool that follows it."""

from __future__ import annotations

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.buffers import Buffers


class OutputPairs:
    """What ways to compute a convolution share that make all their outputs in one array.

    Attributes:
        splits: 2 to store each output row with its even columns first, so that left and right
            neighbours are whole stretches of memory; 1 for the usual order.
    """

    _buffers: Buffers
    _out: Shape

    def __init__(self) -> None:
        self.splits = 1

    def forward(self, x: Array, kernel: Array, y: Array) -> None:
        """Write the outputs; x (C, H, W, N), kernel (F, C, K, K), y (F, H', W', N)."""
        raise NotImplementedError

    def pairs(self, x: Array, kernel: Array) -> tuple[Array, Array, Array | None]:
        """The outputs in left and right neighbours; W' is even.

        Returns:
            Left and right (F, H', W' / 2, N), and what is to be added to both: nothing.
        """
        y = self._buffers.get("y", (len(kernel), *self._out, x.shape[-1]))
        self.forward(x, kernel, y)
        self._y_shape = y.shape
        return (*self._left_and_right(y), None)

    def pair_gradients(self) -> tuple[Array, Array, Array]:
        """Room for the gradients of the last ``pairs`` and their sum, which the caller fills.

        It takes the place of ``take_gradient``.
        """
        self._grad_y = self._buffers.get("grad_y", self._y_shape)
        left, right = self._left_and_right(self._grad_y)
        return left, right, self._buffers.get("grad_both", left.shape)

    def take_gradient(self, grad_y: Array) -> None:
        """What the two gradients will start from; grad_y (F, H', W', N)."""
        self._grad_y = grad_y

    def _left_and_right(self, y: Array) -> tuple[Array, Array]:
        """Even and odd columns of (F, H', W', N), as views."""
        half = self._out[1] // 2
        if self.splits == 2:
            return y[:, :, :half], y[:, :, half:]
        return y[:, :, 0::2], y[:, :, 1::2]
