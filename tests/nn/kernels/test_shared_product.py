"""Large products in parts: right however matrices lie, and the same bits on any threads."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import threadpoolctl

from digitdesk.nn.kernels import blas
from digitdesk.nn.kernels import shared_product as module
from digitdesk.nn.kernels.shared_product import SharedProduct, cuts

pytestmark = pytest.mark.usefixtures("fresh_search")


def by_rows(matrix):
    return np.ascontiguousarray(matrix)


def by_columns(matrix):
    return np.asfortranarray(matrix)


def with_gaps(matrix):
    return np.repeat(matrix, 2, axis=1)[:, ::2]


@pytest.mark.parametrize("adds", [True, False])
@pytest.mark.usefixtures("with_and_without_blas")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "shape", [(3, 5, 7), (160, 1, 150), (1, 64, 20_000), (150, 33, 140), (128, 300, 100)]
)
@pytest.mark.parametrize("a_lies", [by_rows, by_columns, with_gaps])
@pytest.mark.parametrize("b_lies", [by_rows, by_columns, with_gaps])
def test_it_is_the_product_however_the_matrices_lie(shape, dtype, a_lies, b_lies, adds):
    rows, inner, columns = shape
    rng = np.random.default_rng(rows)
    a = a_lies(rng.normal(size=(rows, inner)).astype(dtype))
    b = b_lies(rng.normal(size=(inner, columns)).astype(dtype))
    out = rng.normal(size=(rows, columns)).astype(dtype)
    expected = adds * out.astype("float64") + a.astype("float64") @ b.astype("float64")
    product, again = SharedProduct(adds=adds), out.copy()
    product(a, b, out)
    np.testing.assert_allclose(out, expected, atol=3e-4 if dtype == "float32" else 1e-11)
    product(a.copy(), b.copy(), again)  # elsewhere in memory
    np.testing.assert_allclose(again, expected, atol=3e-4 if dtype == "float32" else 1e-11)


def test_a_sum_with_gaps_or_of_another_type_is_left_to_numpy():
    a, b = np.ones((200, 4), dtype=np.float32), np.ones((4, 200), dtype=np.float32)
    wide = np.zeros((200, 400), dtype=np.float32)
    SharedProduct(adds=True)(a, b, wide[:, ::2])
    np.testing.assert_array_equal(wide, np.tile(np.float32([4, 0]), (200, 200)))
    exact = np.zeros((200, 200))
    SharedProduct(adds=True)(a, b, exact)
    assert (exact == 4).all()


@pytest.mark.parametrize("a_shape", [(200, 3), (199, 4)])
def test_matrices_that_do_not_go_together_are_refused(a_shape):
    """Taken on trust, BLAS would read and write beyond their ends."""
    b, out = np.ones((4, 200), dtype=np.float32), np.zeros((200, 200), dtype=np.float32)
    with pytest.raises(ValueError):
        SharedProduct(adds=True)(np.ones(a_shape, dtype=np.float32), b, out)
    assert (out == 0).all()


@pytest.mark.parametrize(
    ("rows", "inner", "columns"), [(128, 784, 64), (100, 64, 784), (33, 99, 999)]
)
@pytest.mark.parametrize("adds", [True, False])
def test_threads_change_no_bit(rows, inner, columns, adds, monkeypatch):
    """Nor does a BLAS without batches, which computes the parts one after the other."""
    rng = np.random.default_rng(0)
    a = rng.normal(size=(rows, inner)).astype(np.float32)
    b = rng.normal(size=(columns, inner)).astype(np.float32).T
    results = []
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        for cores in (1, 2, 3, 5, None):
            blas.use_cores(cores or 1)
            if cores is None:
                monkeypatch.setattr(blas, "gemm_batch", lambda letter: None)
            results.append(np.ones((rows, columns), dtype=np.float32))
            SharedProduct(adds=adds)(a, b, results[-1])
        blas.use_cores(1)
    for other in results[1:]:
        np.testing.assert_array_equal(other, results[0])


def test_a_product_of_another_shape_is_cut_anew():
    product = SharedProduct()
    for columns in (64, 40, 64, 200):
        a, b = np.ones((128, 784), dtype=np.float32), np.ones((784, columns), dtype=np.float32)
        out = np.zeros((128, columns), dtype=np.float32)
        product(a, b, out)
        assert (out == 784).all()


@pytest.mark.parametrize("rows", [1, 15, 16, 17, 33, 128, 1000, 4096])
@pytest.mark.parametrize("multiplications", [10**5, 3 * 10**6, 10**8, 10**9, 10**11])
def test_every_part_is_large_enough_for_a_batch(rows, multiplications):
    """OpenBLAS breaks down on parts of up to a million multiplications."""
    starts = cuts(rows, multiplications)
    heights = [stop - start for start, stop in itertools.pairwise(starts)]
    assert sum(heights) == rows
    assert 1 <= len(heights) <= 8
    if len(heights) > 1:
        assert min(heights) / rows * multiplications > blas.LARGEST_SMALL_PRODUCT
        assert multiplications >= module._SMALLEST_CUT


def test_small_parts_are_computed_one_after_the_other(monkeypatch):
    """In a batch they would end the process."""
    monkeypatch.setattr(module, "cuts", lambda rows, multiplications: (0, 16, rows))
    a, b = np.ones((300, 20), dtype=np.float32), np.ones((20, 600), dtype=np.float32)
    out = np.zeros((300, 600), dtype=np.float32)
    SharedProduct()(a, b, out)
    assert (out == 20).all()


def test_two_cores_always_have_work():
    assert len(cuts(128, 128 * 784 * 64)) == 3
    assert len(cuts(4096, 10**10)) == 9
