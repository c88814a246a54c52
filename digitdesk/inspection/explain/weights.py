"""How the gradient by one weight came about: a sum of products, and a difference beside it."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitdesk.errors import ConfigError
from digitdesk.inspection.explain.sums import MOST_TERMS
from digitdesk.inspection.lesson import TaughtLesson, loss_of
from digitdesk.inspection.source import source_of
from digitdesk.inspection.trace import Numbers, trace
from digitdesk.messages.inside.lesson import GradientTerm, WeightGradient
from digitdesk.messages.inside.look import INPUT, Place
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.im2col import im2col
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import build_network

_STEPS = (1e-5, 1e-6, 1e-7)
"""How far the weight is moved for the difference; with a kink near by, the shortest counts."""

_MOST_DIGITS = 7
"""Numbers of single length have no more."""

_NOTHING = 1e-10
"""A difference of two losses is not known better."""


@dataclass(frozen=True, slots=True)
class LearnedKind:
    """How a learned array's gradient is made.

    Attributes:
        factors: From the layer, its input and a place in the array to what that weight was
            multiplied by for each output of its unit, in the shape of these outputs.
        formula: Of the gradient.
    """

    factors: Callable[[Any, Numbers, Place], Numbers]
    formula: str


def _patches(layer: Conv2D, x: Numbers, place: Place) -> Numbers:
    """The row of the im2col matrix that this weight is multiplied with."""
    size, shape = layer.kernel_size, layer.output_shape[1:]
    columns = np.zeros((len(x), size, size, *shape, 1), dtype=x.dtype)
    im2col(x[..., np.newaxis], columns, stride=layer.stride, padding=layer.padding_px)
    row: Numbers = columns[place[1:]][..., 0]
    return row


def _ones(layer: Layer, _x: Numbers, _place: Place) -> Numbers:
    return np.ones(layer.output_shape[1:], dtype=layer.dtype)


def _one_input(_layer: Dense, x: Numbers, place: Place) -> Numbers:
    return x[place[1] : place[1] + 1].reshape(())


def _normalized(layer: BatchNorm, x: Numbers, place: Place) -> Numbers:
    mean, variance = (float(each.value[place[0]]) for each in (layer.mean, layer.variance))
    normal: Numbers = (x[place[0]] - mean) / math.sqrt(variance + layer.epsilon)
    return normal


LEARNED: dict[tuple[type[Layer], str], LearnedKind] = {
    (Conv2D, "kernel"): LearnedKind(
        _patches, "∂L/∂kernel[f, c, i, j] = Σ ∂L/∂y[f, h, w] · x[c, s·h + i − p, s·w + j − p]"
    ),
    (Conv2D, "bias"): LearnedKind(_ones, "∂L/∂b[f] = Σ ∂L/∂y[f, h, w]"),
    (Dense, "kernel"): LearnedKind(_one_input, "∂L/∂W[u, d] = ∂L/∂y[u] · x[d]"),
    (Dense, "bias"): LearnedKind(_ones, "∂L/∂b[u] = ∂L/∂y[u]"),
    (BatchNorm, "gamma"): LearnedKind(_normalized, "∂L/∂γ = Σ ∂L/∂y · (x − μ) / √(σ² + ε)"),
    (BatchNorm, "beta"): LearnedKind(_ones, "∂L/∂β = Σ ∂L/∂y"),
}
"""Every array that a layer can learn."""


def explain_weight(lesson: TaughtLesson, parameter: str, place: Place) -> WeightGradient:
    """How the first step's gradient by one weight came about.

    Raises:
        ConfigError: There is no such parameter or place.
    """
    _check(lesson, parameter, place)
    path, _, name = parameter.rpartition(".")
    layer = lesson.forward.walked(path).layer
    kind = LEARNED[type(layer), name]
    factors = kind.factors(layer, lesson.forward.input_of(path), place)
    grads = lesson.back.by_output[path][place[0]]
    products = np.ravel(grads * factors)
    largest = np.argsort(-np.abs(products), kind="stable")[:MOST_TERMS].tolist()
    terms = tuple(_term(k, place[0], np.asarray(grads), np.asarray(factors)) for k in largest)
    gradient = float(lesson.back.by_parameter[parameter][place])
    value, after = (float(values[parameter][place]) for values in (lesson.before, lesson.after))
    numerical = _difference(lesson, parameter, place, gradient)
    return WeightGradient(
        parameter,
        place,
        value,
        gradient,
        numerical,
        _agreeing_digits(gradient, numerical),
        terms,
        products.size - len(terms),
        float(products.sum(dtype=np.float64)) - sum(term.product for term in terms),
        lesson.rate,
        -lesson.rate * gradient,
        after,
        kind.formula,
        source_of(type(layer).backward),
    )


def _term(k: int, unit: int, grads: Numbers, factors: Numbers) -> GradientTerm:
    at = tuple(int(i) for i in np.unravel_index(k, grads.shape)) if grads.ndim else ()
    grad, factor = float(grads[at]), float(factors[at])
    return GradientTerm((unit, *at), grad, factor, grad * factor)


def _difference(lesson: TaughtLesson, parameter: str, place: Place, gradient: float) -> float:
    """(loss(w + h) − loss(w − h)) / 2h, of the step that agrees best: kinks spoil long ones."""
    network = _in_double(lesson)
    value = network.parameters[parameter].value
    start = float(value[place])

    def loss(moved: float) -> float:
        value[place] = moved
        return loss_of(trace(network, lesson.image).logits, lesson.label)

    found = [(loss(start + h) - loss(start - h)) / (2 * h) for h in _STEPS]
    value[place] = start
    lesson.idle.append(network)
    return min(found, key=lambda measured: abs(measured - gradient))


def _in_double(lesson: TaughtLesson) -> Network:
    """The network before the first step, in numbers of double length; for one caller at a time."""
    with contextlib.suppress(IndexError):
        return lesson.idle.pop()
    network = build_network(
        lesson.spec,
        input_shape=lesson.forward.outputs[INPUT].shape,
        classes=len(lesson.forward.logits),
        backend=cpu_backend(),
        dtype="float64",
    )
    network.load_arrays({**lesson.before, **lesson.statistics})
    return network


def _agreeing_digits(one: float, other: float) -> int:
    apart, size = abs(one - other), max(abs(one), abs(other))
    if apart <= _NOTHING:
        return _MOST_DIGITS
    return min(_MOST_DIGITS, max(0, math.floor(-math.log10(apart / size))))


def _check(lesson: TaughtLesson, parameter: str, place: Place) -> None:
    known = lesson.before
    if parameter not in known:
        raise ConfigError(
            f"The network has not learned '{parameter[:40]}'", expected=", ".join(known)
        )
    shape = known[parameter].shape
    is_there = len(place) == len(shape) and all(
        0 <= at < size for at, size in zip(place, shape, strict=True)
    )
    if not is_there:
        raise ConfigError(
            f"There is no such number in {parameter}",
            expected=", ".join(f"0 to {size - 1}" for size in shape),
            received=",".join(map(str, place)) or "none",
        )
