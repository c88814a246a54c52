"""Optimizers against sequences computed by hand, and everything around the rule."""

from __future__ import annotations

import math

import numpy as np
import pytest

from digitdesk.errors import ArraysError, ConfigError
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.optim.optimizers import (
    DEFAULT_LEARNING_RATES,
    ExponentialMovingAverage,
    make_optimizer,
)


def buffer_with(kernel, bias=()):
    buffer = ParameterBuffer(cpu_backend(), "float64")
    values = {"kernel": np.array(kernel), "bias": np.array(bias, dtype=float)}
    for name, start in values.items():
        buffer.declare(name, start.shape, lambda rng, shape, s=start: s, decay=name == "kernel")
    buffer.allocate(np.random.default_rng(0))
    return buffer


def trace(name, grads, *, rate, start=1.0, **settings):
    """The values of one weight while it follows some gradients."""
    buffer = buffer_with([start])
    optimizer = make_optimizer(name, learning_rate=rate, **settings)
    values = []
    for grad in grads:
        buffer["kernel"].grad[...] = grad
        optimizer.step(buffer)
        values.append(float(buffer["kernel"].value[0]))
    return values


def test_sgd():
    assert trace("sgd", [2.0, -1.0], rate=0.1) == pytest.approx([0.8, 0.9])


def test_momentum():
    # v: 2, 0.9·2 − 1 = 0.8, 0.72 + 0.5 = 1.22
    expected = [1 - 0.2, 0.8 - 0.08, 0.72 - 0.122]
    assert trace("momentum", [2.0, -1.0, 0.5], rate=0.1) == pytest.approx(expected)


def test_nesterov():
    # step = lr (g + 0.9 v): 0.1 (2 + 1.8), then 0.1 (−1 + 0.72)
    assert trace("nesterov", [2.0, -1.0], rate=0.1) == pytest.approx([0.62, 0.648])


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9, 0.99])
def test_many_steps_of_momentum_are_as_its_formula(momentum, nesterov):
    """Enough for the scale of the velocity to start anew, several times for a small momentum."""
    grads = np.random.default_rng(0).normal(size=700)
    value, velocity, expected = 1.0, 0.0, []
    for grad in grads:
        velocity = momentum * velocity + grad
        value -= 0.1 * (grad + momentum * velocity if nesterov else velocity)
        expected.append(value)
    name = "nesterov" if nesterov else "momentum"
    values = trace(name, grads, rate=0.1, momentum=momentum)
    assert values == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_a_momentum_changed_on_the_way_counts_from_then_on():
    buffer = buffer_with([1.0])
    optimizer = make_optimizer("momentum", learning_rate=0.1)
    value, velocity = 1.0, 0.0
    for step in range(300):
        optimizer.momentum = (0.9, 0.0, 0.5, 0.99)[step // 10 % 4]
        velocity = optimizer.momentum * velocity + 1.0
        value -= 0.1 * velocity
        buffer["kernel"].grad[...] = 1.0
        optimizer.step(buffer)
        assert buffer["kernel"].value[0] == pytest.approx(value)


def test_adagrad():
    first = 1 - 0.1 * 2 / 2
    second = first + 0.1 * 1 / math.sqrt(5)
    assert trace("adagrad", [2.0, -1.0], rate=0.1) == pytest.approx([first, second])


def test_rmsprop():
    first = 1 - 0.1 * 2 / math.sqrt(0.4)
    second = first + 0.1 * 1 / math.sqrt(0.9 * 0.4 + 0.1)
    assert trace("rmsprop", [2.0, -1.0], rate=0.1) == pytest.approx([first, second], rel=1e-6)


def test_adam():
    # Corrected for their start, the first mean and deviation are g and |g|: a step of the rate.
    first = 1 - 0.1
    mean = (0.9 * 0.2 - 0.1) / (1 - 0.9**2)
    square = (0.999 * 0.004 + 0.001) / (1 - 0.999**2)
    second = first - 0.1 * mean / math.sqrt(square)
    assert trace("adam", [2.0, -1.0], rate=0.1) == pytest.approx([first, second], rel=1e-6)


def test_adamw_decays_apart_from_the_gradient():
    (value,) = trace("adamw", [2.0], rate=0.1, weight_decay=0.5)
    assert value == pytest.approx(1 * (1 - 0.1 * 0.5) - 0.1)
    (usual,) = trace("adamw", [2.0], rate=0.1)
    assert usual == pytest.approx(1 * (1 - 0.1 * 0.01) - 0.1)


def test_l2_and_l1_join_the_gradient():
    assert trace("sgd", [2.0], rate=0.1, l2=0.5, start=3.0) == pytest.approx([3 - 0.1 * 3.5])
    assert trace("sgd", [2.0], rate=0.1, l1=0.5, start=-3.0) == pytest.approx([-3 - 0.1 * 1.5])


def test_penalties_and_decay_leave_biases_alone():
    buffer = buffer_with([1.0, 2.0], bias=[3.0])
    make_optimizer("sgd", learning_rate=1.0, l1=0.1, l2=0.1, weight_decay=0.1).step(buffer)
    assert buffer["bias"].value[0] == 3.0
    assert (np.abs(buffer["kernel"].value - [1.0, 2.0]) > 0.05).all()


def test_clipping_shortens_long_gradients_only():
    buffer = buffer_with([0.0, 0.0], bias=[0.0])
    optimizer = make_optimizer("sgd", learning_rate=1.0, clip_norm=1.0)
    buffer["kernel"].grad[...] = [3.0, 0.0]
    buffer["bias"].grad[...] = 4.0
    optimizer.step(buffer)
    np.testing.assert_allclose(buffer["kernel"].value, [-0.6, 0.0])
    np.testing.assert_allclose(buffer["bias"].value, [-0.8])
    buffer.grads[...] = 0
    buffer["kernel"].grad[...] = [0.5, 0.0]
    optimizer.step(buffer)
    np.testing.assert_allclose(buffer["kernel"].value, [-1.1, 0.0])


@pytest.mark.parametrize("name", DEFAULT_LEARNING_RATES)
def test_parts_give_what_the_whole_gives(name):
    rng = np.random.default_rng(0)
    whole, parts = (buffer_with(np.arange(40.0), bias=np.ones(20)) for _ in range(2))
    one, other = (make_optimizer(name, l1=0.01, l2=0.1, weight_decay=0.1) for _ in range(2))
    for _ in range(3):
        grads = rng.normal(size=whole.grads.shape)
        for buffer in (whole, parts):
            buffer.grads[...] = grads
        one.step(whole)
        other.begin_step(parts)
        for part in (slice(0, 16), slice(16, 64), slice(64, parts.values.size)):
            other.update(parts, part)
    np.testing.assert_array_equal(whole.values, parts.values)


@pytest.mark.parametrize("name", DEFAULT_LEARNING_RATES)
def test_saved_and_resumed_is_as_never_stopped(name):
    def run(optimizer, buffer, grads):
        for grad in grads:
            buffer["kernel"].grad[...] = grad
            optimizer.step(buffer)

    straight, resumed = buffer_with([1.0, 2.0]), buffer_with([1.0, 2.0])
    run(make_optimizer(name), straight, [1.0, -2.0, 0.5, 3.0])
    first = make_optimizer(name)
    run(first, resumed, [1.0, -2.0])
    second = make_optimizer(name)
    second.load_state_arrays(first.state_arrays())
    run(second, resumed, [0.5, 3.0])
    np.testing.assert_array_equal(straight.values, resumed.values)


def test_a_foreign_state_is_refused():
    optimizer = make_optimizer("adam")
    buffer = buffer_with([1.0])
    optimizer.step(buffer)
    with pytest.raises(ArraysError, match="velocity"):
        make_optimizer("momentum").load_state_arrays(optimizer.state_arrays())


def momentum_after(steps):
    buffer, optimizer = buffer_with([1.0]), make_optimizer("momentum", learning_rate=0.1)
    for _ in range(steps):
        buffer["kernel"].grad[...] = 1.0
        optimizer.step(buffer)
    return buffer, optimizer


def test_a_velocity_saved_before_there_was_a_scale_is_taken_as_it_is():
    straight, first = momentum_after(5)
    state = first.state_arrays()
    resumed, second = momentum_after(5)
    velocity = state["velocity"] / state.pop("scale")
    second.load_state_arrays({**state, "velocity": velocity})
    for buffer, optimizer in ((straight, first), (resumed, second)):
        buffer["kernel"].grad[...] = 1.0
        optimizer.step(buffer)
    np.testing.assert_allclose(straight.values, resumed.values)


@pytest.mark.parametrize("scale", [0.0, -1.0, 0.5, 1e9, math.inf, math.nan])
def test_a_scale_that_no_run_can_have_is_refused(scale):
    _, optimizer = momentum_after(5)
    state = {**optimizer.state_arrays(), "scale": np.array(scale)}
    with pytest.raises(ArraysError, match="scale"):
        make_optimizer("momentum").load_state_arrays(state)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("sdg", {}),
        ("sgd", {"learning_rate": -1.0}),
        ("sgd", {"learning_rate": math.nan}),
        ("adam", {"l2": math.inf}),
        ("momentum", {"momentum": 1.0}),
        ("adam", {"clip_norm": -1.0}),
    ],
)
def test_bad_settings_are_refused(name, settings):
    with pytest.raises(ConfigError):
        make_optimizer(name, **settings)


def test_a_gradient_of_zero_is_safe_everywhere():
    for name in DEFAULT_LEARNING_RATES:
        assert all(map(math.isfinite, trace(name, [0.0, 0.0], rate=0.1, clip_norm=1.0)))


def test_weight_average_by_hand():
    buffer = buffer_with([1.0])
    average = ExponentialMovingAverage(0.5, buffer)
    buffer["kernel"].value[...] = 2.0
    average.update()  # kept: min(0.5, 2/11)
    assert average.values[0] == pytest.approx(1 * 2 / 11 + 2 * 9 / 11)
    for _ in range(60):
        average.update()
    average.swap_in()
    assert buffer["kernel"].value[0] == pytest.approx(2.0)
    buffer["kernel"].value[...] = 5.0
    average.swap_out()
    assert buffer["kernel"].value[0] == 2.0
    with pytest.raises(ConfigError):
        ExponentialMovingAverage(1.0, buffer)


def test_memories_never_become_subnormal():
    """They would slow every step down; a gradient that has stopped must be forgotten."""
    buffer = ParameterBuffer(cpu_backend(), "float32")
    buffer.declare("kernel", (50,), lambda rng, shape: np.ones(shape), decay=True)
    buffer.allocate(np.random.default_rng(0))
    optimizer = make_optimizer("momentum")
    buffer.grads[...] = np.logspace(-8, 3, buffer.grads.size)
    for _ in range(1500):
        optimizer.step(buffer)
        velocity = np.abs(optimizer.state_arrays()["velocity"])
        assert not ((velocity > 0) & (velocity < np.finfo(np.float32).tiny)).any()
        buffer.grads[...] = 0
    assert (velocity == 0).all()
