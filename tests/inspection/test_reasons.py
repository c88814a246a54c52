"""Saliency says what the network does, and a drawing is changed little until it is another."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.errors import CancelledError, ConfigError
from digitdesk.inspection.reasons import (
    MOST_STEPS,
    PATCH,
    gradient_times_input,
    occlusion,
    turn_into,
)
from digitdesk.inspection.trace import trace
from tests.inspection.networks import picture, whole_network


def nobody(done: int, total: int) -> None:
    assert 0 <= done <= total


def bar():
    """Ink in the middle of the picture, and none around it."""
    image = np.zeros((28, 28), dtype=np.float32)
    image[6:22, 12:15] = 1
    return image


def test_of_a_linear_network_gradient_times_input_is_its_sum():
    network = whole_network("softmax")
    image = picture((28, 28))
    saliency = gradient_times_input(network, image, 3)
    logit, bias = trace(network, image).logits[3], network.parameters["dense1.bias"].value[3]
    assert float(saliency.sum()) == pytest.approx(float(logit - bias), rel=1e-4)
    weights = network.parameters["dense1.kernel"].value[3].reshape(28, 28)
    np.testing.assert_allclose(saliency, weights * image, atol=1e-6)


def test_occlusion_is_how_far_the_logit_falls():
    network, image = whole_network("conv-pool"), bar()
    falls = occlusion(network.predict_logits, image, 7, nobody)
    usual = network.predict_logits(image[None])[0, 7]
    for row, column in ((10, 13), (5, 11), (0, 0), (22, 16)):
        wiped = image.copy()
        reach = PATCH // 2
        wiped[
            max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1
        ] = 0
        fall = usual - network.predict_logits(wiped[None])[0, 7]
        assert float(falls[row, column]) == pytest.approx(float(fall), abs=1e-5)
    # Where there is no ink near by, nothing is wiped off.
    assert not falls[:4].any()


@pytest.mark.parametrize("spec", ["softmax", "cnn-light"])
def test_ink_is_changed_little_and_near_to_ink_until_it_is_another(spec):
    network, image = whole_network(spec), bar()
    usual = int(trace(network, image).logits.argmax())
    wanted = int(trace(network, image).logits.argsort()[-2])
    told = turn_into(network, image, wanted, nobody)
    assert told.is_reached
    assert int(trace(network, told.image).logits.argmax()) == wanted
    assert told.before.argmax() == usual
    assert told.after.argmax() == wanted
    assert told.image.min() >= 0
    assert told.image.max() <= 1
    changed = told.image != image
    assert not changed[:4].any()
    assert not changed[:, 17:].any()
    # A little nearer to the picture that it was, it is not there yet.
    nearer = image + (told.image - image) * np.float32(0.95)
    assert int(trace(network, nearer).logits.argmax()) == usual


def test_what_it_is_already_is_left_as_it_is():
    network, image = whole_network("softmax"), bar()
    told = turn_into(network, image, int(trace(network, image).logits.argmax()), nobody)
    assert told.is_reached
    assert told.steps == 0
    np.testing.assert_array_equal(told.image, image)


def test_without_ink_there_is_nothing_to_change():
    network = whole_network("softmax")
    blank = np.zeros((28, 28), dtype=np.float32)
    other = int(trace(network, blank).logits.argmin())
    told = turn_into(network, blank, other, nobody)
    assert not told.is_reached
    assert told.steps < MOST_STEPS


def test_it_stops_when_it_is_told_to():
    def stop(done: int, total: int) -> None:
        raise CancelledError("The work was cancelled")

    network = whole_network("softmax")
    with pytest.raises(CancelledError):
        occlusion(network.predict_logits, bar(), 1, stop)
    with pytest.raises(CancelledError):
        turn_into(network, bar(), int(trace(network, bar()).logits.argmin()), stop)


def test_an_output_that_is_not_there_is_refused():
    with pytest.raises(ConfigError, match="0 to 9; received 10"):
        turn_into(whole_network("softmax"), bar(), 10, nobody)
