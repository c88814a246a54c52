"""Whole networks, layer by layer as written and as they run: both give the same."""

from __future__ import annotations

import numpy as np
import pytest
from strict_array_module import STRICT_BACKEND

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.fusion.fused_layer import FusedLayer
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import build_network

SPECS = (
    *ARCHITECTURES,
    "conv(4, 3) relu maxpool(2) conv(32, 3) maxpool(2) conv(3, 3) relu maxpool(2)"
    " flatten dense(10)",  # the last one pools 7×7
    "conv(32, 3) relu conv(6, 3, padding=valid) relu maxpool(2) flatten dense(10)",
    "conv(4, 5, stride=2) relu maxpool(2) flatten dense(10)",
    "conv(4, 3) relu maxpool(3) flatten dense(10)",
    "conv(4, 3) relu maxpool(2, stride=1) flatten dense(10)",
    "conv(8, 3) maxpool(2) relu flatten dense(10)",
    "maxpool(2) residual(conv(4, 3) relu residual(conv(4, 3)) conv(4, 3)) flatten dense(10)",
)
LABELS = np.array([0, 1, 2, 3, 4, 5])


@pytest.fixture
def images():
    return np.random.default_rng(0).random((6, 28, 28), dtype=np.float32)


def build(spec, backend=None):
    return build_network(spec, backend=backend or cpu_backend(), dtype="float64", seed=3)


def loss_of(network):
    return SoftmaxCrossEntropy().on(network.backend.xp)


def as_it_runs(network, images):
    loss, backend = loss_of(network), network.backend
    network.random.seek(0)
    logits = network.forward(network.to_inside(images), training=True)
    loss.forward(logits, backend.asarray(LABELS))
    logits = backend.to_host(logits).copy()
    network.backward(loss.backward())
    return logits, backend.to_host(network.parameters.grads).copy()


def as_written(network, images):
    """By walking over ``network.layers``, as somebody would who wants to look at each."""
    loss, backend = loss_of(network), network.backend
    network.random.seek(0)
    x = network.to_inside(images)
    for layer in network.layers:
        x = layer.forward(x, training=True)
    loss.forward(x, backend.asarray(LABELS))
    logits = backend.to_host(x).copy()
    grad = loss.backward()
    for layer in reversed(network.layers):
        if grad is not None:
            grad = layer.backward(grad)
    return logits, backend.to_host(network.parameters.grads).copy()


@pytest.mark.parametrize("spec", SPECS)
def test_a_network_runs_as_it_is_written(spec, images):
    network, other = build(spec), build(spec)
    written, runs = as_written(other, images), as_it_runs(network, images)
    for mine, wanted in zip(runs, written, strict=True):
        np.testing.assert_allclose(mine, wanted, atol=1e-11)
    # What has run changes nothing in the layers: they still give the same bits.
    network.statistics.values[...] = other.statistics.values
    for mine, wanted in zip(as_written(network, images), written, strict=True):
        np.testing.assert_array_equal(mine, wanted)


@pytest.mark.parametrize("spec", SPECS)
def test_reading_is_the_same_for_few_images_and_for_many(spec, images):
    network = build(spec)
    for pictures in (images, np.concatenate([images] * 4)):
        x = network.to_inside(pictures)
        for layer in network.layers:
            x = layer.forward(x, training=False)
        np.testing.assert_allclose(network.predict_logits(pictures), x.T, atol=1e-11)


@pytest.mark.parametrize("spec", ["cnn-standard", "resnet-small", "reader"])
def test_names_and_snapshots_know_nothing_of_it(spec):
    fused, plain = build(spec), build(spec, STRICT_BACKEND)
    assert any(isinstance(step, FusedLayer) for step in fused._order.steps)
    assert list(plain._order.steps) == list(plain.layers)
    assert [parameter.name for parameter in fused.parameters] == [
        parameter.name for parameter in plain.parameters
    ]
    mine, other = fused.snapshot(), plain.snapshot()
    assert list(mine) == list(other)
    for name, array in mine.items():
        np.testing.assert_array_equal(array, other[name])


def test_a_planted_error_is_seen(images, monkeypatch):
    """The comparison above can fail: one kernel's outputs are a thousandth too large."""
    from digitdesk.nn.kernels.row_gemm import RowGemm

    original = RowGemm.pairs

    def wrong(self, x, kernel):
        return original(self, x, kernel * 1.001)

    monkeypatch.setattr(RowGemm, "pairs", wrong)
    network = build("conv-pool")
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(
            as_it_runs(network, images)[0], as_written(network, images)[0], atol=1e-11
        )
