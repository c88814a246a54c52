"""Sums of products: convolution and dense layers, and the sum of a residual block."""

from __future__ import annotations

import numpy as np

from digitdesk.inspection.grids import floats, grid
from digitdesk.inspection.trace import Trace
from digitdesk.inspection.walk import image_behind
from digitdesk.messages.inside.explanation import (
    ConvolutionParts,
    DenseParts,
    SumParts,
    Term,
    Window,
)
from digitdesk.messages.inside.look import Place
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.im2col import im2col
from digitdesk.nn.layers.residual import Residual

MOST_TERMS = 12
"""So many products of a long sum are told one by one."""


def convolution(
    trace: Trace, layer: Conv2D, place: Place
) -> tuple[ConvolutionParts, tuple[Window, ...]]:
    """The patch under the kernel is a column of the matrix that the layer multiplies with."""
    x = trace.input_of(layer.path)
    filters, height, width = layer.output_shape
    channels, size, row_length = len(x), layer.kernel_size, layer.kernel.value[0].size
    columns = np.zeros((channels, size, size, height, width, 1), dtype=x.dtype)
    im2col(x[..., np.newaxis], columns, stride=layer.stride, padding=layer.padding_px)
    row = place[0]
    column = place[1] * width + place[2]
    patch = columns.reshape(row_length, -1)[:, column].reshape(channels, size, size)
    kernel, bias = layer.kernel.value[row], float(layer.bias.value[row])
    products = patch * kernel
    total = float(products.sum(dtype=np.float64))
    parts = ConvolutionParts(
        grid(patch),
        grid(kernel),
        grid(products),
        floats(products.sum(axis=(1, 2), dtype=np.float64)),
        total,
        bias,
        total + bias,
        layer.stride,
        layer.padding_px,
        kernel_row=row,
        rows=filters,
        column=column,
        columns=height * width,
        row_length=row_length,
    )
    top, left = (at * layer.stride - layer.padding_px for at in place[1:])
    before = trace.walked(layer.path).before
    return parts, (Window(before, 0, channels, top, left, size, size),)


def dense(trace: Trace, layer: Dense, place: Place) -> tuple[DenseParts, tuple[Window, ...]]:
    """The products that count most, and the sum of the others."""
    x = trace.input_of(layer.path)
    weights, bias = layer.kernel.value[place[0]], float(layer.bias.value[place[0]])
    products = x * weights
    largest = np.argsort(-np.abs(products), kind="stable")[:MOST_TERMS]
    image = image_behind(trace.layers, layer.path)
    terms = tuple(
        Term(
            place_in(image, at),
            float(x[at]),
            float(weights[at]),
            float(products[at]),
        )
        for at in largest.tolist()
    )
    total = float(products.sum(dtype=np.float64))
    rest = total - sum(term.product for term in terms)
    parts = DenseParts(terms, len(x) - len(terms), rest, total, bias, total + bias)
    return parts, (Window(trace.walked(layer.path).before, 0, len(x)),)


def block(trace: Trace, layer: Residual, place: Place) -> tuple[SumParts, tuple[Window, ...]]:
    """F(x), of the last layer in the block, plus S(x)."""
    last = layer.layers[-1].path
    shortcut = layer.shortcut.path if layer.shortcut is not None else ""
    outer_path = shortcut or trace.walked(layer.path).before
    inner, outer = (float(trace.outputs[path][place]) for path in (last, outer_path))
    result = float(trace.outputs[last][place] + trace.outputs[outer_path][place])
    return SumParts(inner, outer, result, shortcut), (one(last, place), one(outer_path, place))


def one(path: str, place: Place) -> Window:
    """The window that holds one number."""
    channel, top, left = (*place, 0, 0)[:3]
    return Window(path, channel, 1, top, left)


def place_in(image: tuple[int, ...] | None, index: int) -> Place:
    """Where a number of a flat layer was in the image before it, if there is one."""
    if image is None:
        return (index,)
    return tuple(int(at) for at in np.unravel_index(index, image))
