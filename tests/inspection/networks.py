"""Networks of every kind of layer, with nothing in them that is zero or one by chance."""

from __future__ import annotations

import numpy as np

from digitdesk.nn.core.backend import Shape, cpu_backend
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import build_network, parse_layers

EVERYTHING = (
    "conv(4, 3, stride=2) batchnorm elu residual(conv(5, 3) leakyrelu conv(5, 3) gelu) "
    "maxpool(2) residual(conv(5, 3) swish) averagepool(3, stride=2) flatten dense(7) sigmoid "
    "batchnorm dropout(0.3) dense(6) tanh relu dense(10)"
)
"""A legal spec with nearly all words in it."""


def small_network(spec: str, shape: Shape, dtype: str = "float32") -> Network:
    """Any layers in a row, for inputs of any shape."""
    network = Network(
        spec, lambda: parse_layers(spec), input_shape=shape, backend=cpu_backend(), dtype=dtype
    )
    shake(network)
    return network


def whole_network(spec: str, dtype: str = "float32") -> Network:
    """A network for digits."""
    network = build_network(spec, backend=cpu_backend(), dtype=dtype)
    shake(network)
    return network


def shake(network: Network, seed: int = 3) -> None:
    """Move weights and statistics away from where they started."""
    rng = np.random.default_rng(seed)
    network.parameters.values += rng.normal(0, 0.05, network.parameters.values.shape)
    for statistic in network.statistics:
        if statistic.name.endswith("mean"):
            statistic.value += rng.normal(0, 0.05, statistic.shape)
        else:
            statistic.value *= rng.uniform(0.1, 0.9, statistic.shape)


def picture(shape: Shape = (1, 28, 28), seed: int = 5, dtype: str = "float32") -> np.ndarray:
    """Greys, half of them paper."""
    rng = np.random.default_rng(seed)
    return (rng.uniform(0, 1, shape) * (rng.uniform(0, 1, shape) > 0.5)).astype(dtype)
