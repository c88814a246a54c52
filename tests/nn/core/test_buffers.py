"""Arrays that are kept: they begin at cache lines, grow, and give views of the same memory."""

from __future__ import annotations

import numpy as np
import pytest
from strict_array_module import STRICT_BACKEND

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.buffers import CACHE_LINE, Buffers, aligned_empty, aligned_zeros
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.spec.build import build_network


def is_aligned(array):
    return array.ctypes.data % CACHE_LINE == 0


@pytest.mark.parametrize("dtype", ["float32", "float64", "bool"])
@pytest.mark.parametrize("size", [1, 17, 100_000])
def test_arrays_begin_at_a_cache_line(dtype, size):
    # Several at a time: one alone may begin there by chance.
    arrays = [aligned_empty(np, size, dtype) for _ in range(20)]
    assert all(is_aligned(array) for array in arrays)
    assert {(array.size, array.dtype) for array in arrays} == {(size, np.dtype(dtype))}


def test_zeros_are_zeros_on_every_device():
    np.testing.assert_array_equal(aligned_zeros(np, 5, "float32"), np.zeros(5))
    device = aligned_zeros(STRICT_BACKEND.xp, 5, "float32")
    np.testing.assert_array_equal(device.get(), np.zeros(5))


def test_whatever_a_training_step_works_on_is_aligned():
    network = build_network("mlp(33)", backend=cpu_backend(), seed=0)
    adam = make_optimizer("adam")
    adam.step(network.parameters)
    arrays = [network.parameters.values, network.parameters.grads, *adam._memory.values()]
    arrays += [p.value for p in network.parameters] + [p.grad for p in network.parameters]
    arrays += [network.forward(np.zeros((1, 28, 28, 5), np.float32), training=True)]
    assert len(arrays) == 13
    assert all(is_aligned(array) for array in arrays)


def test_a_buffer_grows_and_smaller_batches_use_a_part_of_it():
    buffers = Buffers(np, "float32")
    large = buffers.get("y", (3, 8))
    assert buffers.get("y", (3, 8)) is large
    assert np.shares_memory(buffers.get("y", (3, 5)), large)
    larger = buffers.get("y", (4, 8))
    assert not np.shares_memory(larger, large)
    assert is_aligned(larger)


def test_a_zeroed_buffer_is_zeroed_again_when_its_shape_changes():
    buffers = Buffers(np, "float32")
    buffers.get("x", (2, 4), zeroed=True).fill(1)
    assert buffers.get("x", (2, 4), zeroed=True).all(), "the same shape keeps what was written"
    assert not buffers.get("x", (4, 2), zeroed=True).any()
