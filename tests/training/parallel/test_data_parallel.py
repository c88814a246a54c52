"""The data-parallel step: same bits for any number of threads, and the same every time."""

from __future__ import annotations

import math
import threading
import tracemalloc

import numpy as np
import pytest
import threadpoolctl

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.kernels.blas import cores
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.spec.build import build_network
from digitdesk.training.parallel import crowding
from digitdesk.training.parallel.data_parallel import DataParallelStep

WITH_EVERYTHING = (
    "conv(4, 3) batchnorm relu maxpool(2) flatten dense(16) batchnorm relu dropout(0.3) dense(10)"
)


def batches(count=3, size=22):
    rng = np.random.default_rng(0)
    return [
        (rng.random((size, 28, 28), dtype=np.float32), rng.integers(0, 10, size))
        for _ in range(count)
    ]


def train(
    threads,
    *,
    spec=WITH_EVERYTHING,
    dtype="float64",
    micro_batch_size=4,
    optimizer="momentum",
    **settings,
):
    network = build_network(spec, backend=cpu_backend(), dtype=dtype, seed=1)
    follower = make_optimizer(optimizer, learning_rate=0.01, **settings)
    step = DataParallelStep(
        network,
        SoftmaxCrossEntropy(0.1),
        follower,
        threads=threads,
        micro_batch_size=micro_batch_size,
    )
    try:
        results = [step.run(images, labels, 0.01) for images, labels in batches()]
    finally:
        step.close()
    return network, results


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("settings", [{}, {"clip_norm": 0.5, "weight_decay": 0.1}])
@pytest.mark.parametrize("micro_batch_size", [2, 4, 11])
def test_threads_change_no_bit(settings, dtype, micro_batch_size):
    """With 11, 6 and 2 micro-batches: fewer than threads, more, and several to a share."""
    settings |= {"dtype": dtype, "micro_batch_size": micro_batch_size}
    alone, results = train(1, **settings)
    for threads in (2, 3, 9):
        network, others = train(threads, **settings)
        np.testing.assert_array_equal(network.parameters.values, alone.parameters.values)
        np.testing.assert_array_equal(network.statistics.values, alone.statistics.values)
        assert others == results


def test_another_cut_of_the_batch_is_seen_in_the_bits():
    """The comparison above can fail."""
    four, five = (train(1, dtype="float32", micro_batch_size=size)[0] for size in (4, 5))
    assert (four.parameters.values != five.parameters.values).any()


def test_it_is_the_plain_step_where_nothing_depends_on_micro_batches():
    spec = "conv(4, 3) relu maxpool(2) flatten dense(10)"
    shared, results = train(2, spec=spec, optimizer="sgd")
    plain = build_network(spec, backend=cpu_backend(), dtype="float64", seed=1)
    optimizer, loss = make_optimizer("sgd", learning_rate=0.01), SoftmaxCrossEntropy(0.1)
    for (images, labels), result in zip(batches(), results, strict=True):
        logits = plain.forward(plain.to_inside(images), training=True)
        assert result.loss == pytest.approx(float(loss.forward(logits, labels)))
        assert result.correct == int((logits.argmax(axis=0) == labels).sum())
        plain.backward(loss.backward())
        optimizer.step(plain.parameters)
    np.testing.assert_allclose(shared.parameters.values, plain.parameters.values, atol=1e-12)


def test_a_resumed_run_draws_the_same_random_numbers():
    spec = "flatten dropout(0.5) dense(10)"
    straight, _ = train(1, spec=spec, optimizer="sgd")
    resumed = build_network(spec, backend=cpu_backend(), dtype="float64", seed=1)
    for place, (images, labels) in enumerate(batches()):
        step = DataParallelStep(
            resumed,
            SoftmaxCrossEntropy(0.1),
            make_optimizer("sgd", learning_rate=0.01),
            threads=1,
            micro_batch_size=4,
        )
        step.step = place
        step.run(images, labels)
        step.close()
    np.testing.assert_allclose(resumed.parameters.values, straight.parameters.values, atol=1e-12)


def test_an_error_in_a_thread_reaches_the_caller_and_the_pool_goes_on():
    network = build_network("cnn-light", backend=cpu_backend())
    step = DataParallelStep(
        network, SoftmaxCrossEntropy(), make_optimizer("sgd"), threads=2, micro_batch_size=4
    )
    (images, labels), *_ = batches()
    wrong = labels.copy()
    wrong[-1] = 99
    try:
        with pytest.raises(IndexError):
            step.run(images, wrong, 0.01)
        assert step.run(images, labels, 0.01).count == len(labels)
    finally:
        step.close()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("settings", [{}, {"weight_decay": 0.1}, {"l2": 0.1}, {"clip_norm": 0.1}])
@pytest.mark.parametrize("optimizer", ["momentum", "nesterov", "adam"])
def test_a_velocity_that_gradients_are_added_to_is_as_one_that_follows_them(
    optimizer, settings, dtype, monkeypatch
):
    """Far enough for its scale to start anew; batches of one micro-batch, which add, and of two."""
    values = []
    for can_add in (True, False):
        network = build_network(
            "flatten dense(40) relu dense(10)", backend=cpu_backend(), dtype=dtype, seed=1
        )
        if not can_add:
            monkeypatch.setattr(Network, "can_add_gradients", False)
        follower = make_optimizer(optimizer, learning_rate=0.01, **settings)
        step = DataParallelStep(network, SoftmaxCrossEntropy(0.1), follower, micro_batch_size=16)
        data = [*batches(7, size=16), *batches(1, size=24)]
        results = [step.run(*data[place % len(data)]) for place in range(150)]
        step.close()
        values.append((network.parameters.values, [result.loss for result in results]))
    exact = dtype == "float64"
    for added, followed in zip(*values, strict=True):
        np.testing.assert_allclose(
            added, followed, rtol=1e-9 if exact else 1e-2, atol=1e-11 if exact else 1e-3
        )


def test_the_optimizer_of_a_dense_network_is_added_to():
    """The test above compares two ways; this one sees that the fast one is taken."""
    network = build_network("mlp(128)", backend=cpu_backend())
    step = DataParallelStep(network, SoftmaxCrossEntropy(), make_optimizer("momentum"))
    (images, labels), *_ = batches()
    try:
        step.run(images, labels, 0.01)
        (network,) = step.networks
        assert not network.parameters.grads.any()
    finally:
        step.close()


def test_close_ends_the_threads():
    before = threading.active_count()
    network = build_network("cnn-light", backend=cpu_backend())
    step = DataParallelStep(network, SoftmaxCrossEntropy(), make_optimizer("sgd"), threads=3)
    assert threading.active_count() == before + 2
    step.close()
    assert threading.active_count() == before


def test_close_gives_back_the_memory_of_the_replicas():
    network = build_network("cnn-light", backend=cpu_backend())
    ((images, labels),) = batches(count=1)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        step = DataParallelStep(network, SoftmaxCrossEntropy(), make_optimizer("sgd"), threads=2)
        step.run(images, labels)
        at_work, _ = tracemalloc.get_traced_memory()
        step.close()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < (at_work - before) / 10


def test_a_dense_network_has_the_cores_for_its_products_only(monkeypatch):
    monkeypatch.setattr(crowding, "_WINDOW_SECONDS", math.inf)  # whatever else this machine does
    before = threading.active_count()
    network = build_network("mlp(128)", backend=cpu_backend())
    step = DataParallelStep(network, SoftmaxCrossEntropy(), make_optimizer("sgd"), threads=3)
    ((images, labels),) = batches(count=1)
    try:
        step.run(images, labels, 0.01)
        assert threading.active_count() == before
        assert cores() == 3
        pools = threadpoolctl.threadpool_info()
        assert {pool["num_threads"] for pool in pools if pool["user_api"] == "blas"} == {1}
    finally:
        step.close()
    assert cores() == 1


@pytest.mark.parametrize("spec", [WITH_EVERYTHING, "mlp(128)"])
def test_reading_between_two_steps_is_reading_to_the_last_bit(spec):
    network = build_network(spec, backend=cpu_backend())
    images = np.random.default_rng(0).random((2500, 28, 28), dtype=np.float32)
    with threadpoolctl.threadpool_limits(1, user_api="blas"):
        expected = network.predict_logits(images)
    for threads in (1, 2, 5):
        step = DataParallelStep(
            network, SoftmaxCrossEntropy(), make_optimizer("sgd"), threads=threads
        )
        try:
            np.testing.assert_array_equal(step.predict_logits(images), expected)
            assert step.predict_logits(images[:0]).shape == (0, 10)
        finally:
            step.close()


@pytest.mark.parametrize(("batch", "number"), [(20, 1), (64, 2), (96, 3), (128, 2), (320, 5)])
def test_a_batch_is_cut_so_that_two_threads_have_work(batch, number, monkeypatch):
    seen = []
    seek = RandomStream.seek

    def spy(self, step, micro_batch):
        seen.append(micro_batch)
        seek(self, step, micro_batch)

    monkeypatch.setattr(RandomStream, "seek", spy)
    network = build_network("conv-pool", backend=cpu_backend())
    step = DataParallelStep(network, SoftmaxCrossEntropy(), make_optimizer("sgd"), threads=1)
    try:
        ((images, labels),) = batches(count=1, size=batch)
        step.run(images, labels, 0.01)
    finally:
        step.close()
    assert seen == list(range(number))
