"""Layers that make one number of one number, or of the numbers of one window.

What they do is found out by trying the layer itself: its curve by giving it many numbers, who
wins in a window by sending a gradient back.
"""

from __future__ import annotations

import numpy as np

from digitdesk.inspection.alone import by_itself
from digitdesk.inspection.explain.sums import one, place_in
from digitdesk.inspection.grids import grid
from digitdesk.inspection.trace import Trace
from digitdesk.messages.inside.explanation import (
    CurveParts,
    DropoutParts,
    FlattenParts,
    NormalizationParts,
    PoolParts,
    Window,
)
from digitdesk.messages.inside.look import Place
from digitdesk.nn.layers.dropout import Dropout
from digitdesk.nn.layers.flatten import Flatten
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import AveragePool2D, MaxPool2D

_CURVE_POINTS = 129
_LEAST_REACH = 4.0
_MORE = 1.25


def pool(
    trace: Trace, layer: MaxPool2D | AveragePool2D, place: Place
) -> tuple[PoolParts, tuple[Window, ...]]:
    """The layer itself is tried on this window; the way of the gradient shows who won."""
    size, step = layer.pool_size, layer.step
    channel, top, left = place[0], place[1] * step, place[2] * step
    window = trace.input_of(layer.path)[channel, top : top + size, left : left + size]
    alone = by_itself(layer, (1, size, size))
    batch = window.reshape(1, size, size, 1)
    result = float(alone.forward(batch, training=False)[0, 0, 0, 0])
    is_maximum = isinstance(layer, MaxPool2D)
    way_back = alone.backward(np.ones((1, 1, 1, 1), dtype=batch.dtype)).reshape(size, size)
    row, column = np.unravel_index(int(way_back.argmax()), way_back.shape)
    winner = (int(row), int(column)) if is_maximum else None
    parts = PoolParts(grid(window), is_maximum, winner, float(window.sum(dtype=np.float64)), result)
    return parts, (Window(trace.walked(layer.path).before, channel, 1, top, left, size, size),)


def curve(trace: Trace, layer: Layer, place: Place) -> tuple[CurveParts, tuple[Window, ...]]:
    """The layer itself is tried on numbers around this one."""
    x = trace.input_of(layer.path)[place]
    reach = max(_LEAST_REACH, _MORE * abs(float(x)))
    points = np.linspace(-reach, reach, _CURVE_POINTS, dtype=layer.dtype)
    alone = by_itself(layer, (1,))
    batch = np.append(points, x)[np.newaxis]
    values = alone.forward(batch, training=False)[0].copy()
    slopes = alone.backward(np.ones_like(batch))[0]
    parts = CurveParts(
        float(x),
        float(values[-1]),
        float(slopes[-1]),
        grid(np.stack([points, values[:-1]], axis=1)),
    )
    return parts, (one(trace.walked(layer.path).before, place),)


def normalization(
    trace: Trace, layer: BatchNorm, place: Place
) -> tuple[NormalizationParts, tuple[Window, ...]]:
    """Reading, the layer takes what is usual from what it saw while it learned."""
    x = float(trace.input_of(layer.path)[place])
    mean, variance, gamma, beta = (
        float(parameter.value[place[0]])
        for parameter in (layer.mean, layer.variance, layer.gamma, layer.beta)
    )
    deviation = (variance + layer.epsilon) ** 0.5
    normalized = (x - mean) / deviation
    result = normalized * gamma + beta
    parts = NormalizationParts(
        x, mean, variance, layer.epsilon, deviation, normalized, gamma, beta, result
    )
    return parts, (one(trace.walked(layer.path).before, place),)


def dropout(trace: Trace, layer: Dropout, place: Place) -> tuple[DropoutParts, tuple[Window, ...]]:
    """Reading, x stays as it is; the mask is what the layer itself draws when it trains."""
    x = trace.input_of(layer.path)
    alone = by_itself(layer, x.shape)
    mask = alone.forward(np.ones((*x.shape, 1), dtype=x.dtype), training=True)[..., 0]
    shown = mask[place[0]] if mask.ndim == 3 else mask.reshape(1, -1)
    number = float(x[place])
    parts = DropoutParts(number, layer.rate, number / (1 - layer.rate), grid(shown))
    return parts, (one(trace.walked(layer.path).before, place),)


def flatten(trace: Trace, layer: Flatten, place: Place) -> tuple[FlattenParts, tuple[Window, ...]]:
    """The number stays; only its place has another name."""
    before = place_in(layer.input_shape, place[0])
    x = float(trace.input_of(layer.path)[before])
    return FlattenParts(x, before, place[0]), (one(trace.walked(layer.path).before, before),)
