"""Dropout: while training, switches off a random part of the units.

The rest is scaled up at once ("inverted"), so that nothing has to be done when the network reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.layers.layer import BuildContext, Layer
from digitdesk.nn.layers.residual import Residual


class Dropout(Layer):
    """Inverted dropout, ``y = x · m / (1 − rate)`` with m = 0 at probability ``rate``, else 1.

    Args:
        rate: Part of the units switched off, 0 … below 1.

    Shapes:
        Any x (…, N) → y of the same shape.

    Source:
        Srivastava et al., "Dropout", JMLR 2014, section 10 (scaling while training).
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Keep the source of random numbers."""
        self._random = context.random
        return super().build(input_shape, context)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Multiply by a fresh mask while training; otherwise return x itself."""
        if not training or self.rate == 0:
            self._mask = None
            return x
        self._mask = self._random.uniform(x.shape, self.dtype)
        self._mask[...] = self._mask >= self.rate
        self._mask *= 1 / (1 - self.rate)
        return self.xp.multiply(x, self._mask, out=self._buffer("y", x.shape))

    def backward(self, grad_y: Array) -> Array:
        """The same mask applies to the gradient."""
        if self._mask is None:
            return grad_y
        return self.xp.multiply(grad_y, self._mask, out=self._buffer("grad_x", grad_y.shape))


def dropout_layers(layers: Iterable[Layer]) -> Iterator[Dropout]:
    """Every dropout layer of a network, those inside residual blocks too."""
    for layer in layers:
        if isinstance(layer, Dropout):
            yield layer
        elif isinstance(layer, Residual):
            yield from dropout_layers(layer.layers)


def dropout_rates(layers: Iterable[Layer]) -> list[float]:
    """The rates of all dropout layers, in their order."""
    return [layer.rate for layer in dropout_layers(layers)]


def set_dropout_rates(layers: Iterable[Layer], rates: Iterable[float]) -> None:
    """Give all dropout layers their rates, as ``dropout_rates`` read them."""
    for layer, rate in zip(dropout_layers(layers), rates, strict=True):
        layer.rate = rate
