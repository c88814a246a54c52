"""Optimizers: how parameters follow their gradients, each rule a few operations on flat arrays.

``make_optimizer`` makes one by name; what they share is in ``optimizer``.
"""

from __future__ import annotations

import math
from typing import Any

from digitdesk.errors import ConfigError
from digitdesk.nn.core.backend import Array
from digitdesk.nn.kernels.blas import axpy
from digitdesk.nn.optim.ema import ExponentialMovingAverage
from digitdesk.nn.optim.momentum import Momentum
from digitdesk.nn.optim.optimizer import Optimizer

__all__ = [
    "DEFAULT_LEARNING_RATES",
    "SGD",
    "AdaGrad",
    "Adam",
    "ExponentialMovingAverage",
    "Momentum",
    "Optimizer",
    "RMSProp",
    "make_optimizer",
]


class SGD(Optimizer):
    """Stochastic gradient descent: ``w ← w − lr g``."""

    def _rule(self, xp: Any, values: Array, grads: Array, scratch: Array, **memory: Array) -> None:
        axpy(-self.rate, grads, values, xp=xp, spare=grads)


class AdaGrad(Optimizer):
    """``s ← s + g²; w ← w − lr g / (√s + ε)``.

    Source:
        Duchi et al., "Adaptive subgradient methods", 2011, figure 1 (diagonal form).
    """

    slots = ("squares",)
    epsilon = 1e-10

    def _rule(self, xp: Any, values: Array, grads: Array, scratch: Array, **memory: Array) -> None:
        squares = memory["squares"]
        squares += xp.multiply(grads, grads, out=scratch)
        xp.sqrt(squares, out=scratch)
        scratch += self.epsilon
        xp.divide(grads, scratch, out=grads)
        axpy(-self.rate, grads, values, xp=xp, spare=grads)


class RMSProp(Optimizer):
    """``s ← ρ s + (1 − ρ) g²; w ← w − lr g / (√s + ε)``.

    Source:
        Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012.
    """

    slots = ("squares",)
    rho = 0.9
    epsilon = 1e-7

    def _rule(self, xp: Any, values: Array, grads: Array, scratch: Array, **memory: Array) -> None:
        squares = memory["squares"]
        squares *= self.rho
        xp.multiply(grads, grads, out=scratch)
        axpy(1 - self.rho, scratch, squares, xp=xp, spare=scratch)
        xp.sqrt(squares, out=scratch)
        scratch += self.epsilon
        xp.divide(grads, scratch, out=grads)
        axpy(-self.rate, grads, values, xp=xp, spare=grads)


class Adam(Optimizer):
    """Adam; with a decoupled ``weight_decay`` it is AdamW.

    ``m ← β₁ m + (1 − β₁) g; s ← β₂ s + (1 − β₂) g²;``
    ``w ← w − lr m̂ / (√ŝ + ε)`` with ``m̂ = m / (1 − β₁ᵗ)``, ``ŝ = s / (1 − β₂ᵗ)``.

    Source:
        Kingma and Ba, "Adam", 2015, algorithm 1; Loshchilov and Hutter, 2019, algorithm 2.
    """

    slots = ("mean", "squares")
    beta1 = 0.9
    beta2 = 0.999
    epsilon = 1e-8

    def _rule(self, xp: Any, values: Array, grads: Array, scratch: Array, **memory: Array) -> None:
        mean, squares = memory["mean"], memory["squares"]
        mean *= self.beta1
        axpy(1 - self.beta1, grads, mean, xp=xp, spare=scratch)
        squares *= self.beta2
        xp.multiply(grads, grads, out=scratch)
        axpy(1 - self.beta2, scratch, squares, xp=xp, spare=scratch)
        # √ŝ + ε = (√s + ε c) / c with c = √(1 − β₂ᵗ): one pass less than forming ŝ.
        correction = math.sqrt(1 - self.beta2**self.steps)
        xp.sqrt(squares, out=scratch)
        scratch += self.epsilon * correction
        xp.divide(mean, scratch, out=scratch)
        rate = self.rate * correction / (1 - self.beta1**self.steps)
        axpy(-rate, scratch, values, xp=xp, spare=scratch)


DEFAULT_LEARNING_RATES: dict[str, float] = {
    "sgd": 0.1,
    "momentum": 0.05,
    "nesterov": 0.05,
    "adagrad": 0.02,
    "rmsprop": 0.001,
    "adam": 0.001,
    "adamw": 0.002,
}
"""Usual (peak) learning rate of each optimizer, by its name; the keys are all the names."""

_ADAMW_DECAY = 0.01


def make_optimizer(
    name: str,
    *,
    learning_rate: float | None = None,
    momentum: float = 0.9,
    weight_decay: float = 0.0,
    l1: float = 0.0,
    l2: float = 0.0,
    clip_norm: float = 0.0,
) -> Optimizer:
    """An optimizer by name.

    Args:
        name: A key of ``DEFAULT_LEARNING_RATES``.
        learning_rate: ``None`` for the usual one.
        momentum: For ``momentum`` and ``nesterov``.
        weight_decay: Decoupled; ``adamw`` takes 0.01 where this is 0.
        l1: Weight of the L1 penalty.
        l2: Weight of the L2 penalty ``l2/2 · |w|²``.
        clip_norm: Largest gradient norm, 0 for no limit.

    Raises:
        ConfigError: The name is unknown or a number is out of range.
    """
    if name not in DEFAULT_LEARNING_RATES:
        raise ConfigError(
            "Unknown optimizer", expected=", ".join(DEFAULT_LEARNING_RATES), received=repr(name)
        )
    rate = DEFAULT_LEARNING_RATES[name] if learning_rate is None else learning_rate
    shared = {"weight_decay": weight_decay, "l1": l1, "l2": l2, "clip_norm": clip_norm}
    for what, value in {"learning rate": rate, **shared}.items():
        if not (math.isfinite(value) and value >= 0):
            raise ConfigError(
                f"The {what} is out of range", expected="0 or more", received=str(value)
            )
    if not 0 <= momentum < 1:
        raise ConfigError(
            "The momentum is out of range", expected="0 to below 1", received=str(momentum)
        )
    if name in ("momentum", "nesterov"):
        return Momentum(rate, momentum=momentum, nesterov=name == "nesterov", **shared)
    if name == "adamw" and not weight_decay:
        shared["weight_decay"] = _ADAMW_DECAY
    kinds: dict[str, type[Optimizer]] = {
        "sgd": SGD,
        "adagrad": AdaGrad,
        "rmsprop": RMSProp,
        "adam": Adam,
        "adamw": Adam,
    }
    return kinds[name](rate, **shared)
