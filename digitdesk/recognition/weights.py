"""Compares a model file's weights with its network before any memory is given to either.

A file of one kilobyte may describe a network of a hundred gigabytes; it is refused here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ModelFileError
from digitdesk.nn.core.backend import Backend, Shape
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.layers.layer import BuildContext, ShapeError
from digitdesk.nn.spec.build import parse_layers

INPUT_SHAPE = (1, 28, 28)


def check_weights(
    spec: str, classes: int, arrays: Mapping[str, NDArray[Any]], backend: Backend
) -> None:
    """Compare the arrays with those the network asks for, by name and shape.

    Args:
        spec: The network as text.
        classes: How many outputs it gives.
        arrays: What the file holds.
        backend: Where the network would be built.

    Raises:
        ModelFileError: They are not this network's weights.
        SpecError: The text cannot be read.
    """
    try:
        wanted = _declared_shapes(spec, classes, backend)
    except ShapeError:
        # Layers that do not fit together: building them says where, and allocates nothing either.
        return
    if missing := sorted(wanted.keys() - arrays.keys()):
        raise ModelFileError(
            "It lacks weights for its own layers", expected=_some(missing), received="none of them"
        )
    if unknown := sorted(arrays.keys() - wanted.keys()):
        raise ModelFileError("It holds weights its layers do not have", received=_some(unknown))
    for name, shape in wanted.items():
        if arrays[name].shape != shape:
            raise ModelFileError(
                f"Its weights {name} have the wrong shape",
                expected=str(shape),
                received=str(arrays[name].shape),
            )


def _declared_shapes(spec: str, classes: int, backend: Backend) -> dict[str, Shape]:
    """What the layers ask for when they are built; the arenas never allocate it."""
    parameters, states = ParameterBuffer(backend, "float32"), ParameterBuffer(backend, "float32")
    rng, random = np.random.default_rng(0), RandomStream(backend, 0)
    context = BuildContext(backend, "float32", parameters, states, rng, random)
    shape: Shape = INPUT_SHAPE
    for layer in parse_layers(spec, classes=classes):
        shape = layer.build(shape, context.scope(layer.name))
    return {
        parameter.name: parameter.shape for arena in (parameters, states) for parameter in arena
    }


def _some(names: list[str], most: int = 3) -> str:
    """The first few names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
