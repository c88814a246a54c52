"""The order in which a network's layers run, where another order does the same work sooner.

``Network.layers`` is what was written; the plan is what is computed.
"""

from __future__ import annotations

from collections.abc import Sequence

from digitdesk.nn.activations import ReLU
from digitdesk.nn.convolution import Conv2D
from digitdesk.nn.layer import Layer
from digitdesk.nn.pooling import MaxPool2D


def plan(layers: Sequence[Layer]) -> list[Layer]:
    """The layers in the order they run.

    A bias adds the same number to a whole channel and ReLU never reverses an order, so both give
    the same after a max-pool as before it, on a quarter of the numbers:
    ``conv relu maxpool`` runs as ``conv · maxpool · bias · relu``.

    Args:
        layers: Built layers; a convolution that is followed so gives its bias away.
    """
    order: list[Layer] = []
    rest = list(layers)
    while rest:
        match rest:
            case [Conv2D() as conv, ReLU() as relu, MaxPool2D() as pool, *rest]:
                order += [conv, pool, conv.release_bias(), relu]
            case [Conv2D() as conv, MaxPool2D() as pool, *rest]:
                order += [conv, pool, conv.release_bias()]
            case [layer, *rest]:
                order.append(layer)
                continue
        if pool.pairwise:
            pool.columns_are_split = conv.split_columns()
    return order
