"""The fully connected layer, y = W x + b, with one column per sample.

W has one row per unit, so each output is the dot product of its row with the input.
"""

from __future__ import annotations

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.initializers import ZEROS, Initializer
from digitdesk.nn.layers.layer import BuildContext, Layer, ShapeError


class Dense(Layer):
    """Fully connected layer.

    ``y = W x + b``; backward: ``grad_W = grad_y xᵀ``, ``grad_b = Σₙ grad_y``,
    ``grad_x = Wᵀ grad_y``.

    Args:
        units: Number of outputs.
        init: How the kernel starts.
        bias_init: How the bias starts.

    Attributes:
        x: The last input.

    Shapes:
        x (D, N) → y (units, N); kernel (units, D), bias (units,).
    """

    has_parameters = True

    def __init__(
        self, units: int, init: Initializer | None = None, bias_init: Initializer = ZEROS
    ) -> None:
        self.units = units
        self.init = init or Initializer()
        self.bias_init = bias_init

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
        bias_start = self.bias_init.start(fan_in=features, fan_out=self.units)
        self.bias = context.parameter("bias", (self.units,), bias_start, decay=False)
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
