"""What pools want of the whole process is in force from the first to the last of them."""

from __future__ import annotations

import sys

import pytest
import threadpoolctl

from digitdesk.nn.parallel.thread_pool import _SWITCH_INTERVAL_SECONDS, ThreadPool


def in_force():
    """The interpreter's patience, and the threads of BLAS."""
    pools = threadpoolctl.threadpool_info()
    blas = {pool["num_threads"] for pool in pools if pool["user_api"] == "blas"}
    return sys.getswitchinterval(), blas


def test_the_last_of_several_pools_takes_back_what_the_first_put_into_force():
    usual = in_force()
    first, second = ThreadPool(2), ThreadPool(2)
    pools = in_force()
    assert pools == (pytest.approx(_SWITCH_INTERVAL_SECONDS), {1})
    first.close()
    assert in_force() == pools
    third = ThreadPool(1)
    second.close()
    assert in_force() == pools
    third.close()
    assert in_force() == usual
