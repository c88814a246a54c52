"""Optimizers: how parameters follow their gradients, as a few operations on the flat arena.

Every rule is element by element, so any part of the arena can be updated by itself, by any thread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from digitdesk.errors import ConfigError, ModelFileError
from digitdesk.nn.arena import Arena
from digitdesk.nn.backend import Array


class Optimizer:
    """What optimizers share: decay, clipping, memory per parameter, and saving it.

    Args:
        learning_rate: Used where ``step`` is given none.
        weight_decay: Decoupled decay λ: ``w ← w − lr λ w`` before the rule.
        l1: Adds ``l1 · sign(w)`` to the gradient.
        l2: Adds ``l2 · w`` to the gradient.
        clip_norm: Largest norm of the whole gradient; 0 for no limit.

    Decay, L1 and L2 apply to kernels only, not to biases and normalization.

    Source:
        Decoupled decay: Loshchilov and Hutter, 2019, algorithm 2. Clipping: Pascanu et al., 2013,
        algorithm 1.
    """

    slots: ClassVar[tuple[str, ...]] = ()
    """Names of the arrays remembered for each parameter."""

    def __init__(
        self,
        learning_rate: float,
        *,
        weight_decay: float = 0.0,
        l1: float = 0.0,
        l2: float = 0.0,
        clip_norm: float = 0.0,
    ) -> None:
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.l1 = l1
        self.l2 = l2
        self.clip_norm = clip_norm
        self.steps = 0
        self._memory: dict[str, Array] = {}
        self._scratch: Array = None
        self._loaded: Mapping[str, np.ndarray[Any, Any]] = {}

    def step(self, arena: Arena, learning_rate: float | None = None) -> None:
        """Follow the gradients in ``arena`` once."""
        self.begin_step(arena, learning_rate)
        self.update(arena, slice(0, arena.values.size))

    def begin_step(self, arena: Arena, learning_rate: float | None = None) -> None:
        """Count a step and do what concerns the arena as a whole, before any ``update``."""
        self.rate = self.learning_rate if learning_rate is None else learning_rate
        self.steps += 1
        if self._scratch is None:
            self._backend = arena.backend
            self._scratch = arena.xp.empty_like(arena.values)
            for name in self.slots:
                self._memory[name] = arena.xp.zeros_like(arena.values)
                if name in self._loaded:
                    self._memory[name][...] = arena.backend.asarray(self._loaded[name], arena.dtype)
        if self.clip_norm:
            self._clip(arena)

    def update(self, arena: Arena, part: slice) -> None:
        """Apply decay and the rule to one part of the arena."""
        decayed = slice(part.start, min(part.stop, arena.decayed_size))
        if decayed.start < decayed.stop:
            self._decay(arena, decayed)
        memory = {name: array[part] for name, array in self._memory.items()}
        self._rule(arena.xp, arena.values[part], arena.grads[part], self._scratch[part], **memory)

    def _decay(self, arena: Arena, part: slice) -> None:
        values, grads, scratch = arena.values[part], arena.grads[part], self._scratch[part]
        if self.l2:
            grads += arena.xp.multiply(values, self.l2, out=scratch)
        if self.l1:
            arena.xp.sign(values, out=scratch)
            scratch *= self.l1
            grads += scratch
        if self.weight_decay:
            values *= 1 - self.rate * self.weight_decay

    def _clip(self, arena: Arena) -> None:
        """Scale the gradient down to ``clip_norm`` where it is longer."""
        norm = arena.xp.sqrt(arena.xp.dot(arena.grads, arena.grads))
        # min(1, clip / norm), written so that a zero norm divides by clip_norm instead.
        arena.grads *= self.clip_norm / arena.xp.maximum(norm, self.clip_norm)

    def _rule(self, xp: Any, values: Array, grads: Array, scratch: Array, **memory: Array) -> None:
        """Change ``values`` in place; ``scratch`` and ``memory`` are arrays of the same length."""
        raise NotImplementedError

    def state_arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Copies of all it remembers, to resume later."""
        arrays = {
            name: np.array(self._backend.to_host(array)) for name, array in self._memory.items()
        }
        return {"steps": np.array(self.steps, dtype=np.int64), **arrays}

    def load_state_arrays(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Go on from what ``state_arrays`` gave.

        Raises:
            ModelFileError: The names or sizes do not belong to this optimizer.
        """
        expected = {"steps", *self.slots} if int(arrays.get("steps", 0)) else {"steps"}
        if set(arrays) != expected:
            raise ModelFileError(
                "The optimizer state does not fit",
                expected=", ".join(sorted(expected)),
                received=", ".join(sorted(arrays)) or "nothing",
            )
        self.steps = int(arrays["steps"])
        self._loaded = {name: np.array(arrays[name]) for name in arrays if name != "steps"}
        self._scratch = None


class SGD(Optimizer):
    """Stochastic gradient descent: ``w ← w − lr g``."""

    def _rule(self, xp: Any, values: Array, grads: Array, scratch: Array, **memory: Array) -> None:
        values -= xp.multiply(grads, self.rate, out=scratch)


class Momentum(Optimizer):
    """SGD with momentum: ``v ← m v + g; w ← w − lr v``; Nesterov: ``w ← w − lr (g + m v)``.

    Source:
        Sutskever et al., "On the importance of initialization and momentum", 2013, in the form
        where the rate multiplies the velocity, as Keras and PyTorch users expect it.
    """

    slots = ("velocity",)

    def __init__(
        self,
        learning_rate: float,
        *,
        momentum: float = 0.9,
        nesterov: bool = False,
        **shared: float,
    ) -> None:
        super().__init__(learning_rate, **shared)
        self.momentum = momentum
        self.nesterov = nesterov

    def _rule(self, xp: Any, values: Array, grads: Array, scratch: Array, **memory: Array) -> None:
        velocity = memory["velocity"]
        velocity *= self.momentum
        velocity += grads
        if self.nesterov:
            xp.multiply(velocity, self.momentum, out=scratch)
            scratch += grads
            scratch *= self.rate
        else:
            xp.multiply(velocity, self.rate, out=scratch)
        values -= scratch


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
        xp.divide(grads, scratch, out=scratch)
        scratch *= self.rate
        values -= scratch


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
        scratch *= 1 - self.rho
        squares += scratch
        xp.sqrt(squares, out=scratch)
        scratch += self.epsilon
        xp.divide(grads, scratch, out=scratch)
        scratch *= self.rate
        values -= scratch


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
        xp.multiply(grads, 1 - self.beta1, out=scratch)
        mean += scratch
        squares *= self.beta2
        xp.multiply(grads, grads, out=scratch)
        scratch *= 1 - self.beta2
        squares += scratch
        # √ŝ + ε = (√s + ε c) / c with c = √(1 − β₂ᵗ): one pass less than forming ŝ.
        correction = math.sqrt(1 - self.beta2**self.steps)
        xp.sqrt(squares, out=scratch)
        scratch += self.epsilon * correction
        xp.divide(mean, scratch, out=scratch)
        scratch *= self.rate * correction / (1 - self.beta1**self.steps)
        values -= scratch


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


class WeightAverage:
    """Exponential moving average of the weights, which often reads better than the last ones.

    ``a ← a + (1 − d_t) (w − a)`` with ``d_t = min(decay, (1 + t) / (10 + t))``, so that the first
    steps are soon forgotten.

    Args:
        decay: Part d kept at each step, below 1.
        arena: The network's parameters.

    Source:
        Polyak and Juditsky, 1992; the warm-up of d as in TensorFlow's ExponentialMovingAverage.
    """

    def __init__(self, decay: float, arena: Arena) -> None:
        if not 0 <= decay < 1:
            raise ConfigError(
                "The weight average's decay is out of range",
                expected="0 to below 1",
                received=str(decay),
            )
        self.decay = decay
        self.steps = 0
        self.values = arena.values.copy()
        self._arena = arena
        self._kept: Array = None

    def update(self) -> None:
        """Follow the parameters by one step."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        self.values += (self._arena.values - self.values) * (1 - decay)

    def swap_in(self) -> None:
        """Put the average into the network, for example to evaluate it."""
        self._kept = self._arena.values.copy()
        self._arena.values[...] = self.values

    def swap_out(self) -> None:
        """Put the trained weights back."""
        self._arena.values[...] = self._kept
