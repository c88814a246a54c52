"""Activations against the formulas of their papers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support import build_layer

POINTS = np.array([-800.0, -3.0, -1.0, -0.1, 0.0, 0.1, 1.0, 3.0, 800.0])


def _logistic(x):
    return 0.0 if x < -700 else 1 / (1 + math.exp(-x))


@pytest.mark.parametrize(
    ("spec", "formula"),
    [
        ("relu", lambda x: max(x, 0)),
        ("leakyrelu(0.2)", lambda x: x if x > 0 else 0.2 * x),
        ("elu(1.5)", lambda x: x if x > 0 else 1.5 * (math.exp(x) - 1)),
        ("sigmoid", _logistic),
        ("tanh", math.tanh),
        ("swish", lambda x: x * _logistic(x)),
        ("silu", lambda x: x * _logistic(x)),
        (
            "gelu",
            lambda x: x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
        ),
    ],
)
def test_formula(spec, formula):
    layer, *_ = build_layer(spec, (len(POINTS),))
    y = layer.forward(POINTS[:, None], training=False)[:, 0]
    np.testing.assert_allclose(y, [formula(x) for x in POINTS], atol=1e-12)


def test_gelu_is_close_to_the_exact_normal_distribution():
    layer, *_ = build_layer("gelu", (len(POINTS),))
    y = layer.forward(POINTS[:, None], training=False)[:, 0]
    exact = [x * (1 + math.erf(x / math.sqrt(2))) / 2 for x in POINTS]
    np.testing.assert_allclose(y, exact, atol=1e-3)


def test_softmax_sums_to_one_and_does_not_overflow():
    layer, *_ = build_layer("softmax()", (3,))
    y = layer.forward(
        np.array([[1000.0, 0.0], [1000.0, math.log(2)], [-1000.0, 0.0]]), training=True
    )
    np.testing.assert_allclose(y, [[0.5, 0.25], [0.5, 0.5], [0.0, 0.25]], atol=1e-12)


def test_softmax_gradient_is_the_full_jacobian_product():
    layer, *_ = build_layer("softmax()", (4,))
    rng = np.random.default_rng(0)
    x, grad_y = rng.normal(size=(4, 2)), rng.normal(size=(4, 2))
    y = layer.forward(x, training=True).copy()
    grad_x = layer.backward(grad_y)
    for n in range(2):
        jacobian = np.diag(y[:, n]) - np.outer(y[:, n], y[:, n])
        np.testing.assert_allclose(grad_x[:, n], jacobian @ grad_y[:, n], atol=1e-12)
