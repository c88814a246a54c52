"""A network's buffers lie in one memory: apart where they are kept, together where they are not."""

from __future__ import annotations

import numpy as np

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.buffers import CACHE_LINE, Buffers
from digitdesk.nn.core.memory import common_memory
from digitdesk.nn.spec.build import build_network

SPEC = (
    "conv(32, 3) relu maxpool(2) conv(48, 3) batchnorm relu residual(conv(48, 3)) "
    "conv(32, 3) maxpool(2) conv(33, 3, padding=valid) relu flatten dense(10)"
)


def test_what_is_kept_lies_apart_and_at_cache_lines():
    with common_memory():
        layers = [Buffers(np, "float32") for _ in range(3)]
    arrays = [layer.get(key, (90, 101)) for layer in layers for key in ("x", "y")]
    arrays += [layer.get("z", (3,)) for layer in layers]
    for place, array in enumerate(arrays):
        array.fill(place)
    assert [array.min() for array in arrays] == [array.max() for array in arrays] == [*range(9)]
    assert all(array.ctypes.data % CACHE_LINE == 0 for array in arrays)


def test_scratch_is_everybodys_of_one_network_and_nobody_elses():
    with common_memory():
        one, other = Buffers(np, "float32"), Buffers(np, "float32")
    with common_memory():
        stranger = Buffers(np, "float32")
    alone = Buffers(np, "float32")
    arrays = [buffers.scratch("sums", (64, 300)) for buffers in (one, other, stranger, alone)]
    assert np.shares_memory(arrays[0], arrays[1])
    assert not any(np.shares_memory(arrays[0], array) for array in arrays[2:])
    assert not np.shares_memory(arrays[0], one.scratch("products", (64, 300)))


def test_larger_batches_let_go_what_smaller_ones_had():
    with common_memory() as memory:
        buffers = Buffers(np, "float32")
    few = buffers.get("y", (50, 500))
    memory.let_go()
    many = buffers.get("y", (50, 900))
    assert not np.shares_memory(few, many)
    assert buffers.get("y", (50, 900)) is many
    assert np.shares_memory(buffers.get("y", (50, 500)), many)


def test_no_order_of_batches_changes_what_a_network_gives():
    """Reading and training, small and large, in turns: as a network that did nothing before."""
    images = np.random.default_rng(0).random((70, 28, 28), dtype=np.float32)
    used = build_network(SPEC, backend=cpu_backend(), seed=0)
    for count, training in ((2, False), (9, True), (70, False), (9, True), (70, True), (3, False)):
        fresh = build_network(SPEC, backend=cpu_backend(), seed=0)
        fresh.load_arrays(used.snapshot())
        outcomes = []
        for network in (used, fresh):
            network.random.seek(count)
            x = network.to_inside(images[:count])
            outcomes.append([network.forward(x, training=training).copy()])
            if training:
                network.backward(np.full((10, count), 0.01, np.float32))
                outcomes[-1].append(network.parameters.grads.copy())
        for one, other in zip(*outcomes, strict=True):
            np.testing.assert_array_equal(one, other)
