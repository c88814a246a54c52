"""How a network's layers are while it learns: figures that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.inspection.health import network_health
from digitdesk.inspection.trace import trace
from digitdesk.nn.losses import SoftmaxCrossEntropy
from tests.inspection.networks import EVERYTHING, picture, whole_network

IMAGES = np.stack([picture((28, 28), seed) for seed in range(16)])
LABELS = np.arange(16) % 10


@pytest.mark.parametrize("spec", ["cnn-light", "resnet-small", EVERYTHING])
def test_norms_and_dead_units_are_those_of_the_pictures(spec):
    network = whole_network(spec)
    loss, rows = network_health(network, IMAGES, LABELS)
    by_layer = {row.layer: row for row in rows}
    logits = network.predict_logits(IMAGES)
    assert loss == pytest.approx(float(SoftmaxCrossEntropy().forward(logits.T, LABELS)), rel=1e-4)
    traces = [trace(network, image) for image in IMAGES]
    for each in traces[0].layers:
        row = by_layer.get(each.path)
        kind = type(each.layer).__name__
        if kind == "ReLU":
            outputs = [t.outputs[each.path].reshape(len(t.outputs[each.path]), -1) for t in traces]
            acts = np.any([(y > 0).any(axis=1) for y in outputs], axis=0)
            assert row.dead_share == pytest.approx(1 - acts.mean())
            assert row.gradient_norm is row.weights is None
        elif kind in ("Conv2D", "Dense"):
            kernel = network.parameters[f"{each.path}.kernel"]
            assert row.weight_norm == pytest.approx(float(np.linalg.norm(kernel.value)), rel=1e-5)
            assert row.gradient_norm >= float(np.linalg.norm(kernel.grad)) > 0
            assert sum(row.weights.counts) == kernel.size
            assert row.weights.high == -row.weights.low == pytest.approx(np.abs(kernel.value).max())
        elif kind == "BatchNorm":
            assert row.gradient_norm > 0
        else:
            assert row is None


def test_pictures_are_run_a_few_at_a_time_and_count_together(monkeypatch):
    network = whole_network("resnet-small")
    whole = network_health(network, IMAGES, LABELS)
    monkeypatch.setattr(type(network), "micro_batch_size", 5)
    loss, rows = network_health(network, IMAGES, LABELS)
    assert loss == pytest.approx(whole[0], rel=1e-5)
    for row, wanted in zip(rows, whole[1], strict=True):
        assert row.dead_share == wanted.dead_share
        assert (row.gradient_norm or 0) == pytest.approx(wanted.gradient_norm or 0, rel=1e-4)


def test_a_unit_that_never_acts_is_dead():
    network = whole_network("mlp(8)")
    network.parameters["dense1.bias"].value[:4] = -100
    _, rows = network_health(network, IMAGES, LABELS)
    assert next(row.dead_share for row in rows if row.layer == "relu1") >= 0.5
