"""BLAS as it is found, looked for anew by each test, and machines on which it is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from digitdesk.nn.kernels import blas

SEARCHES = (blas._axpy, blas.gemm, blas.gemm_batch, blas._set_threads)


@pytest.fixture
def fresh_search() -> Iterator[None]:
    """Nothing is remembered of BLAS, from before or afterwards."""
    for search in SEARCHES:
        search.cache_clear()
    yield
    for search in SEARCHES:
        search.cache_clear()


@pytest.fixture(params=[True, False], ids=["with BLAS", "without"])
def with_and_without_blas(
    request: pytest.FixtureRequest, fresh_search: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test runs with NumPy's BLAS, and again where none is found."""
    if not request.param:
        monkeypatch.setattr(blas.threadpoolctl, "threadpool_info", list)
