"""A layer by itself, to be tried out: the same code with the same settings, and nothing learned."""

from __future__ import annotations

import numpy as np

from digitdesk.nn.core.backend import Shape, cpu_backend
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.layers.layer import BuildContext, Layer
from digitdesk.nn.spec.build import format_layers, parse_layers


def by_itself(layer: Layer, input_shape: Shape) -> Layer:
    """Another layer of the same spec, for inputs of that shape.

    Args:
        layer: One without anything learned: its other is as it was made.
        input_shape: Without the batch.
    """
    (other,) = parse_layers(format_layers([layer]))
    backend = cpu_backend()
    nothing = ParameterBuffer(backend, layer.dtype)
    random = RandomStream(backend, seed=0)
    rng = np.random.default_rng(0)
    other.build(input_shape, BuildContext(backend, layer.dtype, nothing, nothing, rng, random))
    return other
