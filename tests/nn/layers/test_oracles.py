"""Layers against naive loops in float64, written from the definition alone."""

from __future__ import annotations

import numpy as np
import pytest
from support import build_layer, prepare

from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.im2col import col2im, im2col
from digitdesk.nn.layers.pooling import MaxPool2D


def naive_convolution(x, kernel, bias, grad_y, stride, pad):
    """Outputs and all gradients by looping over every number."""
    filters, _, size, _ = kernel.shape
    _, height, width, count = x.shape
    padded = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    rows, columns = (height + 2 * pad - size) // stride + 1, (width + 2 * pad - size) // stride + 1
    y = np.zeros((filters, rows, columns, count))
    grad_kernel, grad_padded = np.zeros_like(kernel), np.zeros_like(padded)
    for n in range(count):
        for f in range(filters):
            for r in range(rows):
                for c in range(columns):
                    place = (
                        slice(None),
                        slice(r * stride, r * stride + size),
                        slice(c * stride, c * stride + size),
                        n,
                    )
                    y[f, r, c, n] = bias[f] + (padded[place] * kernel[f]).sum()
                    if grad_y is not None:
                        grad_kernel[f] += grad_y[f, r, c, n] * padded[place]
                        grad_padded[place] += grad_y[f, r, c, n] * kernel[f]
    inner = slice(pad, -pad or None)
    return y, grad_kernel, grad_padded[:, inner, inner]


@pytest.mark.parametrize(
    ("spec", "shape", "stride", "pad"),
    [
        ("conv(3, 3)", (2, 5, 6), 1, 1),
        ("conv(3, 3, padding=valid)", (2, 5, 6), 1, 0),
        ("conv(2, 5, padding=3)", (2, 4, 6), 1, 3),
        ("conv(2, 2, padding=1)", (1, 4, 4), 1, 1),
        ("conv(8, 3)", (1, 6, 6), 1, 1),
        ("conv(2, 3)", (32, 3, 5), 1, 1),
        ("conv(2, 3, stride=2)", (2, 6, 7), 2, 1),
        ("conv(2, 2, stride=3, padding=2)", (2, 5, 4), 3, 2),
        ("conv(2, 1, padding=1)", (2, 3, 3), 1, 1),
        ("conv(2, 7, padding=valid)", (1, 7, 7), 1, 0),
        ("conv(2, 3, padding=valid, stride=4)", (2, 4, 5), 4, 0),
    ],
)
def test_convolution(spec, shape, stride, pad):
    layer, _, _, _, out = build_layer(spec, shape)
    rng = np.random.default_rng(3)
    x, grad_y = rng.normal(size=(*shape, 3)), rng.normal(size=(*out, 3))
    kernel, bias = layer.kernel, layer.bias
    y, grad_kernel, grad_x = naive_convolution(x, kernel.value, bias.value, grad_y, stride, pad)
    np.testing.assert_allclose(layer.forward(x, training=True), y, atol=1e-12)
    np.testing.assert_allclose(layer.backward(grad_y), grad_x, atol=1e-12)
    np.testing.assert_allclose(kernel.grad, grad_kernel, atol=1e-12)
    np.testing.assert_allclose(bias.grad, grad_y.sum(axis=(1, 2, 3)), atol=1e-12)


def test_columns_are_patches_and_their_gradients_go_back_where_they_came_from():
    x = np.random.default_rng(0).normal(size=(2, 5, 4, 3))
    columns = im2col(x, np.zeros((2, 3, 3, 3, 2, 3)), stride=2, padding=1)
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    for h, w in np.ndindex(3, 2):
        patch = padded[:, 2 * h : 2 * h + 3, 2 * w : 2 * w + 3]
        np.testing.assert_array_equal(columns[:, :, :, h, w], patch)
    # Each is the transpose of the other: ⟨im2col(x), g⟩ = ⟨x, col2im(g)⟩.
    grad = np.random.default_rng(1).normal(size=columns.shape)
    back = col2im(grad, np.empty_like(x), stride=2, padding=1)
    assert (columns * grad).sum() == pytest.approx((x * back).sum())


def naive_max_pool(x, grad_y, size, stride):
    """The gradient goes to the first maximum in reading order."""
    channels, rows, columns, count = grad_y.shape
    y, grad_x = np.zeros_like(grad_y), np.zeros_like(x)
    for place in np.ndindex(channels, rows, columns, count):
        c, r, k, n = place
        window = x[c, r * stride : r * stride + size, k * stride : k * stride + size, n]
        i, j = divmod(int(window.argmax()), size)  # argmax gives the first
        y[place] = window[i, j]
        grad_x[c, r * stride + i, k * stride + j, n] += grad_y[place]
    return y, grad_x


@pytest.mark.parametrize(
    ("size", "stride", "shape"),
    [(2, 2, (2, 6, 4)), (2, 2, (2, 5, 7)), (3, 3, (1, 7, 8)), (3, 2, (2, 7, 7)), (2, 1, (1, 4, 5))],
)
@pytest.mark.parametrize("levels", [1, 2, 3, 1000])
def test_max_pool_with_ties(size, stride, shape, levels):
    """Few levels make ties the common case, as MNIST's flat background does."""
    layer, _, _, _, out = prepare(MaxPool2D(size, stride), shape)
    rng = np.random.default_rng(levels)
    x = rng.integers(0, levels, (*shape, 6)).astype(np.float64)
    grad_y = rng.normal(size=(*out, 6))
    y, grad_x = naive_max_pool(x, grad_y, size, stride)
    np.testing.assert_array_equal(layer.forward(x, training=True), y)
    np.testing.assert_allclose(layer.backward(grad_y), grad_x, atol=1e-12)


@pytest.mark.parametrize("shape", [(3, 6, 8), (2, 7, 5)])
def test_max_pool_reads_what_it_trains_on(shape):
    x = np.random.default_rng(4).integers(0, 4, (*shape, 3)).astype(float)
    layer, *_ = prepare(MaxPool2D(2), shape)
    trained = layer.forward(x, training=True).copy()
    assert np.array_equal(layer.forward(x, training=False), trained)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 2), (2, 1)])
def test_average_pool(size, stride):
    layer, _, _, _, out = build_layer(f"averagepool({size}, stride={stride})", (2, 6, 7))
    rng = np.random.default_rng(0)
    x, grad_y = rng.normal(size=(2, 6, 7, 3)), rng.normal(size=(*out, 3))
    y, grad_x = np.zeros((*out, 3)), np.zeros_like(x)
    for c, r, k, n in np.ndindex(*out, 3):
        window = (c, slice(r * stride, r * stride + size), slice(k * stride, k * stride + size), n)
        y[c, r, k, n] = x[window].mean()
        grad_x[window] += grad_y[c, r, k, n] / size**2
    np.testing.assert_allclose(layer.forward(x, training=True), y, atol=1e-12)
    np.testing.assert_allclose(layer.backward(grad_y), grad_x, atol=1e-12)


def test_dense():
    layer, parameters, _, _, _ = build_layer("dense(3)", (4,))
    rng = np.random.default_rng(0)
    x, grad_y = rng.normal(size=(4, 5)), rng.normal(size=(3, 5))
    kernel, bias = parameters["dense1.kernel"], parameters["dense1.bias"]
    y = layer.forward(x, training=True)
    grad_x = layer.backward(grad_y)
    for n in range(5):
        for unit in range(3):
            expected = bias.value[unit] + sum(kernel.value[unit, d] * x[d, n] for d in range(4))
            assert y[unit, n] == pytest.approx(expected)
    for unit, d in np.ndindex(3, 4):
        assert kernel.grad[unit, d] == pytest.approx(sum(grad_y[unit] * x[d]))
    for d, n in np.ndindex(4, 5):
        assert grad_x[d, n] == pytest.approx(sum(kernel.value[:, d] * grad_y[:, n]))
    np.testing.assert_allclose(bias.grad, grad_y.sum(axis=1))


def test_batch_norm_forward_and_reading():
    layer, parameters, statistics, _, _ = build_layer("batchnorm", (2, 3, 3))
    gamma, beta = parameters["batchnorm1.gamma"].value, parameters["batchnorm1.beta"].value
    x = np.random.default_rng(0).normal(2, 3, (2, 3, 3, 4))
    y = layer.forward(x, training=True).copy()
    for channel in range(2):
        numbers = x[channel]
        normal = (numbers - numbers.mean()) / np.sqrt(numbers.var() + 1e-5)
        np.testing.assert_allclose(y[channel], gamma[channel] * normal + beta[channel])
        assert statistics["batchnorm1.mean"].grad[channel] == pytest.approx(numbers.mean())
        assert statistics["batchnorm1.variance"].grad[channel] == pytest.approx(numbers.var(ddof=1))
    statistics["batchnorm1.mean"].value[...] = 0.5
    statistics["batchnorm1.variance"].value[...] = 4.0
    read = layer.forward(x, training=False)
    expected = (x - 0.5) / np.sqrt(4 + 1e-5) * gamma.reshape(-1, 1, 1, 1)
    np.testing.assert_allclose(read, expected + beta.reshape(-1, 1, 1, 1))


def test_dropout_keeps_the_mean_and_drops_the_asked_part():
    layer, _, _, random, _ = build_layer("dropout(0.3)", (100,))
    x = np.ones((100, 1000))
    random.seek(0)
    y = layer.forward(x, training=True)
    assert (y == 0).mean() == pytest.approx(0.3, abs=0.01)
    assert y.mean() == pytest.approx(1.0, abs=0.02)
    grad_x = layer.backward(x)
    np.testing.assert_array_equal(grad_x, y)
    assert layer.forward(x, training=False) is x


def test_conv_spec_arguments_reach_the_layer():
    layer = Conv2D(4, 3, stride=2, padding=2)
    assert (layer.filters, layer.kernel_size, layer.stride, layer.padding_px) == (4, 3, 2, 2)
