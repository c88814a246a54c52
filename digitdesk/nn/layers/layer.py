"""What a layer is: it is built once for an input shape, then maps forward and backward.

Inside the network the batch is the last axis: images are (C, H, W, N), vectors (D, N).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from digitdesk.errors import SpecError
from digitdesk.nn.core.backend import Array, Backend, Shape
from digitdesk.nn.core.buffers import Buffers
from digitdesk.nn.core.parameters import Parameter, ParameterBuffer, Start
from digitdesk.nn.core.random_stream import RandomStream

MAX_PARAMETERS = 20_000_000
MAX_NUMBERS_PER_IMAGE = 10_000_000
"""Working memory of a whole network: 40 MB for each image worked on at once."""


@dataclass(frozen=True, slots=True)
class BuildContext:
    """Everything a layer may use when it is built; nothing is taken from the surroundings.

    Attributes:
        backend: Where arrays live.
        dtype: Number type of every array a layer makes.
        parameters: ParameterBuffer that learned arrays are declared in.
        states: Buffer of arrays that follow the data without being learned (running statistics).
        rng: Source of the starting values.
        random: Source of random numbers during training (dropout).
        on_one_core: Whether a matrix product is made by one core of the processor, while others
            have micro-batches of their own; not so in a network of dense layers only.
        sizes: What each layer built so far keeps per image, in numbers.
        path: Dotted name of the layer that is being built.
    """

    backend: Backend
    dtype: str
    parameters: ParameterBuffer
    states: ParameterBuffer
    rng: np.random.Generator
    random: RandomStream
    on_one_core: bool = False
    sizes: list[int] = field(default_factory=list)
    path: str = ""

    def scope(self, name: str) -> BuildContext:
        """The context of a layer called ``name`` inside this one."""
        return replace(self, path=f"{self.path}.{name}" if self.path else name)

    def parameter(self, name: str, shape: Shape, start: Start, *, decay: bool) -> Parameter:
        """Declare a learned array.

        Args:
            name: Last part of its dotted name, for example ``kernel``.
            shape: Its shape.
            start: Function that makes its starting values from (rng, shape).
            decay: Whether weight decay applies to it (kernels yes, biases no).
        """
        return self.parameters.declare(f"{self.path}.{name}", shape, start, decay=decay)

    def state(self, name: str, shape: Shape, start: Start) -> Parameter:
        """Declare an array that is saved with the model but not learned."""
        return self.states.declare(f"{self.path}.{name}", shape, start, decay=False)

    def check_size(self) -> None:
        """Refuse a network that would fill the memory, before any of it is asked for.

        Raises:
            SpecError: It has too many parameters, or too many numbers for each image.
        """
        for what, size, limit in (
            ("parameters", self.parameters.size, MAX_PARAMETERS),
            ("numbers per image", sum(self.sizes), MAX_NUMBERS_PER_IMAGE),
        ):
            if size > limit:
                raise SpecError(
                    f"At {self.path} the network gets too many {what}",
                    expected=f"up to {limit:,}",
                    received=f"{size:,}",
                )


class Layer:
    """One step of a network.

    A layer never modifies its input and never updates its parameters. An array it returns
    belongs to it until its next call, so that buffers can be used again and again.

    Attributes:
        name: Name in the network, for example ``conv1``; given by the network.
        has_parameters: Whether a gradient must flow at least this far back.
        can_add_grads: Whether ``backward`` heeds ``Parameter.adds``.
        works_on_images: Whether its work grows with the size of a picture.
        input_grad_needed: The network clears it for the first layer that learns, whose input
            gradient nobody reads; ``backward`` may then return ``None``.
    """

    name: str = ""
    has_parameters: bool = False
    can_add_grads: bool = False
    works_on_images: bool = False
    input_grad_needed: bool = True

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Prepare for inputs of one shape and declare parameters.

        Args:
            input_shape: Shape of one sample, without N.
            context: Back end, number type and arenas.

        Returns:
            Shape of one output sample, without N.

        Raises:
            ShapeError: The layer cannot take inputs of this shape.
        """
        self.xp = context.backend.xp
        self.dtype = context.dtype
        self._buffers = Buffers(self.xp, self.dtype)
        return input_shape

    def forward(self, x: Array, *, training: bool) -> Array:
        """Map a batch.

        Args:
            x: Batch of samples, batch last.
            training: Whether a backward pass follows, and layers such as dropout act.

        Returns:
            The outputs, batch last.
        """
        raise NotImplementedError

    def backward(self, grad_y: Array) -> Array:
        """Pass the loss gradient back through the last ``forward(training=True)``.

        Args:
            grad_y: Gradient of the loss by the last output.

        Returns:
            Gradient of the loss by the last input. Parameter gradients are overwritten,
            or added to what is there; see ``ParameterBuffer.collect``.
        """
        raise NotImplementedError

    def numbers_per_image(self, input_shape: Shape, output_shape: Shape) -> int:
        """About how many numbers the layer keeps for each image it works on at once."""
        return math.prod(input_shape) + 2 * math.prod(output_shape)

    def _buffer(self, key: str, shape: Shape, dtype: Any = None) -> Array:
        """A scratch array kept from call to call; see ``Buffers.get``."""
        return self._buffers.get(key, shape, dtype)


def build_layers(layers: Sequence[Layer], input_shape: Shape, context: BuildContext) -> list[Shape]:
    """Build layers in a row, each in a scope of its own.

    Returns:
        The output shape of each, without N.

    Raises:
        ShapeError: A layer cannot take what comes to it; ``position`` says which, from 1.
        SpecError: The network gets too large.
    """
    shapes = [input_shape]
    for position, layer in enumerate(layers, start=1):
        scope = context.scope(layer.name)
        try:
            shapes.append(layer.build(shapes[-1], scope))
        except ShapeError as error:
            error.position = position
            raise
        context.sizes.append(layer.numbers_per_image(shapes[-2], shapes[-1]))
        scope.check_size()
    return shapes[1:]


class ShapeError(Exception):
    """A layer cannot take inputs of the shape it was given.

    Args:
        needs: What the layer needs, in words, for example ``flat input``.
        received: The shape that came, without N.
        hint: What to do about it.
    """

    def __init__(self, needs: str, received: Shape, hint: str) -> None:
        self.needs = needs
        self.position = 0
        self.received = received
        self.hint = hint
        super().__init__(f"needs {needs}, received {received}; {hint}")


def image_shape(shape: Shape) -> tuple[int, int, int]:
    """The shape as (C, H, W).

    Raises:
        ShapeError: It is not an image's.
    """
    if len(shape) != 3:
        raise ShapeError("images", shape, "put it before flatten")
    return shape[0], shape[1], shape[2]
