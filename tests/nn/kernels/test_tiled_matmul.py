"""Products in strips against products at once, on processors of either kind."""

from __future__ import annotations

import numpy as np
import pytest
from support import build_layer

from digitdesk.nn.kernels import tiled_matmul as small_products
from digitdesk.nn.kernels.winograd import WinogradRows
from digitdesk.nn.layers.im2col import Im2Col


@pytest.fixture(params=[True, False], ids=["small products faster", "as fast"])
def processor(request, monkeypatch):
    caches = (small_products._strips, small_products._strips_of_dot_products)
    monkeypatch.setattr(small_products, "are_faster", lambda: request.param)
    for cache in caches:
        cache.cache_clear()
    yield request.param
    for cache in caches:
        cache.cache_clear()


def numbers(*shape):
    return np.random.default_rng(len(shape)).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("columns", [6, 160, 161])
def test_strips_of_columns(processor, columns):
    a, b = numbers(3, 1, 40, 170), numbers(3, 2, 170, columns)
    out = np.empty((3, 40, 2, columns), dtype=np.float32).transpose(0, 2, 1, 3)  # rows far apart
    small_products.multiply(a, b, out)
    np.testing.assert_allclose(out, a @ b, atol=1e-4)
    assert small_products._strips(160, 40 * 170 * 160) == (2 if processor else 1)
    assert small_products._strips(161, 40 * 170 * 161) == 1  # no equal parts


@pytest.mark.parametrize("rows", [1, 64, 67])
def test_strips_of_rows(processor, rows):
    a, b = numbers(rows, 900), numbers(900, 40)
    out = np.empty((rows, 40), dtype=np.float32)
    small_products.multiply_by_rows(a, b, out)
    np.testing.assert_allclose(out, a @ b, atol=1e-3)


@pytest.mark.parametrize(("rows", "others"), [(96, 64), (96, 400), (97, 64), (6, 3)])
def test_strips_of_dot_products(processor, rows, others):
    stack = numbers(2, 5, rows, 200)
    a, b = stack[:, 1:4], numbers(2, 3, others, 200)
    out = np.empty((2, 3, rows, others), dtype=np.float32)
    small_products.multiply_transposed(a, b, out)
    np.testing.assert_allclose(out, a @ b.swapaxes(-1, -2), atol=1e-3)
    assert small_products._strips_of_dot_products(96, 64, 200) == (6 if processor else 1)


def test_a_large_convolution(processor):
    """In float32, with what that rounds off."""
    plain, fast = Im2Col(np, "float32", 3, 1, 1, (4, 14)), WinogradRows("float32", 64, 1, (4, 14))
    x, kernel, grad_y = numbers(32, 4, 14, 48), numbers(64, 32, 3, 3), numbers(64, 4, 14, 48)
    results = []
    for way in (plain, fast):
        y, grad_kernel = np.empty_like(grad_y), np.empty_like(kernel)
        way.forward(x, kernel, y)
        way.take_gradient(grad_y)
        way.kernel_gradient(grad_kernel)
        results.append((y, grad_kernel, way.input_gradient(kernel)))
    for mine, other in zip(*results, strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-5 * abs(other).max())


def test_a_large_dense_layer(processor):
    layer, *_ = build_layer("dense(64)", (900,), dtype="float32", on_one_core=True)
    x = numbers(900, 40)
    expected = layer.kernel.value @ x + layer.bias.value[:, None]
    np.testing.assert_allclose(layer.forward(x, training=False), expected, atol=1e-3)
