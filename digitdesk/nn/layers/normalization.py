"""Batch normalization: each feature is brought to mean 0 and variance 1 over the batch.

While training it uses the statistics of the micro-batch it is given, when reading the running ones.
"""

from __future__ import annotations

import math

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.initializers import ones, zeros
from digitdesk.nn.layers.layer import BuildContext, Layer


class BatchNorm(Layer):
    """Batch normalization of vectors (per feature) or images (per channel).

    ``y = γ x̂ + β`` with ``x̂ = (x − μ) / √(σ² + ε)``, μ and σ² over N, or over H, W and N.
    Backward: ``grad_x = γ/√(σ² + ε) · (grad_y − mean(grad_y) − x̂ mean(grad_y x̂))``; after reading,
    where μ and σ do not depend on x, ``grad_x = γ/√(σ² + ε) · grad_y``.

    What a training step observes is left in the statistics' ``grad`` views; the network blends
    them into the running ones (see ``Network.follow_statistics``).

    Args:
        epsilon: Added to the variance.

    Shapes:
        x (D, N) or (C, H, W, N) → y of the same shape; gamma, beta, mean, variance (D,) or (C,).

    Source:
        Ioffe and Szegedy, "Batch normalization", 2015, algorithm 1 and section 3.
    """

    has_parameters = True

    def __init__(self, epsilon: float = 1e-5) -> None:
        self.epsilon = epsilon

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Declare scale and shift, and the running mean and variance."""
        super().build(input_shape, context)
        features = (input_shape[0],)
        self.gamma = context.parameter("gamma", features, ones, decay=False)
        self.beta = context.parameter("beta", features, zeros, decay=False)
        self.mean = context.statistic("mean", features, zeros)
        self.variance = context.statistic("variance", features, ones)
        return input_shape

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = γ (x − μ) / √(σ² + ε) + β."""
        rows = x.reshape(x.shape[0], -1)  # (C, H, W, N) → (C, H·W·N)
        y = self._buffer("y", rows.shape)
        self._rows = None if training else rows
        if training:
            normal = self._normalize(rows)
            self.xp.multiply(normal, self.gamma.value[:, None], out=y)
        else:
            scale = self.gamma.value / self.xp.sqrt(self.variance.value + self.epsilon)
            self.xp.subtract(rows, self.mean.value[:, None], out=y)
            y *= scale[:, None]
        y += self.beta.value[:, None]
        return y.reshape(x.shape)

    def _normalize(self, rows: Array) -> Array:
        """x̂ from the statistics of this micro-batch, which are left for the running ones."""
        count = rows.shape[1]
        mean = rows.mean(axis=1)
        normal = self._buffer("normal", rows.shape)
        self.xp.subtract(rows, mean[:, None], out=normal)
        squares = self.xp.multiply(normal, normal, out=self._buffer("y", rows.shape))
        variance = squares.mean(axis=1)
        self._scale = 1 / self.xp.sqrt(variance + self.epsilon)
        normal *= self._scale[:, None]
        self._normal = normal
        self.mean.grad[...] = mean
        # Reading estimates the variance of all data: unbiased, as in algorithm 2 of the source.
        self.variance.grad[...] = variance * (count / max(1, count - 1))
        return normal

    def backward(self, grad_y: Array) -> Array:
        """After training, through the statistics too, as they depend on every sample."""
        if self._rows is not None:
            return self._backward_as_read(grad_y, self._rows)
        normal = self._normal
        grad_rows = grad_y.reshape(normal.shape)
        grad_x = self._buffer("grad_x", normal.shape)
        self.xp.multiply(grad_rows, normal, out=grad_x)
        self.xp.sum(grad_x, axis=1, out=self.gamma.grad)
        self.xp.sum(grad_rows, axis=1, out=self.beta.grad)
        share = 1 / math.prod(normal.shape[1:])
        self.xp.multiply(normal, (self.gamma.grad * -share)[:, None], out=grad_x)
        grad_x += grad_rows
        grad_x -= (self.beta.grad * share)[:, None]
        grad_x *= (self.gamma.value * self._scale)[:, None]
        return grad_x.reshape(grad_y.shape)

    def _backward_as_read(self, grad_y: Array, rows: Array) -> Array:
        """Each number was multiplied by γ/√(σ² + ε), whatever the others were."""
        grad_rows = grad_y.reshape(rows.shape)
        scale = 1 / self.xp.sqrt(self.variance.value + self.epsilon)
        grad_x = self._buffer("grad_x", rows.shape)
        self.xp.subtract(rows, self.mean.value[:, None], out=grad_x)
        grad_x *= grad_rows
        self.xp.multiply(grad_x.sum(axis=1), scale, out=self.gamma.grad)
        self.xp.sum(grad_rows, axis=1, out=self.beta.grad)
        self.xp.multiply(grad_rows, (self.gamma.value * scale)[:, None], out=grad_x)
        return grad_x.reshape(grad_y.shape)
