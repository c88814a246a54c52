"""JAX's part in the bench: the same network from the same text, each step one compiled function."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from contenders import Job
from jax import lax
from pictures import batches

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.nn.spec.grammar import Call, parse_calls

_CHUNK = 250
"""Pictures read at once where many are: of 50 to 2,000, what JAX was fastest with."""
_RATE, _MOMENTUM = 0.01, 0.9
_EPSILON, _STATISTICS_MOMENTUM = 1e-5, 0.1
_PICTURE = (28, 28, 1)


class Worker:
    """Does jobs with JAX. How many threads it takes is in its process's environment."""

    def prepare(self, job: Job) -> int:
        network, weights, statistics = _network(job.spec)
        data = batches(job.images)
        if job.kind == "train":
            pairs = [next(data) for _ in range(8)]
            inputs = [(_inside(x), jnp.asarray(y, jnp.int32)) for x, y in pairs]
            self.call = _training(network, weights, statistics, inputs)
            return job.images
        read = jax.jit(lambda images: network(weights, statistics, images, None)[0])
        if job.kind == "evaluate":
            images = _inside(next(data)[0])
            parts = [images[start : start + _CHUNK] for start in range(0, len(images), _CHUNK)]
            # All are asked for before the first is waited for.
            self.call = lambda: np.concatenate([*map(np.asarray, [read(part) for part in parts])])
        else:
            image = next(data)[0]
            softmax = jax.jit(lambda images: jax.nn.softmax(read(images)))
            self.call = lambda: softmax(_inside(image)).tolist()
        return job.images


def _inside(images: np.ndarray) -> jax.Array:
    """(N, 28, 28) → (N, 28, 28, 1), as JAX convolves soonest on a processor."""
    return jnp.asarray(images[..., None])


def _training(network: Callable[..., Any], weights: Any, statistics: Any, inputs: Any):
    """A step of SGD with momentum, compiled whole; what it replaces it may write over."""

    def loss_of(weights, statistics, images, labels, key):
        logits, statistics = network(weights, statistics, images, key)
        chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1)
        return -chosen.mean(), statistics

    @partial(jax.jit, donate_argnums=0)
    def step(state, images, labels):
        weights, velocities, statistics, key = state
        key, own_key = jax.random.split(key)
        gradient = jax.value_and_grad(loss_of, has_aux=True)
        (loss, statistics), grads = gradient(weights, statistics, images, labels, own_key)
        velocities = jax.tree.map(lambda v, g: _MOMENTUM * v + g, velocities, grads)
        weights = jax.tree.map(lambda w, v: w - _RATE * v, weights, velocities)
        return (weights, velocities, statistics, key), loss

    velocities = jax.tree.map(jnp.zeros_like, weights)
    state = (weights, velocities, statistics, jax.random.key(0))
    steps = 0

    def call() -> float:
        nonlocal state, steps
        state, loss = step(state, *inputs[steps % len(inputs)])
        steps += 1
        return float(loss)

    return call


class _Layer(NamedTuple):
    """A layer: ``apply(weights, statistics, x, key)`` → output, statistics; no key when reading."""

    weights: Any
    statistics: Any
    apply: Callable[..., Any]
    shape: tuple[int, ...]


def _network(spec: str) -> tuple[Callable[..., Any], list[Any], list[Any]]:
    """The function of all layers in a row, and the weights and statistics that it begins with."""
    shape, layers = _PICTURE, []
    text = build_network(spec, backend=cpu_backend()).spec
    for place, call in enumerate(parse_calls(text)):
        layers.append(_layer(call, shape, jax.random.key(place)))
        shape = layers[-1].shape

    def network(weights, statistics, x, key):
        shown = []
        for place, layer in enumerate(layers):
            own_key = None if key is None else jax.random.fold_in(key, place)
            x, seen = layer.apply(weights[place], statistics[place], x, own_key)
            shown.append(seen)
        return x, shown

    return network, [layer.weights for layer in layers], [layer.statistics for layer in layers]


def _layer(call: Call, shape: tuple[int, ...], key: jax.Array) -> _Layer:
    """One layer's text; only the layers that the bench uses."""
    is_glorot = dict(call.keywords).get("init") == "glorot"
    draw = jax.nn.initializers.glorot_normal() if is_glorot else jax.nn.initializers.he_normal()
    match call.name, call.arguments:
        case "conv", (filters, size):
            weights = draw(key, (size, size, shape[-1], filters)), jnp.zeros(filters)
            return _Layer(weights, (), _convolve, (*shape[:-1], filters))
        case "dense", (units,):
            weights = draw(key, (*shape, units)), jnp.zeros(units)
            return _Layer(weights, (), lambda w, s, x, key: (x @ w[0] + w[1], s), (units,))
        case "batchnorm", ():
            weights = jnp.ones(shape[-1]), jnp.zeros(shape[-1])
            statistics = jnp.zeros(shape[-1]), jnp.ones(shape[-1])
            return _Layer(weights, statistics, _normalize, shape)
        case "maxpool", (2,):
            height, width, channels = shape
            return _Layer((), (), _pool, (height // 2, width // 2, channels))
        case "dropout", (rate,):
            return _Layer((), (), partial(_drop, rate), shape)
        case "relu", ():
            return _Layer((), (), lambda w, s, x, key: (jax.nn.relu(x), s), shape)
        case "flatten", ():
            flat = (int(np.prod(shape)),)
            return _Layer((), (), lambda w, s, x, key: (x.reshape(len(x), -1), s), flat)
    raise ValueError(f"no JAX layer for {call}")


def _convolve(weights, statistics, x, key):
    kernel, bias = weights
    layouts = ("NHWC", "HWIO", "NHWC")
    return lax.conv_general_dilated(x, kernel, (1, 1), "SAME", dimension_numbers=layouts) + bias, ()


def _pool(weights, statistics, x, key):
    """2×2 windows. The gradient of ``reduce_window`` takes twice a step's time, so not to train."""
    if key is None:
        window = (1, 2, 2, 1)
        return lax.reduce_window(x, -jnp.inf, lax.max, window, window, "VALID"), ()
    _, height, width, _ = x.shape
    x = x[:, : height // 2 * 2, : width // 2 * 2]
    x = jnp.maximum(x[:, 0::2], x[:, 1::2])
    return jnp.maximum(x[:, :, 0::2], x[:, :, 1::2]), ()


def _normalize(weights, statistics, x, key):
    gamma, beta = weights
    mean, variance = statistics
    if key is not None:
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        seen = mean, variance * (x[..., 0].size / (x[..., 0].size - 1))
        old, new = 1 - _STATISTICS_MOMENTUM, _STATISTICS_MOMENTUM
        statistics = tuple(old * a + new * b for a, b in zip(statistics, seen, strict=True))
    return (x - mean) * (lax.rsqrt(variance + _EPSILON) * gamma) + beta, statistics


def _drop(rate, weights, statistics, x, key):
    if key is None:
        return x, ()
    stays = jax.random.bernoulli(key, 1 - rate, x.shape)
    return jnp.where(stays, x / (1 - rate), 0), ()
