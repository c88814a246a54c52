"""Activations: functions applied to each number by itself, and softmax over a vector.

Each keeps what its derivative needs: the input x, or the output y where that is enough.
"""

from __future__ import annotations

import math
from typing import Any

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.layers.layer import BuildContext, Layer, ShapeError


class ReLU(Layer):
    """``y = max(x, 0)``; ``grad_x = grad_y`` where y > 0, else 0.

    Shapes:
        Any x (…, N) → y of the same shape; the same holds for all activations here.
    """

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = max(x, 0)."""
        self._y = self.xp.maximum(x, 0, out=self._buffer("y", x.shape))
        return self._y

    def backward(self, grad_y: Array) -> Array:
        """The gradient passes where y > 0."""
        passes = self._buffer("passes", grad_y.shape, bool)
        self.xp.greater(self._y, 0, out=passes)
        return self.xp.multiply(grad_y, passes, out=self._buffer("grad_x", grad_y.shape))


class LeakyReLU(Layer):
    """``y = x`` for x > 0, else ``slope · x``.

    Source:
        Maas et al., "Rectifier nonlinearities improve neural network acoustic models", 2013.
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = max(x, slope · x), as 0 ≤ slope < 1."""
        self._x = x
        y = self.xp.multiply(x, self.slope, out=self._buffer("y", x.shape))
        return self.xp.maximum(x, y, out=y)

    def backward(self, grad_y: Array) -> Array:
        """The derivative is 1 or the slope."""
        grad_x = self._buffer("grad_x", grad_y.shape)
        self.xp.multiply(self._x > 0, 1 - self.slope, out=grad_x)
        grad_x += self.slope
        grad_x *= grad_y
        return grad_x


class ELU(Layer):
    """``y = x`` for x > 0, else ``α (eˣ − 1)``; the derivative below 0 is ``y + α``.

    Source:
        Clevert et al., "Fast and accurate deep network learning by exponential linear units", 2016.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = max(x, 0) + α (e^min(x, 0) − 1)."""
        self._x = x
        below = self._buffer("below", x.shape)
        self.xp.minimum(x, 0, out=below)
        self.xp.expm1(below, out=below)
        below *= self.alpha
        self._below = below
        y = self.xp.maximum(x, 0, out=self._buffer("y", x.shape))
        y += below
        return y

    def backward(self, grad_y: Array) -> Array:
        """The derivative is 1 above 0 and α eˣ = y + α below."""
        slope = self._buffer("grad_x", grad_y.shape)
        self.xp.add(self._below, self.alpha, out=slope)
        # Above 0 the first term is α, whatever x is: bring it to 1.
        slope += (self._x > 0) * (1 - self.alpha)
        slope *= grad_y
        return slope


class Sigmoid(Layer):
    """``y = 1 / (1 + e⁻ˣ)``; the derivative is ``y (1 − y)``."""

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = σ(x), by way of tanh, which cannot overflow."""
        self._y = sigmoid(self.xp, x, self._buffer("y", x.shape))
        return self._y

    def backward(self, grad_y: Array) -> Array:
        """grad_x = grad_y · y (1 − y)."""
        grad_x = self.xp.subtract(1, self._y, out=self._buffer("grad_x", grad_y.shape))
        grad_x *= self._y
        grad_x *= grad_y
        return grad_x


class Tanh(Layer):
    """``y = tanh(x)``; the derivative is ``1 − y²``."""

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = tanh(x)."""
        self._y = self.xp.tanh(x, out=self._buffer("y", x.shape))
        return self._y

    def backward(self, grad_y: Array) -> Array:
        """grad_x = grad_y · (1 − y²)."""
        grad_x = self.xp.multiply(self._y, self._y, out=self._buffer("grad_x", grad_y.shape))
        self.xp.subtract(1, grad_x, out=grad_x)
        grad_x *= grad_y
        return grad_x


class Swish(Layer):
    """``y = x σ(x)``, also called SiLU; the derivative is ``σ(x) + y (1 − σ(x))``.

    Source:
        Ramachandran et al., "Searching for activation functions", 2017.
    """

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = x σ(x)."""
        self._gate = sigmoid(self.xp, x, self._buffer("gate", x.shape))
        self._y = self.xp.multiply(x, self._gate, out=self._buffer("y", x.shape))
        return self._y

    def backward(self, grad_y: Array) -> Array:
        """grad_x = grad_y · (σ + y (1 − σ))."""
        grad_x = self.xp.subtract(1, self._gate, out=self._buffer("grad_x", grad_y.shape))
        grad_x *= self._y
        grad_x += self._gate
        grad_x *= grad_y
        return grad_x


class GELU(Layer):
    """``y = x Φ(x)`` in its tanh form, ``y = x/2 (1 + tanh u)`` with ``u = √(2/π) (x + a x³)``.

    The derivative is ``(1 + t)/2 + x/2 (1 − t²) u'`` with ``t = tanh u`` and
    ``u' = √(2/π) (1 + 3 a x²)``.

    Source:
        Hendrycks and Gimpel, "Gaussian error linear units", 2016, section 2: a = 0.044715.
    """

    _SCALE = math.sqrt(2 / math.pi)
    _CUBIC = 0.044715

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = x/2 (1 + tanh u)."""
        self._x = x
        t = self._buffer("t", x.shape)
        self.xp.multiply(x, x, out=t)
        t *= self._CUBIC
        t += 1
        t *= x
        t *= self._SCALE
        self._t = self.xp.tanh(t, out=t)
        y = self.xp.add(t, 1, out=self._buffer("y", x.shape))
        y *= x
        y *= 0.5
        return y

    def backward(self, grad_y: Array) -> Array:
        """grad_x = grad_y · ((1 + t)/2 + x/2 (1 − t²) u')."""
        x, t = self._x, self._t
        grad_x = self._buffer("grad_x", grad_y.shape)
        self.xp.multiply(x, x, out=grad_x)
        grad_x *= 3 * self._CUBIC
        grad_x += 1
        grad_x *= x
        grad_x *= self._SCALE  # x u'
        grad_x *= 1 - t * t
        grad_x += t
        grad_x += 1
        grad_x *= 0.5
        grad_x *= grad_y
        return grad_x


class Softmax(Layer):
    """``y_i = e^x_i / Σ_k e^x_k`` over the classes, as a layer (the usual loss needs none).

    The Jacobian is ``∂y_i/∂x_k = y_i (δ_ik − y_k)``, so
    ``grad_x = y · (grad_y − Σ_k grad_y_k y_k)``.

    Shapes:
        x (D, N) → y (D, N).
    """

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Accept vectors only.

        Raises:
            ShapeError: The input is not flat.
        """
        if len(input_shape) != 1:
            raise ShapeError("flat input", input_shape, "put flatten before it")
        return super().build(input_shape, context)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Shifted by the largest input, so that no exponential overflows."""
        y = self.xp.subtract(x, x.max(axis=0), out=self._buffer("y", x.shape))
        self.xp.exp(y, out=y)
        y /= y.sum(axis=0)
        self._y = y
        return y

    def backward(self, grad_y: Array) -> Array:
        """The full Jacobian product, without forming the Jacobian."""
        grad_x = self.xp.multiply(grad_y, self._y, out=self._buffer("grad_x", grad_y.shape))
        grad_x -= self._y * grad_x.sum(axis=0)
        return grad_x


def sigmoid(xp: Any, x: Array, out: Array) -> Array:
    """σ(x) = (1 + tanh(x / 2)) / 2, into ``out``."""
    xp.multiply(x, 0.5, out=out)
    xp.tanh(out, out=out)
    out *= 0.5
    out += 0.5
    return out
