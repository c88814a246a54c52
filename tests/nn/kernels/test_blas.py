"""y + a·x by BLAS and by NumPy, on any number of threads, and where BLAS has no such thing."""

from __future__ import annotations

import ctypes
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import threadpoolctl

from digitdesk.nn.kernels import blas as module
from digitdesk.nn.kernels.blas import axpy, cores, use_cores

pytestmark = pytest.mark.usefixtures("fresh_search")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("size", [0, 1, 7, 100, 40_001])
@pytest.mark.usefixtures("with_and_without_blas")
def test_it_adds_the_scaled_array(dtype, size):
    rng = np.random.default_rng(size)
    x, y = rng.normal(size=size).astype(dtype), rng.normal(size=size).astype(dtype)
    expected = y.astype("float64") - 0.3 * x.astype("float64")
    kept = x.copy()
    axpy(-0.3, x, y, xp=np, spare=np.empty_like(x))
    np.testing.assert_allclose(y, expected, atol=2e-6 if dtype == "float32" else 1e-14)
    np.testing.assert_array_equal(x, kept)


@pytest.mark.usefixtures("with_and_without_blas")
def test_an_array_may_be_added_to_itself():
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


@pytest.mark.parametrize("size", [1, 127, 50_001, 99_999, 101_776])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_threads_change_no_bit(size, dtype):
    rng = np.random.default_rng(size)
    x, start = rng.normal(size=size).astype(dtype), rng.normal(size=size).astype(dtype)
    sums = []
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        for cores in (1, 2, 3, 4, 8):
            use_cores(cores)
            sums.append(start.copy())
            axpy(0.0137, x, sums[-1], xp=np, spare=np.empty_like(x))
        use_cores(1)
    for other in sums[1:]:
        np.testing.assert_array_equal(other, sums[0])


def test_cores_are_the_calling_threads():
    use_cores(3)
    with ThreadPoolExecutor(1) as others:
        assert others.submit(cores).result() == 1
    assert cores() == 3
    use_cores(1)


def test_one_thread_is_the_rule_again_after_a_call_with_more():
    def now(_):
        return {row["num_threads"] for row in threadpoolctl.threadpool_info()}

    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        seen = []
        module.with_threads(2, lambda: seen.append(now(None)))
        assert seen == [{2}]
        assert now(None) == {1}


def test_numpys_own_blas_has_them():
    """Where this fails, training is a little slower and nothing else: look for its new name."""
    if not any(
        "scipy_openblas" in row["filepath"] for row in module.threadpoolctl.threadpool_info()
    ):
        pytest.skip("this NumPy comes with another BLAS")
    for search in (module._axpy, module.gemm, module.gemm_batch):
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
    assert module.gemm("f") is None
