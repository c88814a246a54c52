"""Units that never act: ReLUs which give 0 for every picture, and so are never corrected."""

from __future__ import annotations

from collections.abc import Sequence

from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.network import Network
from digitdesk.training.split import Images


def dead_part(network: Network, images: Images) -> float:
    """Part of the units that never act, of the layer before a ReLU where it is largest.

    A unit acts on an image if its ReLU gives more than 0 anywhere. The network is read layer by
    layer, as it is written.
    """
    relus = _relus_of_units(network.layers)
    if not relus or not len(images):
        return 0.0
    replica = network.replica()
    acts = dict.fromkeys(relus, network.backend.xp.asarray(False))
    for first in range(0, len(images), replica.micro_batch_size):
        x = replica.to_inside(images[first : first + replica.micro_batch_size])
        for layer in replica.layers:
            x = layer.forward(x, training=True)
            if layer.name in acts:
                acts[layer.name] = acts[layer.name] | (x > 0).reshape(len(x), -1).any(axis=1)
    return max(1 - float(some.mean()) for some in acts.values())


def _relus_of_units(layers: Sequence[Layer]) -> list[str]:
    """Names of the ReLUs that a layer's units go into, blocks' insides left out."""
    names, has_units = [], False
    for layer in layers:
        if isinstance(layer, ReLU):
            names += [layer.name] if has_units else []
            has_units = False
        elif isinstance(layer, Dense | Conv2D):
            has_units = True
    return names
