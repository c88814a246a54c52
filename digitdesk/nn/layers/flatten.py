"""Turns images into vectors, so that a dense layer can follow.

Only the shape changes: the numbers stay where they are in memory.
"""

from __future__ import annotations

import math

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.layers.layer import BuildContext, Layer


class Flatten(Layer):
    """Lays the axes of a sample out as one.

    Shapes:
        x (C, H, W, N) → y (C·H·W, N), a view of x.
    """

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Any input shape will do."""
        super().build(input_shape, context)
        self._shape = input_shape
        return (math.prod(input_shape),)

    def forward(self, x: Array, *, training: bool) -> Array:
        """(C, H, W, N) → (C·H·W, N)."""
        return x.reshape(-1, x.shape[-1])

    def backward(self, grad_y: Array) -> Array:
        """(C·H·W, N) → (C, H, W, N)."""
        return grad_y.reshape(*self._shape, grad_y.shape[-1])
