"""The contract of a layer, over every layer and every array module."""

from __future__ import annotations

import numpy as np
import pytest
from strict_array_module import STRICT_BACKEND
from support import build_layer

from digitdesk.nn.core.backend import cpu_backend, gpu_status, select_backend
from digitdesk.nn.gradient_check import LAYER_CASES, check_layer
from digitdesk.nn.losses import MeanSquaredError, SoftmaxCrossEntropy
from digitdesk.nn.optim.optimizers import (
    DEFAULT_LEARNING_RATES,
    ExponentialMovingAverage,
    make_optimizer,
)
from digitdesk.nn.spec.architectures import ARCHITECTURES
from digitdesk.nn.spec.build import build_network, parse_layers

BACKENDS = [pytest.param(cpu_backend(), id="numpy"), pytest.param(STRICT_BACKEND, id="strict")]
if gpu_status().available:
    BACKENDS.append(pytest.param(select_backend("gpu"), id="cupy"))

every_layer = pytest.mark.parametrize(("spec", "shape"), LAYER_CASES)
every_backend = pytest.mark.parametrize("backend", BACKENDS)


def batch(backend, shape, count, dtype, seed=1):
    return backend.asarray(np.random.default_rng(seed).normal(0, 1, (*shape, count)), dtype)


@every_backend
@every_layer
def test_arrays_given_are_never_modified(spec, shape, backend):
    layer, _, _, _, out = build_layer(spec, shape, backend=backend)
    x, grad_y = batch(backend, shape, 4, "float64"), batch(backend, out, 4, "float64", seed=2)
    x_before, grad_before = backend.to_host(x).copy(), backend.to_host(grad_y).copy()
    layer.forward(x, training=True)
    layer.backward(grad_y)
    np.testing.assert_array_equal(backend.to_host(x), x_before)
    np.testing.assert_array_equal(backend.to_host(grad_y), grad_before)


@every_backend
@every_layer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_everything_has_the_number_type_of_the_build(spec, shape, backend, dtype):
    layer, parameters, _, _, out = build_layer(spec, shape, backend=backend, dtype=dtype)
    y = layer.forward(batch(backend, shape, 3, dtype), training=True)
    grad_x = layer.backward(batch(backend, out, 3, dtype))
    assert y.dtype == grad_x.dtype == np.dtype(dtype)
    assert y.shape == (*out, 3)
    assert grad_x.shape == (*shape, 3)
    assert all(parameter.grad.dtype == np.dtype(dtype) for parameter in parameters)
    assert layer.forward(batch(backend, shape, 3, dtype), training=False).dtype == np.dtype(dtype)


@every_backend
@every_layer
def test_any_batch_size_smaller_and_larger_than_before(spec, shape, backend):
    layer, parameters, _, random, out = build_layer(spec, shape, backend=backend)
    for count in (3, 1, 7, 2, 3):
        fresh, fresh_parameters, _, fresh_random, _ = build_layer(spec, shape, backend=backend)
        x, grad_y = batch(backend, shape, count, "float64"), batch(backend, out, count, "float64")
        results = []
        for one, numbers in ((layer, random), (fresh, fresh_random)):
            numbers.seek(0)
            y = backend.to_host(one.forward(x, training=True)).copy()
            results.append((y, backend.to_host(one.backward(grad_y)).copy()))
        np.testing.assert_array_equal(results[0][0], results[1][0])
        np.testing.assert_array_equal(results[0][1], results[1][1])
        for mine, other in zip(parameters, fresh_parameters, strict=True):
            np.testing.assert_array_equal(backend.to_host(mine.grad), backend.to_host(other.grad))


@every_backend
@every_layer
def test_parameters_are_left_alone_and_gradients_overwritten(spec, shape, backend):
    layer, parameters, _, random, out = build_layer(spec, shape, backend=backend)
    values = backend.to_host(parameters.values).copy()
    x, grad_y = batch(backend, shape, 3, "float64"), batch(backend, out, 3, "float64")
    grads = []
    for _ in range(2):
        random.seek(0)
        layer.forward(x, training=True)
        layer.backward(grad_y)
        grads.append(backend.to_host(parameters.grads).copy())
    np.testing.assert_array_equal(backend.to_host(parameters.values), values)
    np.testing.assert_array_equal(*grads)


@every_layer
def test_training_is_an_argument_not_a_mode(spec, shape):
    """Reading gives the same before and after a training pass."""
    layer, _, _, _, _ = build_layer(spec, shape)
    x = batch(cpu_backend(), shape, 3, "float64")
    before = layer.forward(x, training=False).copy()
    layer.forward(x * 2, training=True)
    np.testing.assert_array_equal(layer.forward(x, training=False), before)


@every_layer
def test_the_strict_module_gives_numpys_results(spec, shape):
    results = []
    for backend in (cpu_backend(), STRICT_BACKEND):
        layer, parameters, _, _, out = build_layer(spec, shape, backend=backend)
        y = backend.to_host(layer.forward(batch(backend, shape, 5, "float64"), training=True))
        grad_x = layer.backward(batch(backend, out, 5, "float64", seed=2))
        results.append((y.copy(), backend.to_host(grad_x), backend.to_host(parameters.grads)))
    for mine, strict in zip(*results, strict=True):
        np.testing.assert_allclose(mine, strict, rtol=1e-12, atol=1e-12)


@every_layer
def test_gradients_on_the_strict_module(spec, shape):
    (layer,) = parse_layers(spec)
    rows = check_layer(layer, shape, backend=STRICT_BACKEND)
    assert all(row.passed for row in rows), rows


@every_backend
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_snapshot_and_load_give_the_same_answers(name, backend):
    images = np.random.default_rng(0).random((5, 28, 28), dtype=np.float32)
    first = build_network(name, backend=backend, seed=1)
    second = build_network(name, backend=backend, seed=2)
    assert np.abs(first.predict_logits(images) - second.predict_logits(images)).max() > 1e-3
    second.load_arrays(first.snapshot())
    np.testing.assert_array_equal(first.predict_logits(images), second.predict_logits(images))


@pytest.mark.parametrize("optimizer", DEFAULT_LEARNING_RATES)
def test_a_whole_training_loop_runs_on_the_strict_module(optimizer):
    rng = np.random.default_rng(0)
    images = rng.random((8, 28, 28), dtype=np.float32)
    labels = rng.integers(0, 10, 8)
    snapshots = []
    for backend in (cpu_backend(), STRICT_BACKEND):
        network = build_network(
            "conv(4, 3) relu maxpool(2) batchnorm flatten dropout(0.1) dense(10)",
            backend=backend,
            dtype="float64",
        )
        follower = make_optimizer(optimizer, l1=1e-4, l2=1e-3, clip_norm=1.0)
        average = ExponentialMovingAverage(0.9, network.parameters)
        loss = SoftmaxCrossEntropy(0.1, xp=backend.xp)
        for step in range(3):
            network.random.seek(step)
            logits = network.forward(network.to_inside(images), training=True)
            loss.forward(logits, backend.asarray(labels))
            network.backward(loss.backward())
            follower.step(network.parameters)
            average.update()
        average.swap_in()
        snapshots.append(network.snapshot())
    for name, mine in snapshots[0].items():
        # The convolution's bias does nothing before a batch normalization: its gradient is what
        # was rounded off, differently by BLAS's sums and the module's, and AdaGrad enlarges it.
        np.testing.assert_allclose(snapshots[1][name], mine, rtol=1e-6, atol=1e-6, err_msg=name)


def test_mean_squared_error_on_the_strict_module():
    backend = STRICT_BACKEND
    loss = MeanSquaredError(xp=backend.xp)
    outputs = backend.asarray([[1.0, 2.0], [0.0, 1.0]])
    assert float(loss.forward(outputs, backend.asarray([0, 1]))) == pytest.approx(1.0)
    np.testing.assert_allclose(backend.to_host(loss.backward()), [[0, 1], [0, 0]])


def test_the_strict_module_is_strict():
    array = STRICT_BACKEND.asarray([1.0, 2.0])
    with pytest.raises(TypeError):
        np.asarray(array)
    with pytest.raises(TypeError):
        array + np.ones(2)
    with pytest.raises(TypeError):
        np.ones(2) * array
    with pytest.raises(TypeError):
        np.add(array, array)
    with pytest.raises(TypeError):
        array[...] = np.ones(2)
    with pytest.raises(TypeError):
        STRICT_BACKEND.xp.maximum(array, np.ones(2))
