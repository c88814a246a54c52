"""The gradient check passes for every layer and network, and fails on a planted error."""

from __future__ import annotations

import pytest

from digitdesk.nn.gradient_check import LAYER_CASES, check_every_layer, check_layer, check_network
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import WORDS, parse_layers


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(("spec", "shape"), LAYER_CASES)
def test_every_layer(spec, shape, training):
    (layer,) = parse_layers(spec)
    rows = check_layer(layer, shape, subject=spec, training=training)
    assert rows
    assert all(row.passed for row in rows), rows


def test_every_word_has_a_case():
    assert {spec.split("(")[0] for spec, _ in LAYER_CASES} == {*WORDS, "residual"}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture(name):
    rows = check_network(name, batch=2)
    assert all(row.passed for row in rows), rows


class _SlightlyWrong(Dense):
    def backward(self, grad_y):
        grad_x = super().backward(grad_y)
        self.kernel.grad[1, 2] *= 1.001
        return grad_x


class _SlightlyWrongInput(Dense):
    def backward(self, grad_y):
        return super().backward(grad_y) * 1.001


@pytest.mark.parametrize(
    ("planted", "caught"), [(_SlightlyWrong, "dense1.kernel"), (_SlightlyWrongInput, "input")]
)
def test_a_planted_error_of_a_thousandth_is_caught(planted, caught):
    layer = planted(4)
    layer.name = "dense1"
    rows = check_layer(layer, (5,))
    assert [row.gradient for row in rows if not row.passed] == [caught]


@pytest.mark.parametrize(
    ("spec", "seed"),
    [
        ("reader", 0),  # biases before a batch normalization: their gradient is zero by nature
        ("resnet-small", 5),  # a unit changes its mind between the two points
        ("conv(16, 3) batchnorm relu maxpool(2) flatten dropout(0.5) dense(10)", 5),
    ],
)
def test_rounding_and_kinks_are_not_taken_for_errors(spec, seed):
    rows = check_network(spec, seed=seed)
    assert all(row.passed for row in rows), [row for row in rows if not row.passed]


def test_progress_is_told_and_a_check_can_be_cancelled():
    told = []
    rows = check_network(
        "mlp",
        progress=lambda done, total: told.append((done, total)),
        cancelled=lambda: len(told) > 2,
    )
    assert told == [(0, 4), (1, 4), (2, 4)]
    assert [row.gradient for row in rows] == ["dense1.kernel", "dense1.bias"]
    assert check_every_layer(cancelled=lambda: True) == ()
