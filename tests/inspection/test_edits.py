"""Changes by hand do what they say, to a copy, and come out the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.errors import ConfigError
from digitdesk.inspection.edits import edited
from digitdesk.inspection.trace import trace
from digitdesk.messages.inside.edits import Edit
from tests.inspection.networks import picture, whole_network


@pytest.mark.parametrize(
    ("spec", "layer", "silent"),
    [
        ("cnn-light", "conv1", ["conv1", "relu1", "maxpool1"]),
        ("cnn-light", "maxpool1", ["conv1", "relu1", "maxpool1"]),
        ("reader", "relu2", ["conv2", "batchnorm2", "relu2"]),
        ("reader", "conv1", ["conv1", "maxpool1", "batchnorm1", "relu1"]),
        ("cnn-light", "dense1", ["dense1", "relu3"]),
        ("resnet-small", "residual1.conv1", ["residual1.conv1", "residual1.relu1"]),
    ],
)
def test_a_unit_that_is_off_gives_nothing(spec, layer, silent):
    network = whole_network(spec)
    before = trace(network, picture())
    last = before.outputs[silent[-1]]
    unit = int(last.reshape(len(last), -1).max(axis=1).argmax())
    after = trace(edited(network, [Edit("off", layer, unit)]), picture())
    for path in silent:
        assert not after.outputs[path][unit].any(), path
        others = np.arange(len(after.outputs[path])) != unit
        np.testing.assert_array_equal(after.outputs[path][others], before.outputs[path][others])
    assert not np.array_equal(after.logits, before.logits)
    np.testing.assert_array_equal(trace(network, picture()).logits, before.logits)


def test_a_bias_is_shifted_and_a_kernel_scaled():
    network = whole_network("conv(3, 3) flatten dense(10)")
    before = trace(network, picture()).outputs["conv1"]
    edits = [Edit("scale", "conv1", 1, -2.0), Edit("shift", "conv1", 1, 0.5)]
    after = trace(edited(network, edits), picture()).outputs["conv1"]
    bias = float(network.parameters["conv1.bias"].value[1])
    np.testing.assert_allclose(after[1], (before[1] - bias) * -2 + bias + 0.5, atol=1e-5)
    np.testing.assert_array_equal(after[[0, 2]], before[[0, 2]])


def test_the_smallest_weights_are_pruned():
    network = whole_network("cnn-light")
    kept = edited(network, [Edit("prune", amount=0.75)])
    before, after = (
        np.concatenate([p.value.ravel() for p in n.parameters if p.name.endswith("kernel")])
        for n in (network, kept)
    )
    lost = after == 0
    assert lost.sum() == round(0.75 * lost.size)
    assert np.abs(before[lost]).max() <= np.abs(before[~lost]).min()
    np.testing.assert_array_equal(after[~lost], before[~lost])
    one = edited(network, [Edit("prune", "conv2", amount=0.5)])
    shares = {p.name: float((p.value == 0).mean()) for p in one.parameters if p.decay}
    assert shares == {
        "conv1.kernel": 0,
        "conv2.kernel": 0.5,
        "dense1.kernel": 0,
        "dense2.kernel": 0,
    }


@pytest.mark.parametrize("bits", [8, 4, 2])
def test_few_numbers_are_left_of_so_many_bits(bits):
    network = whole_network("cnn-light")
    rounded = edited(network, [Edit("quantize", amount=bits)])
    for parameter in rounded.parameters:
        usual = network.parameters[parameter.name].value
        if not parameter.name.endswith("kernel"):
            np.testing.assert_array_equal(parameter.value, usual)
            continue
        assert len(np.unique(parameter.value)) <= 2**bits - 1
        step = np.abs(usual).max() / (2 ** (bits - 1) - 1)
        assert np.abs(parameter.value - usual).max() <= step / 2 * 1.001


def test_noise_is_the_same_each_time_and_as_strong_as_said():
    network = whole_network("mlp")
    once, again = (edited(network, [Edit("noise", amount=0.3)]) for _ in range(2))
    name = "dense1.kernel"
    usual = network.parameters[name].value
    np.testing.assert_array_equal(once.parameters[name].value, again.parameters[name].value)
    noise = once.parameters[name].value - usual
    assert float(noise.std()) == pytest.approx(0.3 * float(usual.std()), rel=0.05)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Edit("off", "conv7", 1), "no layer 'conv7'"),
        (Edit("off", "conv1", 8), "0 to 7.*received 8"),
        (Edit("off", "conv1"), "0 to 7"),
        (Edit("off", "flatten1", 3), "flatten1 have no weights of their own"),
        (Edit("scale", "flatten1", 3, 2.0), "flatten1 have no weights of their own"),
        (Edit("prune", "relu1", amount=0.5), "no weights in 'relu1'.*conv1, conv2"),
        (Edit("prune", amount=1.5), "0 to 1; received 1.5"),
        (Edit("quantize", amount=1), "2 to 16"),
    ],
)
def test_what_cannot_be_done_is_refused(edit, sentence):
    with pytest.raises(ConfigError, match=sentence):
        edited(whole_network("cnn-light"), [edit])
