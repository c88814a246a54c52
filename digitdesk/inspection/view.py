"""What a network looks like from outside: its layers in a row, and its kernels as pictures."""

from __future__ import annotations

import math

import numpy as np

from digitdesk.inspection.trace import Numbers
from digitdesk.inspection.walk import Walked, image_behind, walk
from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.inside.look import (
    ANSWER,
    INPUT,
    LayerView,
    NetworkView,
    ParameterView,
)
from digitdesk.messages.model import ModelCard
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import format_layers
from digitdesk.nn.spec.registry import KINDS
from digitdesk.recognition.test_time_augmentation import VIEWS


def network_view(
    network: Network, card: ModelCard, key: str, step: int | None, edits: tuple[Edit, ...] = ()
) -> NetworkView:
    """The layers of a network, the picture and the probabilities at its ends.

    Args:
        network: The network.
        card: What its model says about itself.
        key: Its model's key.
        step: The training step its weights are from, while it is still learning.
        edits: What was changed.
    """
    walked = tuple(walk(network.layers))
    outputs = network.output_shape
    layers = (
        LayerView(INPUT, INPUT, INPUT, network.input_shape, network.input_shape),
        *(_layer_view(network, walked, each) for each in walked),
        LayerView(ANSWER, ANSWER, ANSWER, outputs, outputs),
    )
    return NetworkView(
        key,
        card.title,
        network.spec,
        card.class_names,
        card.reject_names,
        card.temperature,
        VIEWS if card.test_time_averaging else 1,
        card.strokes is not None,
        step,
        network.parameter_count,
        layers,
        edits,
    )


def _layer_view(network: Network, walked: tuple[Walked, ...], each: Walked) -> LayerView:
    layer = each.layer
    own = f"{each.path}."
    parameters = tuple(
        ParameterView(parameter.name, parameter.shape)
        for parameter in network.parameters
        if parameter.name.startswith(own) and "." not in parameter.name[len(own) :]
    )
    return LayerView(
        each.path,
        KINDS[type(layer)],
        format_layers([layer]),
        layer.input_shape,
        layer.output_shape,
        each.depth,
        parameters,
        _kernel_count(walked, each),
    )


def _kernel_count(walked: tuple[Walked, ...], each: Walked) -> int:
    layer = each.layer
    if isinstance(layer, Conv2D):
        return layer.filters * layer.input_shape[0]
    image = image_behind(walked, each.path) if isinstance(layer, Dense) else None
    return layer.output_shape[0] * image[0] if image is not None else 0


def kernel_pictures(walked: tuple[Walked, ...], each: Walked, numbers: Numbers) -> Numbers | None:
    """A kernel, or its gradient, as pictures: one for each pair of a unit and a channel it reads.

    Args:
        walked: All layers.
        each: The kernel's.
        numbers: As the kernel: (F, C, K, K) or (units, D).

    Returns:
        (units · channels, height, width), unit after unit; ``None`` where it is no picture.
    """
    if isinstance(each.layer, Conv2D):
        return numbers.reshape(-1, *numbers.shape[2:])
    if not isinstance(each.layer, Dense):
        return None
    image = image_behind(walked, each.path)
    return None if image is None else np.reshape(numbers, (-1, *image[1:]))


def folded(rows: Numbers) -> Numbers:
    """Rows (units, D) as pictures that are as square as D allows, in the same order."""
    length = rows.shape[1]
    height = next(h for h in range(math.isqrt(length), 0, -1) if length % h == 0)
    return rows.reshape(len(rows), height, length // height)
