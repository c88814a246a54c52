"""A lesson is a step of training on a copy, and each of its gradients is explained and checked."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.errors import ConfigError
from digitdesk.inspection.explain.weights import LEARNED, explain_weight
from digitdesk.inspection.lesson import layer_gradients, loss_of, rate_points, teach
from digitdesk.inspection.trace import trace
from digitdesk.messages.inside.look import INPUT
from digitdesk.nn.gradient_check import LAYER_CASES
from digitdesk.nn.losses import softmax
from tests.inspection.networks import EVERYTHING, picture, small_network, whole_network

LABEL = 7
SPECS = ["softmax", "cnn-light", EVERYTHING]


def test_every_learned_array_of_every_layer_is_explained():
    learned = set()
    for spec, shape in LAYER_CASES:
        network = small_network(spec, shape)
        for each in trace(network, picture(shape)).layers:
            own = (p for p in network.parameters if p.name.rpartition(".")[0] == each.path)
            learned |= {(type(each.layer), p.name.rpartition(".")[2]) for p in own}
    assert set(LEARNED) == learned


@pytest.mark.parametrize("spec", SPECS)
def test_gradients_are_sums_of_products_and_agree_with_differences(spec):
    network = whole_network(spec)
    lesson = teach(network, picture(), LABEL, 0.1)
    for name, grads in lesson.back.by_parameter.items():
        largest = int(np.abs(grads).argmax())
        for k in {largest, grads.size - 1}:
            place = tuple(int(at) for at in np.unravel_index(k, grads.shape))
            told = explain_weight(lesson, name, place)
            assert told.gradient == float(grads[place])
            total = told.rest_sum + sum(term.product for term in told.terms)
            scale = max(abs(told.gradient), sum(abs(term.product) for term in told.terms))
            assert total == pytest.approx(told.gradient, abs=2e-5 * scale + 1e-9), name
            assert told.value == float(network.parameters[name].value[place])
            assert told.after == pytest.approx(told.value + told.update, rel=1e-6)
            assert told.update == -0.1 * told.gradient
            if k == largest:
                assert told.agreeing_digits >= 4, told


def test_a_weight_is_told_of_as_before_after_others_were_asked_for():
    lesson = teach(whole_network("cnn-light"), picture(), LABEL, 0.1)
    asked = [("conv1.kernel", (k, 0, 1, 1)) for k in range(8)] + [("dense2.bias", (3,))]
    first = [explain_weight(lesson, *each) for each in asked]
    assert [explain_weight(lesson, *each) for each in reversed(asked)] == first[::-1]


def test_ten_steps_learn_one_picture_by_heart():
    network, image = whole_network("cnn-light"), picture()
    before = network.predict_logits(image)
    lesson = teach(network, image, LABEL, 0.05, steps=10)
    assert [step.step for step in lesson.steps] == list(range(11))
    losses = [step.loss for step in lesson.steps]
    assert losses == sorted(losses, reverse=True)
    assert lesson.steps[0].probabilities[LABEL] < 0.5 < lesson.steps[-1].probabilities[LABEL]
    assert losses[0] == pytest.approx(loss_of(before[0], LABEL), rel=1e-5)
    np.testing.assert_allclose(lesson.steps[0].probabilities, softmax(before[0]), rtol=1e-4)
    np.testing.assert_array_equal(network.predict_logits(image), before)


def test_each_rate_is_tried_from_the_same_weights():
    network, image = whole_network("cnn-light"), picture()
    points = rate_points(network, image, LABEL, [0.05, 0.0, 1e-4, 0.05])
    first = teach(network, image, LABEL, 0.05).steps
    assert points[1].loss == pytest.approx(first[0].loss, rel=1e-6)
    assert points[3].loss == points[0].loss == pytest.approx(first[1].loss, rel=1e-6)
    assert points[1].loss > points[2].loss > points[3].loss


def test_a_step_that_bursts_all_numbers_is_told_as_no_number():
    lesson = teach(whole_network("resnet-small"), picture(), LABEL, 900.0, steps=2)
    assert not lesson.steps[-1].loss < lesson.steps[0].loss


def test_norms_say_how_much_arrives_where():
    lesson = teach(whole_network(EVERYTHING), picture(), LABEL, 0.1)
    rows = {row.layer: row for row in layer_gradients(lesson)}
    assert list(rows) == [INPUT, *(each.path for each in lesson.forward.layers)]
    for path, row in rows.items():
        assert row.norm == pytest.approx(float(np.linalg.norm(lesson.back.by_output[path])))
    kernel, bias = (lesson.back.by_parameter[f"dense3.{name}"] for name in ("kernel", "bias"))
    assert rows["dense3"].parameter_norm == pytest.approx(
        float(np.sqrt((kernel**2).sum() + (bias**2).sum()))
    )
    assert rows["relu1"].silent_share == float((lesson.forward.outputs["relu1"] == 0).mean())
    assert rows["tanh1"].silent_share is rows["tanh1"].parameter_norm is None


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"label": 10}, "no such output; expected 0 to 9; received 10"),
        ({"rate": -0.1}, "0 to 1000; received -0.1"),
        ({"rate": float("nan")}, "0 to 1000"),
        ({"steps": 0}, "1 to 100; received 0"),
    ],
)
def test_what_cannot_be_learned_is_refused(settings, sentence):
    asked = {"label": LABEL, "rate": 0.1, "steps": 1} | settings
    with pytest.raises(ConfigError, match=sentence):
        teach(whole_network("mlp"), picture(), **asked)


@pytest.mark.parametrize(
    ("name", "place", "sentence"),
    [
        ("conv1.kernel", (0, 0, 3, 0), "0 to 7, 0 to 0, 0 to 2, 0 to 2; received 0,0,3,0"),
        ("conv9.kernel", (0, 0, 0, 0), "not learned 'conv9.kernel'.*conv1.kernel, conv1.bias"),
    ],
)
def test_a_weight_that_is_not_there_is_refused(name, place, sentence):
    lesson = teach(whole_network("conv-pool"), picture(), LABEL, 0.1)
    with pytest.raises(ConfigError, match=sentence):
        explain_weight(lesson, name, place)
