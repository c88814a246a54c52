"""The order in which a network's layers run, where another order does the same work sooner.

``Network.layers`` is what was written; the plan is what is computed.
"""

from __future__ import annotations

from collections.abc import Sequence

from digitdesk.nn.fusion.pooled_convolution import PooledConvolution
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.pooling import MaxPool2D


def plan(layers: Sequence[Layer]) -> list[Layer]:
    """The layers in the order they run.

    A bias adds the same number to a whole channel and ReLU never reverses an order, so both give
    the same after a max-pool as before it, on a quarter of the numbers:
    ``conv relu maxpool`` runs as ``conv · maxpool · bias · relu``, and where the windows are 2×2
    as one layer.

    Args:
        layers: Built layers; a convolution that is followed so gives its bias away.
    """
    order: list[Layer] = []
    rest = list(layers)
    while rest:
        match rest:
            case [Conv2D() as conv, ReLU() as relu, MaxPool2D() as pool, *rest]:
                order += _pooled(conv, relu, pool)
            case [Conv2D() as conv, MaxPool2D() as pool, *rest]:
                order += _pooled(conv, None, pool)
            case [layer, *rest]:
                order.append(layer)
    return order


def _pooled(conv: Conv2D, relu: ReLU | None, pool: MaxPool2D) -> list[Layer]:
    """As one layer where windows are pairs of pairs; otherwise only in another order."""
    if pool.pairwise and conv.has_pairs:
        return [PooledConvolution(conv, relu, pool)]
    return [conv, pool, conv.release_bias(), *([relu] if relu else [])]
