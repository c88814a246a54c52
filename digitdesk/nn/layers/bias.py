"""The bias of a convolution as a small layer of its own, y = x + b.

On its own it can wait until after a max-pool, where there is a quarter of the work.
"""

from __future__ import annotations

from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.parameters import Parameter
from digitdesk.nn.layers.layer import Layer


class Bias(Layer):
    """Adds one number to each channel.

    ``y = x + b``; backward: ``grad_x = grad_y``, ``grad_b = Σ grad_y`` over all but the channels.

    Args:
        bias: Parameter (C,) that the convolution declared.

    Shapes:
        x (C, H, W, N) → y (C, H, W, N); bias (C,).
    """

    has_parameters = True

    def __init__(self, bias: Parameter) -> None:
        self.bias = bias

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = x + b."""
        y = self._buffer("y", x.shape)
        return self.xp.add(x, self._column(), out=y)

    def in_place(self, x: Array) -> Array:
        """As ``forward``, for whoever owns x and has no more need of it."""
        x += self._column()
        return x

    def backward(self, grad_y: Array) -> Array:
        """The gradient passes unchanged."""
        channels = grad_y.shape[0]
        self.xp.sum(grad_y.reshape(channels, -1), axis=1, out=self.bias.grad)
        return grad_y

    def _column(self) -> Array:
        return self.bias.value.reshape(-1, 1, 1, 1)
