"""The step on a graphics card: what the processor computes, recorded once, and without waits."""

from __future__ import annotations

import numpy as np
import pytest
from strict_cuda import COUNTS, get_current_stream

from digitdesk.data.augmentation import augment, draw_changes
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.kernels.gpu import cublas
from digitdesk.nn.layers.dropout import set_dropout_rates
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES, make_optimizer
from digitdesk.nn.spec.build import build_network
from digitdesk.training.gpu.gpu_step import GpuStep
from digitdesk.training.parallel.data_parallel import DataParallelStep

WITH_EVERYTHING = (
    "conv(4, 3) relu maxpool(2) batchnorm conv(6, 3, stride=2) relu residual(conv(6, 3)) "
    "averagepool(2) flatten dense(16) relu dropout(0.3) dense(10)"
)
RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (60, 28, 28)).astype(np.uint8)
LABELS = RNG.integers(0, 10, 60).astype(np.uint8)
BATCHES = [RNG.permutation(60)[:count] for count in (8, 8, 5, 8, 8, 5, 5, 8, 5)]


def train(backend, *, optimizer="momentum", spec=WITH_EVERYTHING, holds=True, **settings):
    """Nine steps on batches of two sizes with a rate that changes: network, results, step."""
    network = build_network(spec, backend=backend, dtype="float64", seed=3)
    follower = make_optimizer(optimizer, **settings)
    loss = SoftmaxCrossEntropy(0.1)
    if backend.name == "gpu":
        step = GpuStep(network, loss, follower, images=IMAGES if holds else None, labels=LABELS)
    else:
        step = DataParallelStep(network, loss, follower, threads=1, micro_batch_size=64)
    results = []
    for place, indices in enumerate(BATCHES):
        rate = DEFAULT_LEARNING_RATES[optimizer] * (0.3 + 0.1 * place)
        if backend.name == "gpu" and holds:
            results.append(step.run_chosen(indices, rate))
        else:
            images = IMAGES[indices] / 255
            results.append(step.run(images, LABELS[indices], rate))
    return network, results, step


def assert_same(mine, other):
    for name, array in other[0].snapshot().items():
        # A bias that a batch normalization takes out again has a gradient of what is rounded off,
        # which AdaGrad enlarges.
        np.testing.assert_allclose(mine[0].snapshot()[name], array, rtol=1e-6, atol=2e-7)
    for one, another in zip(mine[1], other[1], strict=True):
        assert float(one.loss) == pytest.approx(float(another.loss), rel=1e-7)
        assert (int(one.correct), one.count) == (int(another.correct), another.count)


@pytest.mark.parametrize("optimizer", DEFAULT_LEARNING_RATES)
def test_a_recorded_run_is_the_processors_run(optimizer, gpu):
    """Dropout, rates and all: nothing that changes from step to step is frozen in a recording."""
    settings = {"l1": 1e-4, "l2": 1e-3, "weight_decay": 0.02, "clip_norm": 1.0}
    expected = train(cpu_backend(), optimizer=optimizer, **settings)
    got = train(gpu, optimizer=optimizer, **settings)
    try:
        assert got[2].recordings == {8: "recorded", 5: "recorded"}
        assert COUNTS.graph_launches == 3 + 2
        assert_same(got, expected)
    finally:
        got[2].close()


def test_pictures_sent_batch_by_batch_give_the_same(gpu):
    expected, got = train(cpu_backend()), train(gpu, holds=False)
    assert set(got[2].recordings.values()) == {"recorded"}
    assert_same(got, expected)
    got[2].close()


def test_pictures_are_changed_on_the_device_as_on_the_host(gpu):
    """The same random numbers, and single precision there and here."""
    networks = []
    for backend in (cpu_backend(), gpu):
        network = build_network("flatten dense(16) relu dense(10)", backend=backend, seed=3)
        loss, optimizer = SoftmaxCrossEntropy(0.1), make_optimizer("momentum")
        rng = np.random.default_rng(9)
        if backend is gpu:
            step = GpuStep(network, loss, optimizer, images=IMAGES, labels=LABELS)
        else:
            step = DataParallelStep(network, loss, optimizer, threads=1)
        for indices in BATCHES:
            if backend is gpu:
                step.run_chosen(indices, 0.01, draw_changes(len(indices), rng, 0.7))
            else:
                images = IMAGES[indices].astype(np.float32) / np.float32(255)
                step.run(augment(images, rng, strength=0.7), LABELS[indices], 0.01)
        networks.append(network.snapshot())
        step.close()
    assert COUNTS.graph_launches == 5
    for name, array in networks[0].items():
        np.testing.assert_allclose(networks[1][name], array, rtol=2e-4, atol=2e-5)


def test_without_cublas_every_step_is_launched_piece_by_piece(gpu, monkeypatch):
    monkeypatch.setattr(cublas, "_loaders", lambda xp: iter([]))
    expected, got = train(cpu_backend()), train(gpu)
    assert COUNTS.graph_launches == 0
    assert all("cuBLAS" in problem for problem in got[2].recordings.values())
    assert_same(got, expected)
    got[2].close()


def test_what_cannot_be_recorded_is_launched_piece_by_piece(gpu, monkeypatch):
    """A layer that asks the host on its way: the recording is given up, the step is right."""
    from digitdesk.nn.layers.activations import Tanh

    forward = Tanh.forward

    def asking(self, x, *, training):
        float(x.sum())
        return forward(self, x, training=training)

    spec = "flatten dense(8) tanh dense(10)"
    expected = train(cpu_backend(), spec=spec)
    monkeypatch.setattr(Tanh, "forward", asking)
    got = train(gpu, spec=spec)
    assert COUNTS.graph_launches == 0
    assert all("waiting for a result" in problem for problem in got[2].recordings.values())
    assert not get_current_stream().is_capturing()
    assert_same(got, expected)
    got[2].close()


def test_a_replayed_step_waits_for_nothing_and_makes_nothing(gpu):
    _, results, step = train(gpu)
    COUNTS.reset()
    for _ in range(40):
        results.append(step.run_chosen(BATCHES[0], 0.01))
    assert (COUNTS.waits, COUNTS.arrays, COUNTS.launches) == (0, 0, 40)
    assert (COUNTS.copies, COUNTS.graph_launches) == (40, 40)
    losses = [float(result.loss) for result in results]
    assert COUNTS.waits == 1, "one fetch brings the outcomes of all steps"
    assert losses[-1] < losses[0]
    step.close()


def test_sent_pictures_are_not_waited_for_either(gpu):
    _, _, step = train(gpu, holds=False)
    images = IMAGES[BATCHES[0]] / 255
    step.run(images, LABELS[BATCHES[0]], 0.0)
    COUNTS.reset()
    for _ in range(20):
        step.run(images, LABELS[BATCHES[0]], 0.0)
    assert (COUNTS.waits, COUNTS.graph_launches) == (0, 20)
    assert COUNTS.copies == 20 * 3, "pictures, labels, and what a step is told"
    step.close()


def test_outcomes_outlive_the_log(gpu):
    _, results, step = train(gpu)
    step._log._places = 4
    results += [step.run_chosen(BATCHES[0], 0.0) for _ in range(11)]
    assert all(np.isfinite(float(result.loss)) for result in results)
    step.close()


def test_a_changed_dropout_rate_is_followed(gpu):
    network, _, step = train(gpu)
    set_dropout_rates(network.layers, [0.9])
    step.run_chosen(BATCHES[0], 0.0)
    assert step.recordings == {8: "not yet"}
    step.close()


def test_the_thread_gets_its_stream_back(gpu):
    before = get_current_stream()
    _, _, step = train(gpu)
    assert get_current_stream() is not before
    step.close()
    assert get_current_stream() is before
