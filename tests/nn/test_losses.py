"""Losses against their definitions and against differences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from digitdesk.errors import ConfigError
from digitdesk.nn.losses import MeanSquaredError, SoftmaxCrossEntropy, softmax


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_cross_entropy_from_the_definition(smoothing):
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(4, 5)), np.array([0, 3, 1, 1, 2])
    expected = 0.0
    for n, label in enumerate(labels):
        log_p = logits[:, n] - math.log(sum(math.exp(z) for z in logits[:, n]))
        target = np.full(4, smoothing / 4)
        target[label] += 1 - smoothing
        expected -= float(target @ log_p) / 5
    loss = SoftmaxCrossEntropy(smoothing)
    assert float(loss.forward(logits, labels)) == pytest.approx(expected)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_cross_entropy_gradient(smoothing):
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(4, 3)), np.array([0, 3, 1])
    loss = SoftmaxCrossEntropy(smoothing)
    loss.forward(logits, labels)
    grad = loss.backward().copy()
    for place in np.ndindex(logits.shape):
        step = np.zeros_like(logits)
        step[place] = 1e-6
        after = float(loss.forward(logits + step, labels))
        before = float(loss.forward(logits - step, labels))
        assert grad[place] == pytest.approx((after - before) / 2e-6, abs=1e-8)


def test_extreme_logits_stay_finite():
    loss = SoftmaxCrossEntropy()
    value = float(loss.forward(np.array([[1e4, -1e4], [-1e4, 1e4]]), np.array([0, 0])))
    assert value == pytest.approx(1e4)
    assert np.isfinite(loss.backward()).all()


def test_micro_batches_add_up():
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(4, 6)), np.array([0, 3, 1, 2, 2, 0])
    loss = SoftmaxCrossEntropy(0.1)
    loss.forward(logits, labels)
    whole = loss.backward().copy()
    for part in (slice(0, 2), slice(2, 6)):
        loss.forward(logits[:, part], labels[part])
        np.testing.assert_allclose(loss.backward(6), whole[:, part])


def test_number_types_and_inputs_are_kept():
    logits, labels = np.ones((3, 2), dtype=np.float32), np.array([0, 1])
    loss = SoftmaxCrossEntropy(0.1)
    loss.forward(logits, labels)
    assert loss.backward().dtype == np.float32
    assert (logits == 1).all()


def test_mean_squared_error():
    loss = MeanSquaredError()
    outputs = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert float(loss.forward(outputs, np.zeros((2, 2)))) == pytest.approx(30 / 4)
    np.testing.assert_allclose(loss.backward(), outputs / 2)
    assert float(loss.forward(outputs, np.array([0, 1]))) == pytest.approx((0 + 4 + 9 + 9) / 4)


def test_softmax_function_on_either_axis():
    logits = np.array([[0.0, math.log(3)]])
    np.testing.assert_allclose(softmax(logits, axis=1), [[0.25, 0.75]])
    np.testing.assert_allclose(softmax(logits.T), [[0.25], [0.75]])


def test_smoothing_out_of_range():
    with pytest.raises(ConfigError):
        SoftmaxCrossEntropy(1.0)
