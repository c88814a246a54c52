"""A convolution, its ReLU and its 2×2 max-pool run as one: conv · maxpool · bias · relu.

Beside the three layers as written, which give the same. A bias adds the same number to a whole
channel and ReLU never reverses an order, so both may wait until a quarter of the numbers is left.
"""

from __future__ import annotations

from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.buffers import Buffers
from digitdesk.nn.kernels.max_pool_2x2 import MaxPool2x2
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.layers.bias import Bias
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.pooling import MaxPool2D


class PooledConvolution(Layer):
    """A convolution whose outputs are never written down, only the largest of every four.

    Args:
        conv: Built, with outputs of even height and width; it gives its bias away.
        relu: Between the two, if any.
        pool: With 2×2 windows side by side.

    Shapes:
        x (C, H, W, N) → y (F, H' / 2, W' / 2, N), where conv has outputs (F, H', W', N).
    """

    has_parameters = True
    works_on_images = True

    def __init__(self, conv: Conv2D, relu: ReLU | None, pool: MaxPool2D) -> None:
        self.name = conv.name
        self._buffers = Buffers(conv.xp, conv.dtype)
        self._conv = conv
        self._pool = MaxPool2x2(conv.xp, conv.dtype)
        self._after: list[Bias | ReLU] = [conv.release_bias(), *([relu] if relu else [])]
        conv.split_columns()

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = relu(max(kernel ∗ x) + b)."""
        left, right, common = self._conv.pairs(x, training=training)
        channels, height, width, batch = left.shape
        y = self._buffer("y", (channels, height // 2, width, batch))
        self._pool.forward(left, right, y, rows=left, common=common, training=training)
        for layer in self._after:
            layer.in_place(y)
        return y

    def backward(self, grad_y: Array) -> Array:
        """The gradient goes to the largest of every four, and on to kernel and image."""
        for layer in reversed(self._after):
            grad_y = layer.backward(grad_y)
        self._pool.backward(grad_y, *self._conv.pair_gradients())
        self._conv.input_grad_needed = self.input_grad_needed
        return self._conv.gradients()
