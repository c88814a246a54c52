"""The execution order of a graphics card gives what the layers as written give."""

from __future__ import annotations

import numpy as np
import pytest
from strict_array_module import STRICT_BACKEND, STRICT_GPU

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.fusion.fused_layer import FusedLayer
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import build_network

OTHERS = (
    "conv(3, 3, stride=2) maxpool(3, stride=2) batchnorm flatten dense(10)",
    "maxpool(2) conv(2, 5, padding=valid) batchnorm relu averagepool(2) flatten dropout(0.4) "
    "dense(6) batchnorm relu dense(10)",
    "conv(2, 3) relu maxpool(3) residual(conv(4, 3, stride=2) batchnorm relu) flatten dense(10)",
    "maxpool(17) flatten dense(10)",
)


def outcome(spec, backend, count):
    network = build_network(spec, backend=backend, dtype="float64", seed=1)
    images = np.random.default_rng(2).integers(0, 4, (count, 28, 28)) / 4  # ties, too
    loss = SoftmaxCrossEntropy(0.1, xp=backend.xp)
    network.random.seek(5, 1)
    logits = network.forward(network.to_inside(images), training=True)
    kept = backend.to_host(logits).copy()
    loss.forward(logits, backend.asarray(np.arange(count) % 10))
    network.backward(loss.backward())
    grads = backend.to_host(network.parameters.grads).copy()
    return kept, grads, backend.to_host(network.statistics.values), network.predict_logits(images)


@pytest.mark.parametrize("spec", [*ARCHITECTURES, *OTHERS])
@pytest.mark.parametrize("count", [1, 3])
def test_it_gives_what_numpy_gives(spec, count):
    for mine, other in zip(
        outcome(spec, STRICT_GPU, count), outcome(spec, cpu_backend(), count), strict=True
    ):
        np.testing.assert_allclose(mine, other, rtol=1e-9, atol=1e-10)


def test_layers_are_fused_and_names_stay():
    network = build_network("reader", backend=STRICT_GPU)
    steps = network._order.steps
    assert sum(isinstance(step, FusedLayer) for step in steps) == len(steps) - 2
    written = build_network("reader", backend=STRICT_BACKEND)
    assert [parameter.name for parameter in network.parameters] == [
        parameter.name for parameter in written.parameters
    ]
    assert len(steps) < len(written._order.steps)
