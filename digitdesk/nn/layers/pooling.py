"""Pooling: each window of the image becomes one number, its largest or its mean.

Where inputs of a window tie for the largest, the first in reading order takes the gradient.
"""

from __future__ import annotations

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.layers.layer import BuildContext, Layer, ShapeError, image_shape


class _Pool2D(Layer):
    """What both poolings share: windows without padding, incomplete ones left out.

    Args:
        pool_size: Side K of the square window.
        stride: Step between windows; ``None`` for K, windows side by side.
    """

    works_on_images = True

    def __init__(self, pool_size: int, stride: int | None = None) -> None:
        self.pool_size = pool_size
        self.stride = stride

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Compute how many windows there are.

        Raises:
            ShapeError: The input is not an image, or smaller than a window.
        """
        super().build(input_shape, context)
        channels, height, width = image_shape(input_shape)
        size, self._step = self.pool_size, self.stride or self.pool_size
        if min(height, width) < size:
            raise ShapeError(
                f"an image of at least {size}×{size}", input_shape, "use a smaller window"
            )
        self._out = ((height - size) // self._step + 1, (width - size) // self._step + 1)
        return (channels, *self._out)

    @property
    def step(self) -> int:
        """Pixels from one window to the next."""
        return self._step

    @property
    def is_2x2(self) -> bool:
        """Whether windows are 2×2 and side by side."""
        return self.pool_size == self._step == 2

    def _positions(self, x: Array) -> list[Array]:
        """For each place in a window, in reading order, the view of x over all windows."""
        height, width = ((count - 1) * self._step + 1 for count in self._out)
        return [
            x[:, i : i + height : self._step, j : j + width : self._step]
            for i in range(self.pool_size)
            for j in range(self.pool_size)
        ]


class MaxPool2D(_Pool2D):
    """The largest number of each window.

    Shapes:
        x (C, H, W, N) → y (C, H', W', N) with H' = ⌊(H − K) / stride⌋ + 1.
    """

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = the maximum over the window's places."""
        self._x = x
        y = self._buffer("y", (x.shape[0], *self._out, x.shape[-1]))
        first, *others = self._positions(x)
        y[...] = first
        for view in others:
            self.xp.maximum(y, view, out=y)
        self._y = y
        return y

    def backward(self, grad_y: Array) -> Array:
        """Each window's gradient goes to its first maximum."""
        grad_x = self._buffer("grad_x", self._x.shape)
        grad_x.fill(0)
        free = self._buffer("free", grad_y.shape, bool)  # windows whose maximum is still to come
        free.fill(True)
        takes = self._buffer("takes", grad_y.shape, bool)
        for x, grad in zip(self._positions(self._x), self._positions(grad_x), strict=True):
            self.xp.equal(x, self._y, out=takes)
            takes &= free
            free ^= takes
            grad += grad_y * takes
        return grad_x


class AveragePool2D(_Pool2D):
    """The mean of each window.

    Shapes:
        x (C, H, W, N) → y (C, H', W', N) with H' = ⌊(H − K) / stride⌋ + 1.
    """

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = the sum over the window's places / K²."""
        self._x_shape = x.shape
        y = self._buffer("y", (x.shape[0], *self._out, x.shape[-1]))
        first, *others = self._positions(x)
        y[...] = first
        for view in others:
            y += view
        y *= 1 / self.pool_size**2
        return y

    def backward(self, grad_y: Array) -> Array:
        """Every place of a window gets the same share."""
        grad_x = self._buffer("grad_x", self._x_shape)
        grad_x.fill(0)
        share = self.xp.multiply(
            grad_y, 1 / self.pool_size**2, out=self._buffer("share", grad_y.shape)
        )
        for grad in self._positions(grad_x):
            grad += share
        return grad_x
