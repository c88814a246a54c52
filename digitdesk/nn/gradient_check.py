"""Gradient check: hand-derived gradients against differences of the loss, in float64.

A tool, not a test: it returns a table of rows that the command line and the window show.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Array, Backend, Shape, cpu_backend
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.layers.layer import BuildContext, Layer
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.spec.build import build_network, parse_layers

TOLERANCE = 1e-5
"""Largest relative error that passes; differences in float64 agree to about 1e-8."""

# How far to move, tried in turn. Where a unit of ReLU or max-pooling changes its mind between the
# two points, the loss has a kink and its difference is no gradient; a shorter step passes it by.
_STEPS = (1e-6, 2e-7, 4e-8)
_DIRECTIONS = 4
# A loss of about 2 is known to 4e-16, its difference over two steps to about 1e-9: a gradient
# that is zero by nature agrees within the tolerance if nothing below this counts.
_SMALLEST = 1e-3

LAYER_CASES: tuple[tuple[str, Shape], ...] = (
    ("dense(4)", (5,)),
    ("conv(3, 3)", (2, 5, 6)),
    ("conv(3, 3, padding=valid)", (2, 5, 6)),
    ("conv(2, 3, stride=2)", (2, 6, 7)),
    ("conv(2, 2, stride=3, padding=2)", (2, 5, 4)),
    ("conv(2, 5)", (1, 6, 6)),
    ("conv(2, 3)", (32, 3, 3)),
    ("conv(3, 1, stride=2, padding=valid)", (2, 5, 5)),
    ("maxpool(2)", (2, 6, 4)),
    ("maxpool(2)", (2, 5, 7)),
    ("maxpool(3, stride=2)", (2, 7, 7)),
    ("maxpool(3)", (1, 7, 8)),
    ("averagepool(2)", (2, 6, 5)),
    ("averagepool(3, stride=2)", (2, 7, 7)),
    ("flatten", (2, 3, 4)),
    ("dropout(0.4)", (6,)),
    ("batchnorm", (5,)),
    ("batchnorm", (2, 4, 3)),
    ("relu", (7,)),
    ("leakyrelu(0.1)", (7,)),
    ("elu(0.7)", (7,)),
    ("swish", (7,)),
    ("gelu", (7,)),
    ("sigmoid", (7,)),
    ("tanh", (7,)),
    ("softmax()", (7,)),
    ("residual(conv(2, 3) relu conv(2, 3))", (2, 4, 4)),
    ("residual(conv(3, 3, stride=2) batchnorm tanh)", (2, 5, 5)),
)
"""A spec of every layer in every way it can work, with an input shape."""


Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class CheckedGradient:
    """One checked gradient.

    Attributes:
        subject: What was checked: a layer's or a network's spec.
        gradient: By what: ``input`` or a parameter's dotted name.
        comparisons: How many entries and directions were compared.
        worst_error: Largest relative error among them.
        passed: Whether that is within the tolerance.
    """

    subject: str
    gradient: str
    comparisons: int
    worst_error: float
    passed: bool


def check_every_layer(
    *,
    backend: Backend | None = None,
    tolerance: float = TOLERANCE,
    seed: int = 0,
    progress: Progress = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
) -> tuple[CheckedGradient, ...]:
    """Check all of ``LAYER_CASES``, every entry and some random directions.

    Args:
        backend: Where to compute; on the processor by default.
        tolerance: Largest relative error that passes.
        seed: Seed of the parameters, inputs and directions.
        progress: Called with how many layers are checked, and of how many.
        cancelled: Asked before each layer; what is checked by then is returned.
    """
    rows: list[CheckedGradient] = []
    for done, (spec, shape) in enumerate(LAYER_CASES):
        progress(done, len(LAYER_CASES))
        if cancelled():
            break
        (layer,) = parse_layers(spec)
        rows += check_layer(
            layer, shape, subject=spec, backend=backend, tolerance=tolerance, seed=seed
        )
    return tuple(rows)


def check_layer(
    layer: Layer,
    input_shape: Shape,
    *,
    subject: str = "",
    backend: Backend | None = None,
    tolerance: float = TOLERANCE,
    batch: int = 3,
    seed: int = 0,
    training: bool = True,
) -> tuple[CheckedGradient, ...]:
    """Check one layer that is not built yet: its input gradient and all its parameters'.

    The loss is the sum of the outputs, each times a random weight; those of a layer that reads,
    where it is not ``training``.
    """
    backend = backend or cpu_backend()
    rng = np.random.default_rng(seed)
    parameters, statistics = (
        ParameterBuffer(backend, "float64"),
        ParameterBuffer(backend, "float64"),
    )
    random = RandomStream(backend, seed)
    context = BuildContext(backend, "float64", parameters, statistics, rng, random)
    output_shape = layer.build(input_shape, context.scope(layer.name))
    parameters.allocate(rng)
    statistics.allocate(rng)
    # Away from zero biases and unit scales, which could hide an error.
    shaken = rng.normal(0, 0.5, parameters.values.shape)
    parameters.values += backend.asarray(shaken, "float64")
    x = backend.asarray(rng.normal(0, 1, (*input_shape, batch)), "float64")
    weights = backend.asarray(rng.normal(0, 1, (*output_shape, batch)), "float64")

    def loss() -> float:
        random.seek(0)
        return float((layer.forward(x, training=training) * weights).sum())

    loss()
    grad_x = layer.backward(weights).copy()
    targets = {"input": (x, grad_x)}
    targets |= {p.name: (p.value, p.grad.copy()) for p in parameters}
    checker = _Checker(subject or layer.name, backend, loss, rng, tolerance)
    return tuple(checker.row(name, *target, every=True) for name, target in targets.items())


def check_network(
    spec: str,
    *,
    input_shape: Shape = (1, 28, 28),
    classes: int = 10,
    backend: Backend | None = None,
    tolerance: float = TOLERANCE,
    batch: int = 3,
    seed: int = 0,
    progress: Progress = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
) -> tuple[CheckedGradient, ...]:
    """Check a whole network with its loss, along random directions of every parameter.

    Args:
        spec: The network as text.
        input_shape: Channels, height and width of its images.
        classes: How many classes it tells apart.
        backend: Where to compute; on the processor by default.
        tolerance: Largest relative error that passes.
        batch: How many random images to check with.
        seed: Seed of the parameters, images and directions.
        progress: Called with how many parameters are checked, and of how many.
        cancelled: Asked before each parameter; what is checked by then is returned.

    Raises:
        SpecError: The network cannot be built.
    """
    backend = backend or cpu_backend()
    network = build_network(
        spec,
        input_shape=input_shape,
        classes=classes,
        backend=backend,
        dtype="float64",
        seed=seed,
    )
    rng = np.random.default_rng(seed)
    images = backend.asarray(rng.uniform(0, 1, (*input_shape, batch)), "float64")
    labels = backend.asarray(rng.integers(0, classes, batch))
    criterion = SoftmaxCrossEntropy(label_smoothing=0.1, xp=backend.xp)

    def loss() -> float:
        network.random.seek(0)
        return float(criterion.forward(network.forward(images, training=True), labels))

    loss()
    network.backward(criterion.backward())
    values = {parameter.name: parameter.value for parameter in network.parameters}
    grads = {parameter.name: parameter.grad.copy() for parameter in network.parameters}
    checker = _Checker(spec, backend, loss, rng, tolerance)
    rows: list[CheckedGradient] = []
    for done, (name, grad) in enumerate(grads.items()):
        progress(done, len(grads))
        if cancelled():
            break
        rows.append(checker.row(name, values[name], grad, every=False))
    return tuple(rows)


class _Checker:
    """Compares gradients with central differences of one loss."""

    def __init__(
        self,
        subject: str,
        backend: Backend,
        loss: Callable[[], float],
        rng: np.random.Generator,
        tolerance: float,
    ) -> None:
        self._subject = subject
        self._backend = backend
        self._loss = loss
        self._rng = rng
        self._tolerance = tolerance

    def row(self, name: str, values: Array, grad: Array, *, every: bool) -> CheckedGradient:
        """Check the gradient by ``values``, which the loss reads."""
        analytic = self._backend.to_host(grad).reshape(-1)
        directions = [self._direction(analytic) for _ in range(_DIRECTIONS)]
        if every:
            directions += list(np.eye(analytic.size))
        # Differences of the loss cannot resolve an entry far smaller than the others, or one that
        # is zero by nature, such as a bias before a batch normalization.
        floor = max(_SMALLEST, 1e-3 * float(np.abs(analytic).max(initial=0.0)))
        worst = 0.0
        for direction in directions:
            expected = float(analytic @ direction)
            worst = max(worst, self._error(values, direction, expected, floor))
        return CheckedGradient(
            self._subject, name, len(directions), worst, worst <= self._tolerance
        )

    def _direction(self, analytic: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """A random direction of length 1, tilted towards the gradient.

        Short, so that hardly any unit is moved over a kink of ReLU or of max-pooling; tilted, so
        that the loss still changes enough to be measured.
        """
        direction = self._rng.normal(0, 1, analytic.size)
        direction /= np.linalg.norm(direction)
        return direction + analytic / max(float(np.linalg.norm(analytic)), _SMALLEST)

    def _error(
        self, values: Array, direction: np.ndarray[Any, Any], expected: float, floor: float
    ) -> float:
        """How far the gradient is off along a direction, relative to its size.

        A wrong gradient is as wrong for every step, so the best of them counts.
        """
        best = math.inf
        for step in _STEPS:
            measured = self._difference(values, direction, step)
            size = max(abs(expected), abs(measured), floor)
            best = min(best, abs(expected - measured) / size)
            if best <= self._tolerance:
                break
        return best

    def _difference(self, values: Array, direction: np.ndarray[Any, Any], step: float) -> float:
        """(loss(w + h d) − loss(w − h d)) / 2h for a step h."""
        start = values.copy()
        move = self._backend.asarray(direction.reshape(values.shape) * step, "float64")
        values[...] = start + move
        after = self._loss()
        values[...] = start - move
        before = self._loss()
        values[...] = start
        return (after - before) / (2 * step)
