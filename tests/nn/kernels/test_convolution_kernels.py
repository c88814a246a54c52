"""The fast ways to compute a convolution, against the convolution as it is written."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from support import prepare

from digitdesk.nn.kernels import convolution_kernel
from digitdesk.nn.kernels.plane_gemm import PlaneGemm
from digitdesk.nn.kernels.row_gemm import RowGemm
from digitdesk.nn.kernels.winograd import Winograd
from digitdesk.nn.layers.convolution import Conv2D


def as_written(x, kernel, grad_y, pad):
    """Outputs without bias and both gradients, by the layer."""
    filters, _, size, _ = kernel.shape
    layer, parameters, *_ = prepare(
        Conv2D(filters, size, padding=pad), x.shape[:-1], dtype=x.dtype.name
    )
    parameters.values[...] = 0
    layer.kernel.value[...] = kernel
    y = layer.forward(x, training=True)
    return y, layer.kernel.grad, layer.backward(grad_y)


def by_kernel(fast, x, kernel, grad_y):
    """The same, by a kernel."""
    y, grad_kernel = np.empty_like(grad_y), np.empty_like(kernel)
    assert sum(len(y[0, rows]) for rows in fast.forward(x, kernel, y)) == y.shape[1]
    grad_x = fast.backward(grad_y, kernel, grad_kernel, input_grad=True)
    return y, grad_kernel, grad_x


def by_pairs(fast, x, kernel, grad_y):
    """The same, by left and right neighbors, as a pool asks for them."""
    y, grad_kernel = np.empty_like(grad_y), np.empty_like(kernel)
    for rows, left, right, common in fast.pairs(x, kernel):
        y[:, rows, 0::2] = left if common is None else left + common
        y[:, rows, 1::2] = right if common is None else right + common
    for rows, left, right, both in fast.pair_gradients(grad_kernel, input_grad=True):
        left[...], right[...] = grad_y[:, rows, 0::2], grad_y[:, rows, 1::2]
        np.add(left, right, out=both)
    return y, grad_kernel, fast.input_gradient(kernel)


def assert_agree(mine, others, tolerance):
    for one, other in zip(mine, others, strict=True):
        np.testing.assert_allclose(one, other, atol=tolerance * max(1, abs(other).max()))


def numbers(*shape, seed=0, dtype="float64"):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


@pytest.mark.parametrize(("size", "pad"), [(1, 0), *itertools.product((3, 4), (0, 1, 2))])
@pytest.mark.parametrize("count", [1, 5])
def test_row_gemm(size, pad, count):
    out = (7 + 2 * pad - size + 1, 6 + 2 * pad - size + 1)
    x, kernel = numbers(3, 7, 6, count), numbers(4, 3, size, size)
    grad_y = numbers(4, *out, count)
    fast = RowGemm("float64", size, pad, out)
    assert_agree(by_kernel(fast, x, kernel, grad_y), as_written(x, kernel, grad_y, pad), 1e-12)


@pytest.mark.parametrize(("size", "pad"), [(1, 0), *itertools.product((3, 4), (0, 1, 2))])
def test_plane_gemm(size, pad):
    out = (8 + 2 * pad - size + 1, 7 + 2 * pad - size + 1)
    fast = PlaneGemm("float64", size, pad, out)
    for count in (2, 1, 2):  # what one left in the buffers must not reach the next
        x, kernel = numbers(3, 8, 7, count), numbers(4, 3, size, size)
        expected, *_ = as_written(x, kernel, numbers(4, *out, count), pad)
        y = np.empty_like(expected)
        assert list(fast.forward(x, kernel, y)) == [slice(0, out[0])]
        np.testing.assert_allclose(y, expected, atol=1e-12)
    ((rows, left, right, common),) = fast.pairs(x, kernel)
    assert (rows, common) == (slice(0, out[0]), None)
    np.testing.assert_array_equal(left, y[:, :, 0::2])
    np.testing.assert_array_equal(right, y[:, :, 1::2])


@pytest.mark.parametrize(
    ("pad", "height", "width"),
    [
        *((pad, *size) for pad in (0, 1, 2) for size in ((3, 3), (4, 6), (9, 5), (17, 7))),
        # Pictures so low that no row of products sees three rows of them.
        *((1, 1, 4), (1, 2, 3), (2, 1, 1), (2, 2, 4)),
    ],
)
def test_winograd(pad, height, width):
    out = (height + 2 * pad - 2, width + 2 * pad - 2)
    fast = Winograd("float64", 5, pad, out)
    for count in (4, 64, 1, 64):  # what one batch leaves in the buffers must not reach the next
        x, kernel = numbers(2, height, width, count), numbers(5, 2, 3, 3)
        grad_y = numbers(5, *out, count)
        assert_agree(by_kernel(fast, x, kernel, grad_y), as_written(x, kernel, grad_y, pad), 1e-11)


@pytest.mark.parametrize("numbers_at_once", [1, 10**6], ids=["two rows at a time", "at once"])
@pytest.mark.parametrize(
    ("fast", "size", "pad"),
    [
        (RowGemm("float64", 3, 1, (4, 6)), 3, 1),
        (RowGemm("float64", 3, 1, (4, 6), halves=True), 3, 1),
        (RowGemm("float64", 5, 2, (4, 6), halves=True), 5, 2),
        (Winograd("float64", 5, 1, (4, 6)), 3, 1),
    ],
    ids=["row gemm", "row gemm in halves", "row gemm in halves, 5×5", "winograd"],
)
def test_pairs_are_the_same_outputs_and_one_way_leaves_nothing_to_the_other(
    fast, size, pad, numbers_at_once, monkeypatch
):
    monkeypatch.setattr(convolution_kernel, "BAND_NUMBERS", numbers_at_once)
    x, kernel, grad_y = numbers(2, 4, 6, 3), numbers(5, 2, size, size), numbers(5, 4, 6, 3)
    expected = as_written(x, kernel, grad_y, pad)
    for _ in range(2):
        assert_agree(by_pairs(fast, x, kernel, grad_y), expected, 1e-12)
        assert_agree(by_kernel(fast, x, kernel, grad_y), expected, 1e-12)


@pytest.mark.parametrize(
    "fast", [RowGemm("float64", 3, 1, (4, 6)), Winograd("float64", 5, 1, (4, 6))]
)
def test_an_input_gradient_that_nobody_wants_is_not_computed(fast):
    x, kernel, grad_y = numbers(2, 4, 6, 3), numbers(5, 2, 3, 3), numbers(5, 4, 6, 3)
    list(fast.forward(x, kernel, np.empty_like(grad_y)))
    grad_kernel = np.empty_like(kernel)
    assert fast.backward(grad_y, kernel, grad_kernel, input_grad=False) is None
    np.testing.assert_allclose(grad_kernel, as_written(x, kernel, grad_y, 1)[1], atol=1e-12)


def test_large_products_in_float32():
    """With what that rounds off; large enough for ``tiled_matmul`` to cut."""
    x, kernel = numbers(32, 4, 14, 48, dtype="float32"), numbers(64, 32, 3, 3, dtype="float32")
    grad_y = numbers(64, 4, 14, 48, dtype="float32")
    fast = Winograd("float32", 64, 1, (4, 14))
    assert_agree(by_kernel(fast, x, kernel, grad_y), as_written(x, kernel, grad_y, 1), 1e-5)
