"""The fully connected layer, y = W x + b, with one column per sample.

W has one row per unit, so each output is the dot product of its row with the input.
"""

from __future__ import annotations

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.initializers import Initializer, zeros
from digitdesk.nn.layers.layer import BuildContext, Layer, ShapeError


class Dense(Layer):
    """Fully connected layer.

    ``y = W x + b``; backward: ``grad_W = grad_y xᵀ``, ``grad_b = Σₙ grad_y``,
    ``grad_x = Wᵀ grad_y``.

    Args:
        units: Number of outputs.
        init: How the kernel starts.

    Attributes:
        x: The last input.

    Shapes:
        x (D, N) → y (units, N); kernel (units, D), bias (units,).
    """

    has_parameters = True

    def __init__(self, units: int, init: Initializer | None = None) -> None:
        self.units = units
        self.init = init or Initializer()

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Declare the kernel (units, D) and the bias (units,).

        Raises:
            ShapeError: The input is not flat.
        """
        super().build(input_shape, context)
        if len(input_shape) != 1:
            raise ShapeError("flat input", input_shape, "put flatten before it")
        (features,) = input_shape
        start = self.init.start(fan_in=features, fan_out=self.units)
        self.kernel = context.parameter("kernel", (self.units, features), start, decay=True)
        self.bias = context.parameter("bias", (self.units,), zeros, decay=False)
        return (self.units,)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = W x + b."""
        self.x = x
        y = self._buffer("y", (self.units, x.shape[1]))
        self.xp.matmul(self.kernel.value, x, out=y)  # (units, D) (D, N) → (units, N)
        y += self.bias.value[:, None]
        return y

    def backward(self, grad_y: Array) -> Array:
        """grad_W = grad_y xᵀ; grad_b = Σₙ grad_y; grad_x = Wᵀ grad_y."""
        self.xp.matmul(grad_y, self.x.T, out=self.kernel.grad)  # (units, N) (N, D) → (units, D)
        grad_y.sum(axis=1, out=self.bias.grad)
        return self.input_gradient(grad_y) if self.input_grad_needed else None

    def input_gradient(self, grad_y: Array) -> Array:
        """grad_x = Wᵀ grad_y."""
        grad_x = self._buffer("grad_x", self.x.shape)
        return self.xp.matmul(self.kernel.value.T, grad_y, out=grad_x)  # (D, units) (units, N)
