"""How a network's layers are: how long their gradients, how many units dead, where weights lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.arrays import Float32Array
from digitdesk.inspection.histograms import histogram
from digitdesk.inspection.trace import Numbers, all_pass_on, listening
from digitdesk.inspection.walk import Walked, walk
from digitdesk.messages.inside.health import LayerHealth
from digitdesk.messages.inside.preparation import Histogram
from digitdesk.nn.core.backend import Array
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.network import Network


def network_health(
    network: Network, images: Float32Array, labels: NDArray[np.intp]
) -> tuple[float, tuple[LayerHealth, ...]]:
    """The mean loss over some pictures, and how each layer is that learns or is a ReLU.

    Args:
        network: For this caller alone meanwhile; its gradients are overwritten.
        images: (N, 28, 28), ink 1 and paper 0.
        labels: (N,) outputs.
    """
    walked = tuple(walk(network.layers))
    acts: dict[str, NDArray[np.bool_]] = {}

    def hear(path: str, _given: Array, y: Array) -> None:
        act = (y > 0).reshape(len(y), -1).any(axis=1)
        acts[path] = act | acts.get(path, act)

    relus = [each for each in walked if isinstance(each.layer, ReLU)]
    criterion, loss, count = SoftmaxCrossEntropy(), 0.0, len(images)
    grads = np.zeros_like(network.parameters.grads)
    with listening(relus, "forward", hear), all_pass_on(walked):
        # So many at a time as when it is trained: their patches would fill the memory.
        for first in range(0, count, network.micro_batch_size):
            part = slice(first, first + network.micro_batch_size)
            x = network.to_inside(images[part])
            for layer in network.layers:
                x = layer.forward(x, training=False)
            loss += float(criterion.forward(x, labels[part])) * x.shape[-1] / count
            grad = criterion.backward(count)
            for layer in reversed(network.layers):
                grad = layer.backward(grad)
            grads += network.parameters.grads
    network.parameters.grads[...] = grads
    rows = (_row(network, each, acts) for each in walked)
    return loss, tuple(row for row in rows if row is not None)


def _row(network: Network, each: Walked, acts: dict[str, NDArray[np.bool_]]) -> LayerHealth | None:
    own = [p for p in network.parameters if p.name.rpartition(".")[0] == each.path]
    kernel = next((p.value for p in own if p.name.endswith(".kernel")), None)
    if not own and each.path not in acts:
        return None
    return LayerHealth(
        each.path,
        None if kernel is None else _norm([kernel]),
        _norm([p.grad for p in own]) if own else None,
        1 - float(acts[each.path].mean()) if each.path in acts else None,
        None if kernel is None else _weights(kernel),
    )


def _weights(kernel: Numbers) -> Histogram:
    limit = float(np.abs(kernel).max(initial=0)) or 1.0
    return histogram("weights", kernel.ravel(), -limit, limit)


def _norm(arrays: Sequence[Numbers]) -> float:
    return float(np.sqrt(sum(float(np.vdot(array, array)) for array in arrays)))
