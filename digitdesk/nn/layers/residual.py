"""The residual block: what its layers compute is added to what came in, y = F(x) + S(x).

Gradients reach far back through the sum, so deep networks train.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.layer import BuildContext, Layer, ShapeError, build_layers, image_shape


class Residual(Layer):
    """Layers with a shortcut around them.

    ``y = F(x) + S(x)``; backward: ``grad_x = Fᵀ grad_y + Sᵀ grad_y``. S is the identity where the
    shapes agree, otherwise a 1×1 convolution with the stride that makes them agree.

    Args:
        layers: The layers of F, in order.

    Shapes:
        x (C, H, W, N) → y as F's output.

    Source:
        He et al., "Deep residual learning for image recognition", 2016, equations 1 and 2.
    """

    has_parameters = True
    works_on_images = True

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)
        self.shortcut: Layer | None = None

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Build the layers in their own scopes, and a shortcut where shapes differ.

        Raises:
            ShapeError: The layers' output cannot be matched by a strided 1×1 convolution.
        """
        super().build(input_shape, context)
        shape = build_layers(self.layers, input_shape, context)
        if shape != input_shape:
            self.shortcut = self._project(input_shape, shape, context)
        self.has_parameters = self.shortcut is not None or any(
            layer.has_parameters for layer in self.layers
        )
        return shape

    def _project(self, input_shape: Shape, shape: Shape, context: BuildContext) -> Conv2D:
        """A 1×1 convolution from one shape to the other."""
        if len(input_shape) != 3 or len(shape) != 3:
            raise ShapeError("layers that keep the shape", input_shape, f"they give {shape}")
        _, height, _ = image_shape(input_shape)
        filters, out_height, _ = image_shape(shape)
        shortcut = Conv2D(filters, 1, stride=-(-height // out_height), padding="valid")
        shortcut.output_shape = shortcut.build(input_shape, context.scope("shortcut"))
        if shortcut.output_shape != shape:
            raise ShapeError(
                "layers whose output a strided shortcut can match",
                input_shape,
                f"they give {shape}; use padding=same inside",
            )
        return shortcut

    def numbers_per_image(self) -> int:
        """Its layers count for themselves; the shortcut and the sums count here."""
        shortcut = self.shortcut.numbers_per_image() if self.shortcut else 0
        return super().numbers_per_image() + shortcut

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Those of its layers first."""
        for layer in self.layers:
            yield from layer.sizes()
        yield from super().sizes()

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = F(x) + S(x)."""
        inner = x
        for layer in self.layers:
            inner = layer.forward(inner, training=training)
        outer = x if self.shortcut is None else self.shortcut.forward(x, training=training)
        return self.xp.add(inner, outer, out=self._buffer("y", inner.shape))

    def backward(self, grad_y: Array) -> Array:
        """The gradient goes both ways, and the two results are added."""
        inner = grad_y
        for layer in reversed(self.layers):
            inner = layer.backward(inner)
        outer = grad_y if self.shortcut is None else self.shortcut.backward(grad_y)
        return self.xp.add(inner, outer, out=self._buffer("grad_x", inner.shape))
