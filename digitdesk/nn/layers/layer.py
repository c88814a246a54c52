"""What a layer is: it is built once for an input shape, then maps forward and backward.

Inside the network the batch is the last axis: images are (C, H, W, N), vectors (D, N).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from digitdesk.errors import SpecError
from digitdesk.nn.core.backend import Array, Backend, Shape
from digitdesk.nn.core.buffers import Buffers
from digitdesk.nn.core.parameters import Parameter, ParameterBuffer, Start
from digitdesk.nn.core.random_stream import RandomStream

MAX_PARAMETERS = 20_000_000


@dataclass(frozen=True, slots=True)
class BuildContext:
    """Everything a layer may use when it is built; nothing is taken from elsewhere.

    Attributes:
        backend: Where arrays live.
        dtype: Number type of every array a layer makes.
        parameters: Buffer that learned arrays are declared in.
        statistics: Buffer of running statistics: arrays that follow the data and are not learned.
        rng: Source of the starting values.
        random: Source of random numbers during training (dropout).
        path: Dotted name of the layer that is being built.
    """

    backend: Backend
    dtype: str
    parameters: ParameterBuffer
    statistics: ParameterBuffer
    rng: np.random.Generator
    random: RandomStream
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

    def statistic(self, name: str, shape: Shape, start: Start) -> Parameter:
        """Declare an array that is saved with the model but not learned."""
        return self.statistics.declare(f"{self.path}.{name}", shape, start, decay=False)

    def check_parameter_count(self) -> None:
        """Refuse a network that would fill the memory, before any of it is asked for.

        Raises:
            SpecError: It has too many parameters.
        """
        check_size(self.path, "parameters", self.parameters.size, MAX_PARAMETERS)


def check_size(path: str, what: str, size: int, limit: int) -> None:
    """Refuse what is too large, naming the layer it became so at.

    Raises:
        SpecError: There are more of ``what`` than ``limit``.
    """
    if size > limit:
        raise SpecError(
            f"At {path} the network gets too many {what}",
            expected=f"up to {limit:,}",
            received=f"{size:,}",
        )


class Layer:
    """One step of a network.

    A layer never modifies its input and never updates its parameters. An array it returns
    belongs to it until its next call, so that buffers can be used again and again.

    Attributes:
        name: Name in the network, for example ``conv1``; given by the network.
        path: Dotted name, blocks' names included; there once it is built.
        input_shape: Shape of one sample that comes in, without N; likewise.
        output_shape: Shape of one sample that goes out.
        has_parameters: Whether a gradient must flow at least this far back.
        works_on_images: Whether its work grows with the size of a picture.
        input_grad_needed: The network clears it for the first layer that learns, whose input
            gradient nobody reads; ``backward`` may then return ``None``.
    """

    name: str = ""
    path: str
    input_shape: Shape
    output_shape: Shape
    has_parameters: bool = False
    works_on_images: bool = False
    input_grad_needed: bool = True

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Prepare for inputs of one shape and declare parameters.

        Args:
            input_shape: Shape of one sample, without N.
            context: Back end, number type and buffers.

        Returns:
            Shape of one output sample, without N.

        Raises:
            ShapeError: The layer cannot take inputs of this shape.
        """
        self.path = context.path
        self.input_shape = self.output_shape = input_shape
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
        """Pass the loss gradient back through the last ``forward``, of training or of reading.

        After reading, what does not act then does not act on the gradient either.

        Args:
            grad_y: Gradient of the loss by the last output.

        Returns:
            Gradient of the loss by the last input. Parameter gradients are overwritten.
        """
        raise NotImplementedError

    def numbers_per_image(self) -> int:
        """About how many numbers the layer keeps for each image it works on at once."""
        return math.prod(self.input_shape) + 2 * math.prod(self.output_shape)

    def sizes(self) -> Iterator[tuple[str, int]]:
        """``numbers_per_image`` of all layers in it, each with its dotted name."""
        yield self.path, self.numbers_per_image()

    def _buffer(self, key: str, shape: Shape, dtype: Any = None, *, zeroed: bool = False) -> Array:
        """A scratch array kept from call to call; see ``Buffers.get``."""
        return self._buffers.get(key, shape, dtype, zeroed=zeroed)


def build_layers(layers: Sequence[Layer], input_shape: Shape, context: BuildContext) -> Shape:
    """Build layers in a row, each in a scope of its own.

    Returns:
        The output shape of the last, without N.

    Raises:
        ShapeError: A layer cannot take what comes to it; ``position`` says which, from 1.
        SpecError: The network gets too large.
    """
    shape = input_shape
    for position, layer in enumerate(layers, start=1):
        scope = context.scope(layer.name)
        try:
            shape = layer.output_shape = layer.build(shape, scope)
        except ShapeError as error:
            error.position = position
            raise
        scope.check_parameter_count()
    return shape


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
