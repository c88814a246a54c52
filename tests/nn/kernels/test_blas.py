"""y + a·x and out + a·b by BLAS and by NumPy, and what happens where BLAS has no such thing."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest

from digitdesk.nn.kernels import blas as module
from digitdesk.nn.kernels.blas import add_product, axpy


@pytest.fixture(autouse=True)
def fresh_search():
    for search in (module._axpy, module._gemm):
        search.cache_clear()
    yield
    for search in (module._axpy, module._gemm):
        search.cache_clear()


def without_blas(monkeypatch):
    monkeypatch.setattr(module.threadpoolctl, "threadpool_info", list)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [0, 1, 7, 100, 40_001])
@pytest.mark.parametrize("found", [True, False])
def test_it_adds_the_scaled_array(dtype, size, found, monkeypatch):
    if not found:
        without_blas(monkeypatch)
    rng = np.random.default_rng(size)
    x, y = rng.normal(size=size).astype(dtype), rng.normal(size=size).astype(dtype)
    expected = y.astype("float64") - 0.3 * x.astype("float64")
    kept = x.copy()
    axpy(-0.3, x, y, xp=np, spare=np.empty_like(x))
    np.testing.assert_allclose(y, expected, atol=2e-6 if dtype == "float32" else 1e-14)
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize("found", [True, False])
def test_an_array_may_be_added_to_itself(found, monkeypatch):
    if not found:
        without_blas(monkeypatch)
    y = np.arange(50_000, dtype=np.float32)
    axpy(-0.5, y, y, xp=np, spare=np.empty_like(y))
    np.testing.assert_array_equal(y, np.arange(50_000) / 2)


def test_what_does_not_lie_in_one_stretch_is_left_to_numpy():
    x, y = np.ones(20, dtype=np.float32), np.zeros(20, dtype=np.float32)
    axpy(2.0, x[::2], y[::2], xp=np, spare=np.empty(10, dtype=np.float32))
    np.testing.assert_array_equal(y, [2, 0] * 10)
    axpy(1.0, x.astype("float64"), y, xp=np, spare=np.empty(20))
    np.testing.assert_array_equal(y, [3, 1] * 10)
    with pytest.raises(ValueError):
        axpy(1.0, x[:10], y, xp=np, spare=np.empty(10, dtype=np.float32))


def by_rows(matrix):
    return np.ascontiguousarray(matrix)


def by_columns(matrix):
    return np.asfortranarray(matrix)


def with_gaps(matrix):
    return np.repeat(matrix, 2, axis=1)[:, ::2]


@pytest.mark.parametrize("found", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(3, 5, 7), (160, 1, 150), (1, 64, 20_000), (150, 33, 140)])
@pytest.mark.parametrize("a_lies", [by_rows, by_columns, with_gaps])
@pytest.mark.parametrize("b_lies", [by_rows, by_columns, with_gaps])
def test_it_adds_the_product_however_the_matrices_lie(
    shape, dtype, a_lies, b_lies, found, monkeypatch
):
    if not found:
        without_blas(monkeypatch)
    rows, inner, columns = shape
    rng = np.random.default_rng(rows)
    a = a_lies(rng.normal(size=(rows, inner)).astype(dtype))
    b = b_lies(rng.normal(size=(inner, columns)).astype(dtype))
    out = rng.normal(size=(rows, columns)).astype(dtype)
    expected = out.astype("float64") + a.astype("float64") @ b.astype("float64")
    add_product(a, b, out)
    np.testing.assert_allclose(out, expected, atol=1e-4 if dtype == "float32" else 1e-12)


def test_a_sum_with_gaps_or_of_another_type_is_left_to_numpy():
    a, b = np.ones((200, 4), dtype=np.float32), np.ones((4, 200), dtype=np.float32)
    wide = np.zeros((200, 400), dtype=np.float32)
    add_product(a, b, wide[:, ::2])
    np.testing.assert_array_equal(wide, np.tile(np.float32([4, 0]), (200, 200)))
    exact = np.zeros((200, 200))
    add_product(a, b, exact)
    assert (exact == 4).all()


@pytest.mark.parametrize("a_shape", [(200, 3), (199, 4)])
def test_matrices_that_do_not_go_together_are_refused(a_shape):
    """Taken on trust, BLAS would read and write beyond their ends."""
    b, out = np.ones((4, 200), dtype=np.float32), np.zeros((200, 200), dtype=np.float32)
    with pytest.raises(ValueError):
        add_product(np.ones(a_shape, dtype=np.float32), b, out)
    assert (out == 0).all()


def test_numpys_own_blas_has_them():
    """Where this fails, training is a little slower and nothing else: look for its new name."""
    if not any(
        "scipy_openblas" in row["filepath"] for row in module.threadpoolctl.threadpool_info()
    ):
        pytest.skip("this NumPy comes with another BLAS")
    for search in (module._axpy, module._gemm):
        assert search("f") is not None
        assert search("d") is not None


def test_a_routine_of_that_name_that_does_something_else_is_not_used(monkeypatch):
    class Library:
        def __getitem__(self, name):
            def does_nothing(*arguments):
                pass

            return does_nothing

    monkeypatch.setattr(ctypes, "CDLL", lambda path: Library())
    assert module._axpy("f") is None
    assert module._gemm("f") is None
