"""What the tests of the networks share."""

from __future__ import annotations

import numpy as np

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.layers.layer import BuildContext
from digitdesk.nn.spec.build import parse_layers


def build_layer(spec, input_shape, **settings):
    """A built layer with shaken parameters, its buffers and its output shape."""
    (layer,) = parse_layers(spec)
    return prepare(layer, input_shape, **settings)


def prepare(layer, input_shape, *, backend=None, dtype="float64", seed=0):
    """Build one layer by itself."""
    backend = backend or cpu_backend()
    rng = np.random.default_rng(seed)
    parameters, statistics = ParameterBuffer(backend, dtype), ParameterBuffer(backend, dtype)
    random = RandomStream(backend, seed)
    context = BuildContext(backend, dtype, parameters, statistics, rng, random)
    output_shape = layer.output_shape = layer.build(
        input_shape, context.scope(layer.name or "layer")
    )
    parameters.allocate(rng)
    statistics.allocate(rng)
    shaken = rng.normal(0, 0.5, parameters.values.shape)
    parameters.values += backend.asarray(shaken, dtype)
    return layer, parameters, statistics, random, output_shape
