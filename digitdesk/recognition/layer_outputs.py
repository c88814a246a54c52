"""What a reader's network makes of pictures on the way: the outputs of any of its layers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ConfigError, nearest
from digitdesk.ink.arrays import Float32Array
from digitdesk.recognition.reader import Reader

MOST_OUTPUTS = 65_536
"""Of a wider layer, so many outputs are taken, evenly spread: a thousand pictures stay 262 MB."""


def layer_names(reader: Reader) -> tuple[str, ...]:
    """Names of a network's layers, in the order in which pictures pass them."""
    networks = reader.networks
    if networks is None:
        return ()
    with networks.lent() as network:
        return tuple(layer.name for layer in network.layers)


def layer_outputs(reader: Reader, images: Float32Array, name: str) -> Float32Array:
    """What comes out of one layer.

    Args:
        reader: The model.
        images: Greys 0 … 1, ink = 1.
        name: One of ``layer_names``.

    Shapes:
        (N, 28, 28) → (N, outputs).

    Raises:
        ConfigError: There is no such layer.
    """
    networks, names = reader.networks, layer_names(reader)
    if networks is None or name not in names:
        raise ConfigError(
            f"The network has no layer '{name[:40]}'",
            expected=", ".join(names),
            hint=nearest(name, names),
        )
    layers_used = names.index(name) + 1
    parts: list[NDArray[np.float32]] = []
    with networks.lent() as network:
        size = network.images_read_at_once
        for first in range(0, len(images), size):
            x = network.to_inside(images[first : first + size])
            for layer in network.layers[:layers_used]:
                x = layer.forward(x, training=False)
            outputs = network.backend.to_host(x).reshape(-1, x.shape[-1])
            every = -(-len(outputs) // MOST_OUTPUTS)
            parts.append(outputs[::every].T.astype(np.float32, order="C"))
    return np.concatenate(parts)
