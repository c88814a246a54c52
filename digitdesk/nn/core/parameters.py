"""All parameters of a network in one flat array, their gradients in another.

Optimizers then are a few vector operations and a snapshot is one copy; layers see named views.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitdesk.errors import ArraysError
from digitdesk.nn.core.backend import Array, Backend, Shape
from digitdesk.nn.core.buffers import aligned_zeros

Start = Callable[[np.random.Generator, Shape], "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"]
"""Makes starting values on the host from a random generator and a shape."""

_ALIGNMENT = 16
"""Parameters start at multiples of 16 numbers: 64 bytes in float32, one cache line."""


class Parameter:
    """A named array of the network and the gradient of the loss by it.

    Attributes:
        name: Dotted name, for example ``conv1.kernel``.
        shape: Its shape.
        decay: Whether weight decay applies to it.
        place: Where it is in the buffer.
        value: View into the buffer's values, there once the buffer is allocated.
        grad: View into the buffer's gradients; for a statistic, what was last observed.
    """

    def __init__(self, name: str, shape: Shape, start: Start, *, decay: bool) -> None:
        self.name = name
        self.shape = shape
        self.start = start
        self.decay = decay
        self.value: Array = None
        self.grad: Array = None
        self.place = slice(0)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


@dataclass(frozen=True, slots=True)
class GradientSum:
    """A sum that gradients may be added to directly, in place of being written down first.

    Attributes:
        values: Flat, laid out as the parameters.
        scale: What each gradient is multiplied by before it is added.
    """

    values: Array
    scale: float


class ParameterBuffer:
    """One flat array of values and one of gradients, with a named view for each parameter.

    Parameters that decay are laid out first, so that weight decay is one operation on the first
    ``decayed_size`` numbers.

    Args:
        backend: Where the arrays live.
        dtype: Their number type.
    """

    def __init__(self, backend: Backend, dtype: str) -> None:
        self.backend = backend
        self.xp = backend.xp
        self.dtype = dtype
        self.values: Array = None
        self.grads: Array = None
        self.decayed_size = 0
        self._parameters: dict[str, Parameter] = {}

    def declare(self, name: str, shape: Shape, start: Start, *, decay: bool) -> Parameter:
        """Ask for room for an array; it gets its views in ``allocate``."""
        if name in self._parameters:
            raise ValueError(f"parameter {name} is declared twice")
        parameter = Parameter(name, shape, start, decay=decay)
        self._parameters[name] = parameter
        return parameter

    def allocate(self, rng: np.random.Generator) -> None:
        """Make the flat arrays and fill in starting values, in the order of declaration."""
        self._bind(None)
        for parameter in self:
            start = parameter.start(rng, parameter.shape)
            parameter.value[...] = self.backend.asarray(start, self.dtype)

    def allocate_sharing(self, other: ParameterBuffer) -> None:
        """Share the values of ``other``, which declared the same, with gradients of its own."""
        self._bind(other.values)

    def _bind(self, values: Array | None) -> None:
        offset = 0
        for decayed in (True, False):
            for parameter in self:
                if parameter.decay is decayed:
                    parameter.place = slice(offset, offset + parameter.size)
                    offset += -(-parameter.size // _ALIGNMENT) * _ALIGNMENT
            if decayed:
                self.decayed_size = offset
        self.use_values(aligned_zeros(self.xp, offset, self.dtype) if values is None else values)
        self.use_grads(aligned_zeros(self.xp, offset, self.dtype))

    def use_values(self, values: Array) -> None:
        """Take all values from another flat array of that size from now on, and change those."""
        self.values = values
        for parameter in self:
            parameter.value = values[parameter.place].reshape(parameter.shape)

    def use_grads(self, grads: Array) -> None:
        """Have layers leave all gradients in another flat array of that size from now on."""
        self.grads = grads
        for parameter in self:
            parameter.grad = grads[parameter.place].reshape(parameter.shape)

    def __iter__(self) -> Iterator[Parameter]:
        """Parameters in the order of declaration."""
        return iter(self._parameters.values())

    def __len__(self) -> int:
        """Number of parameters (arrays, not numbers)."""
        return len(self._parameters)

    def __getitem__(self, name: str) -> Parameter:
        """The parameter of that dotted name."""
        return self._parameters[name]

    @property
    def size(self) -> int:
        """How many numbers are learned, alignment gaps not counted."""
        return sum(parameter.size for parameter in self)


def check_arrays(wanted: Mapping[str, Shape], arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    """Compare arrays with those a network asks for, by name and shape.

    Args:
        wanted: Shapes by dotted name.
        arrays: What is there instead.

    Raises:
        ArraysError: They are not this network's; the sentence says which, of "it".
    """
    if missing := sorted(wanted.keys() - arrays.keys()):
        raise ArraysError(
            "It lacks weights for its own layers", expected=_some(missing), received="none of them"
        )
    if unknown := sorted(arrays.keys() - wanted.keys()):
        raise ArraysError("It holds weights its layers do not have", received=_some(unknown))
    for name, shape in wanted.items():
        if arrays[name].shape != shape:
            raise ArraysError(
                f"Its weights {name} have the wrong shape",
                expected=str(shape),
                received=str(arrays[name].shape),
            )


def _some(names: list[str], most: int = 3) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
