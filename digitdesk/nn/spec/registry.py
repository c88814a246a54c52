"""The words of network specs: which layer each one is, and which arguments it takes.

A fixed table: nothing outside it can be built from a text.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from digitdesk.nn.core.initializers import INITIALIZERS, ZEROS, Initializer
from digitdesk.nn.layers import activations
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.dropout import Dropout
from digitdesk.nn.layers.flatten import Flatten
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import AveragePool2D, MaxPool2D
from digitdesk.nn.layers.residual import Residual
from digitdesk.nn.spec.grammar import Call, Value

_MAX_SIZE = 65_536

REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a layer: how to check it, and its value where it is left out."""

    name: str
    check: Callable[[Value], Any]
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class Word:
    """A layer's word in a spec."""

    layer: type[Layer]
    arguments: tuple[Argument, ...] = ()


def count(value: Value) -> int:
    """A whole number of something, at least one.

    Raises:
        ValueError: It is not; the text says what would be.
    """
    if not isinstance(value, int) or not 1 <= value <= _MAX_SIZE:
        raise ValueError(f"a whole number from 1 to {_MAX_SIZE}")
    return value


def _number(low: float, high: float) -> Callable[[Value], float]:
    def check(value: Value) -> float:
        if not isinstance(value, int | float) or not low <= value < high:
            raise ValueError(f"a number from {low:g} to below {high:g}")
        return float(value)

    return check


def _padding(value: Value) -> str | int:
    if value in ("same", "valid") and isinstance(value, str):
        return value
    if isinstance(value, int) and 0 <= value <= 64:
        return value
    raise ValueError("same, valid or a number of pixels up to 64")


def _initializer(value: Value) -> Initializer:
    if isinstance(value, str) and value in INITIALIZERS:
        return Initializer(value)
    if isinstance(value, Call) and value.name == "normal" and len(value.arguments) == 1:
        sigma = value.arguments[0]
        if isinstance(sigma, int | float) and 0 < sigma < math.inf:
            return Initializer("normal", float(sigma))
    raise ValueError("he, glorot, zeros or normal(σ) such as normal(0.05)")


_INIT = (
    Argument("init", _initializer, Initializer()),
    Argument("bias_init", _initializer, ZEROS),
)
_POOL = (Argument("pool_size", count), Argument("stride", count, None))

WORDS: dict[str, Word] = {
    "conv": Word(
        Conv2D,
        (
            Argument("filters", count),
            Argument("kernel_size", count),
            Argument("stride", count, 1),
            Argument("padding", _padding, "same"),
            *_INIT,
        ),
    ),
    "dense": Word(Dense, (Argument("units", count), *_INIT)),
    "maxpool": Word(MaxPool2D, _POOL),
    "averagepool": Word(AveragePool2D, _POOL),
    "flatten": Word(Flatten),
    "dropout": Word(Dropout, (Argument("rate", _number(0, 1)),)),
    "batchnorm": Word(BatchNorm, (Argument("epsilon", _number(1e-12, 1), 1e-5),)),
    "relu": Word(activations.ReLU),
    "leakyrelu": Word(activations.LeakyReLU, (Argument("slope", _number(0, 1), 0.01),)),
    "elu": Word(activations.ELU, (Argument("alpha", _number(0, 100), 1.0),)),
    "swish": Word(activations.Swish),
    "gelu": Word(activations.GELU),
    "sigmoid": Word(activations.Sigmoid),
    "tanh": Word(activations.Tanh),
    "softmax": Word(activations.Softmax),
}
"""Every word but ``residual(…)``, whose arguments are layers."""

ALIASES = {"silu": "swish"}
"""Other words for the same layers."""

KINDS: dict[type[Layer], str] = {word.layer: name for name, word in WORDS.items()} | {
    Residual: "residual"
}
