"""One thread of BLAS, as the program has it: two wait for each other where others are busy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import threadpoolctl


@pytest.fixture(autouse=True, scope="session")
def one_thread_of_blas() -> Iterator[None]:
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        yield
