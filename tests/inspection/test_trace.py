"""A trace tells what the layers gave, and the gradients that went back, and leaves no mark."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.inspection.trace import trace, trace_back
from digitdesk.inspection.walk import walk
from digitdesk.messages.inside.look import INPUT
from digitdesk.nn.gradient_check import LAYER_CASES, TOLERANCE
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.spec.architectures import ARCHITECTURES
from tests.inspection.networks import EVERYTHING, picture, small_network, whole_network

LABEL = 3


@pytest.mark.parametrize("spec", [*ARCHITECTURES, EVERYTHING, "flatten dense(3000) relu dense(10)"])
def test_it_gives_what_the_network_gives_fused(spec):
    network, image = whole_network(spec), picture()
    traced = trace(network, image)
    np.testing.assert_allclose(
        traced.logits, network.predict_logits(image)[0], rtol=1e-4, atol=1e-5
    )
    assert list(traced.outputs) == [INPUT, *(each.path for each in walk(network.layers))]
    for each in traced.layers:
        assert traced.outputs[each.path].shape == each.layer.output_shape


def test_layers_are_left_as_they_were():
    network, image = whole_network(EVERYTHING), picture()
    before = network.predict_logits(image)
    needed = [each.layer.input_grad_needed for each in walk(network.layers)]
    assert not all(needed)
    trace_back(network, image, np.ones_like)
    for each in walk(network.layers):
        assert not {"forward", "backward"} & set(vars(each.layer))
    assert needed == [each.layer.input_grad_needed for each in walk(network.layers)]
    np.testing.assert_array_equal(network.predict_logits(image), before)


def test_what_it_tells_stays_when_the_network_goes_on():
    network = whole_network("cnn-light")
    traced = trace(network, picture())
    before = {path: numbers.copy() for path, numbers in traced.outputs.items()}
    trace(network, picture(seed=6))
    for path, numbers in traced.outputs.items():
        np.testing.assert_array_equal(numbers, before[path])


def loss_and_gradient(logits):
    criterion = SoftmaxCrossEntropy()
    loss = float(criterion.forward(logits, np.array([LABEL])))
    return loss, criterion.backward()


@pytest.mark.parametrize("spec", ["softmax", "conv-pool", "reader", "resnet-small", EVERYTHING])
def test_every_gradient_agrees_with_differences(spec):
    network, image = whole_network(spec, "float64"), picture(dtype="float64")
    traced, back = trace_back(network, image, lambda logits: loss_and_gradient(logits)[1])
    rng = np.random.default_rng(7)

    def loss(moved, move):
        """The loss where a layer's output, or the picture, is moved."""
        x = (image if moved else image + move)[..., np.newaxis]
        if moved:
            usual, change = moved.forward, move[..., np.newaxis]
            vars(moved)["forward"] = lambda x, training: usual(x, training=training) + change
        for layer in network.layers:
            x = layer.forward(x, training=False)
        if moved:
            del vars(moved)["forward"]
        return loss_and_gradient(x)[0]

    layers = {INPUT: None} | {each.path: each.layer for each in walk(network.layers)}
    for path, layer in layers.items():
        grad = back.by_output[path]
        direction = rng.normal(0, 1, grad.shape)
        direction /= np.linalg.norm(direction)
        direction += grad / max(float(np.linalg.norm(grad)), 1e-3)
        if isinstance(layer, ReLU):
            # Where zeros tie for the largest of a window, the loss has a kink, and no gradient.
            direction *= traced.outputs[path] > 0
        expected = float((grad * direction).sum())
        assert min(
            abs(expected - (loss(layer, direction * h) - loss(layer, direction * -h)) / (2 * h))
            / max(abs(expected), 1e-3)
            for h in (1e-6, 2e-7, 4e-8)
        ) <= TOLERANCE, path  # fmt: skip


@pytest.mark.parametrize(("spec", "shape"), LAYER_CASES)
def test_gradients_by_parameters_are_those_that_a_step_uses(spec, shape):
    network = small_network(spec, shape, "float64")
    _, back = trace_back(network, picture(shape, dtype="float64"), np.ones_like)
    assert set(back.by_parameter) == {parameter.name for parameter in network.parameters}
    for parameter in network.parameters:
        np.testing.assert_array_equal(back.by_parameter[parameter.name], parameter.grad)
