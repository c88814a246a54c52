"""A max-pool of 2×2 windows side by side, in half the comparisons."""

from __future__ import annotations

from digitdesk.nn.core.backend import Array
from digitdesk.nn.fusion.fused_layer import FusedLayer
from digitdesk.nn.kernels.max_pool_2x2 import MaxPool2x2
from digitdesk.nn.layers.pooling import MaxPool2D


class FusedMaxPool2D(FusedLayer):
    """``MaxPool2D`` with 2×2 windows: left and right first, then top and bottom.

    Args:
        pool: With ``is_2x2``.

    Shapes:
        x (C, H, W, N) → y (C, ⌊H / 2⌋, ⌊W / 2⌋, N).
    """

    def __init__(self, pool: MaxPool2D) -> None:
        super().__init__(pool)
        self._pool = MaxPool2x2(self.dtype)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = the maximum over the window's places."""
        self._x_shape = x.shape
        y = self._buffer("y", (*self.output_shape, x.shape[-1]))
        left, right = self._columns(x)
        rows = self._buffer("rows", left.shape)
        self._pool.forward(left, right, y, slice(0, len(left[0])), rows=rows, training=training)
        return y

    def backward(self, grad_y: Array) -> Array:
        """Each window's gradient goes to its first maximum."""
        grad_x = self._buffer("grad_x", self._x_shape)
        left, right = self._columns(grad_x)
        if left.size + right.size < grad_x.size:
            grad_x.fill(0)  # an odd last row or column is in no window
        both = self._buffer("both", left.shape)
        self._pool.backward(grad_y, slice(0, len(left[0])), left, right, both)
        return grad_x

    def _columns(self, x: Array) -> tuple[Array, Array]:
        """The left and the right columns of all windows, (C, 2 H', W', N) each."""
        _, height, width = self.output_shape
        return x[:, : 2 * height, 0 : 2 * width : 2], x[:, : 2 * height, 1 : 2 * width : 2]
