"""BLAS's threads while other programs want the cores: one for a while, then all again."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import make_optimizer
from digitdesk.nn.spec.build import build_network
from digitdesk.training.parallel import crowding as module
from digitdesk.training.parallel.crowding import Crowding
from digitdesk.training.parallel.data_parallel import DataParallelStep

QUICK, SLOW = 0.001, 0.05


@pytest.fixture
def put():
    """The numbers of threads put into force, in order."""
    return []


@pytest.fixture
def crowding(put):
    crowding = Crowding(2, put.append)
    crowding.learn(lambda: time.sleep(QUICK))
    assert put == [1, 2]
    put.clear()
    return crowding


def steps(crowding, seconds_each, seconds):
    for _ in range(round(seconds / seconds_each)):
        crowding.step_took(seconds_each)


def test_quick_steps_keep_all_threads(crowding, put):
    steps(crowding, QUICK, 5)
    assert put == []


def test_one_interrupted_step_is_no_crowd(crowding, put):
    for _ in range(20):
        crowding.step_took(SLOW)
        steps(crowding, QUICK, 0.2)
    assert put == []


def test_slow_steps_leave_one_thread_and_all_are_tried_again(crowding, put):
    steps(crowding, SLOW, 0.15)
    assert put == [1]
    assert crowding.is_crowded
    steps(crowding, QUICK, 1.1)
    assert put == [1, 2]
    steps(crowding, QUICK, 3)
    assert put == [1, 2]


def test_a_crowd_that_stays_is_asked_less_and_less_often(crowding, put):
    asked = []
    alone = 0.0
    for _ in range(60_000):
        if crowding.is_crowded:
            crowding.step_took(QUICK)
            alone += QUICK
        else:
            asked.append(alone)
            crowding.step_took(SLOW)
    pauses = [round(pause) for pause in np.diff(asked) if pause > 0]
    assert pauses == [1, 2, 4, 8, 16, 16]


def test_a_dense_network_learns_what_is_slow_and_nothing_else_changes(monkeypatch):
    monkeypatch.setattr(module, "_WINDOW_SECONDS", math.inf)  # whatever else this machine does
    rng = np.random.default_rng(0)
    images, labels = rng.random((64, 28, 28), dtype=np.float32), rng.integers(0, 10, 64)
    results = []
    for crowds in (True, False):
        network = build_network("mlp(128)", backend=cpu_backend(), seed=3)
        step = DataParallelStep(
            network, SoftmaxCrossEntropy(), make_optimizer("momentum"), threads=2
        )
        if not crowds:
            step._crowding = None
        try:
            for _ in range(5):
                step.run(images, labels)
            if crowds:
                assert step._crowding is not None
                assert step._crowding.is_known
        finally:
            step.close()
        results.append(network.parameters.values)
    np.testing.assert_array_equal(*results)


def test_only_dense_networks_share_products_out():
    for spec, threads, watched in (
        ("mlp(128)", 2, True),
        ("mlp(128)", 1, False),
        ("cnn-light", 2, False),
    ):
        network = build_network(spec, backend=cpu_backend())
        step = DataParallelStep(
            network, SoftmaxCrossEntropy(), make_optimizer("sgd"), threads=threads
        )
        step.close()
        assert (step._crowding is not None) is watched
