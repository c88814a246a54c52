"""Products in strips against products at once, on processors of either kind."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.nn.kernels import tiled_matmul


@pytest.fixture(params=[True, False], ids=["small products faster", "as fast"])
def processor(request, monkeypatch):
    caches = (
        tiled_matmul._strips,
        tiled_matmul._strips_of_columns,
        tiled_matmul._strips_of_dot_products,
    )
    monkeypatch.setattr(tiled_matmul, "are_faster", lambda: request.param)
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
    tiled_matmul.multiply(a, b, out)
    np.testing.assert_allclose(out, a @ b, atol=1e-4)
    assert tiled_matmul._strips_of_columns(160, 40 * 170) == (5 if processor else 1)  # 32 wide
    assert tiled_matmul._strips_of_columns(161, 40 * 170) == 1  # no equal parts


@pytest.mark.parametrize("rows", [64, 128, 100, 10])
def test_strips_of_rows(processor, rows):
    a, b = numbers(rows, 900), numbers(900, 40)
    out = np.empty((rows, 40), dtype=np.float32)
    tiled_matmul.multiply_by_rows(a, b, out)
    np.testing.assert_allclose(out, a @ b, atol=1e-3)


@pytest.mark.parametrize(("rows", "others"), [(96, 64), (96, 400), (97, 64), (6, 3)])
def test_strips_of_dot_products(processor, rows, others):
    stack = numbers(2, 5, rows, 200)
    a, b = stack[:, 1:4], numbers(2, 3, others, 200)
    out = np.empty((2, 3, rows, others), dtype=np.float32)
    tiled_matmul.multiply_transposed(a, b, out)
    np.testing.assert_allclose(out, a @ b.swapaxes(-1, -2), atol=1e-3)
    assert tiled_matmul._strips_of_dot_products(96, 64, 200) == (6 if processor else 1)
