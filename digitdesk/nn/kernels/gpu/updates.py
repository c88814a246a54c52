"""The optimizers' rules on a graphics card: decay, clipping and rule in one pass over the weights.

Whatever changes from step to step stands in an array on the device, so that a step that was
recorded follows the learning rate. The formulas are those of ``optim/optimizers.py``.

Gains: measured together with the others, see ``fusion/gpu/layers.py``. By count, Adam takes
one pass in place of eight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from digitdesk.nn.kernels.gpu.kernel import GpuKernel

DECAY_CONSTANTS = 3
"""The first of all constants: ``l2``, ``l1``, and what decoupled decay leaves of a weight."""

_INPUTS = "T grad, raw float64 constants, raw T clip, int64 decayed"
_BEGIN = """
    T g = grad * clip[0], w = value;
    if (i < decayed) {
        g += w * T(constants[0]) + T((w > 0) - (w < 0)) * T(constants[1]);
        w *= T(constants[2]);
    }
"""

Rule = Callable[..., None]


def _after_decay(rule: Rule) -> Rule:
    """The rule for NumPy's arrays, after clipping and decay as in the text."""

    def update(
        grad: Any, constants: Any, clip: Any, decayed: int, value: Any, *memory: Any
    ) -> None:
        g = grad * clip.reshape(-1)[0]
        numbers = [value.dtype.type(number) for number in constants]
        l2, l1, kept, *own = numbers
        w = value[:decayed]
        g[:decayed] += w * l2 + np.sign(w) * l1
        w *= kept
        rule(g, own, value, *memory)

    return update


def _follow(value: Any, share: float, average: Any) -> None:
    average += (value - average) * value.dtype.type(share)


FOLLOW = GpuKernel(
    "digitdesk_follow",
    "T value, T share",
    "T average",
    "average += (value - average) * share;",
    _follow,
)
"""``a ← a + share · (w − a)``, for the average of the weights."""


def _sgd(g: Any, c: Any, w: Any) -> None:
    w -= c[0] * g


def _momentum(g: Any, c: Any, w: Any, velocity: Any) -> None:
    velocity += c[0] * g
    w -= c[1] * velocity + c[2] * g


def _adagrad(g: Any, c: Any, w: Any, squares: Any) -> None:
    squares += g * g
    w -= c[0] * g / (np.sqrt(squares) + c[1])


def _rmsprop(g: Any, c: Any, w: Any, squares: Any) -> None:
    squares[...] = c[2] * squares + (1 - c[2]) * (g * g)
    w -= c[0] * g / (np.sqrt(squares) + c[1])


def _adam(g: Any, c: Any, w: Any, mean: Any, squares: Any) -> None:
    mean[...] = c[2] * mean + (1 - c[2]) * g
    squares[...] = c[3] * squares + (1 - c[3]) * (g * g)
    w -= c[0] * mean / (np.sqrt(squares) + c[1])


def _kernel(name: str, memory: tuple[str, ...], rule: str, plain: Rule) -> GpuKernel:
    outputs = ", ".join(f"T {one}" for one in ("value", *memory))
    own = "".join(
        f"const T c{place} = constants[{DECAY_CONSTANTS + place}];\n"
        for place in range(4)
        if f"c{place}" in rule
    )
    text = f"{_BEGIN}{own}{rule}\n    value = w;"
    return GpuKernel(f"digitdesk_{name}", _INPUTS, outputs, text, _after_decay(plain))


SGD_UPDATE = _kernel("sgd", (), "w -= c0 * g;", _sgd)
"""``w ← w − c₀ g``."""

MOMENTUM_UPDATE = _kernel(
    "momentum",
    ("velocity",),
    """
    velocity += c0 * g;
    w -= c1 * velocity + c2 * g;
    """,
    _momentum,
)
"""``V ← V + c₀ g; w ← w − c₁ V − c₂ g``."""

ADAGRAD_UPDATE = _kernel(
    "adagrad",
    ("squares",),
    """
    squares += g * g;
    w -= c0 * g / (sqrt(squares) + c1);
    """,
    _adagrad,
)
"""``s ← s + g²; w ← w − c₀ g / (√s + c₁)``."""

RMSPROP_UPDATE = _kernel(
    "rmsprop",
    ("squares",),
    """
    squares = c2 * squares + (1 - c2) * (g * g);
    w -= c0 * g / (sqrt(squares) + c1);
    """,
    _rmsprop,
)
"""``s ← c₂ s + (1 − c₂) g²; w ← w − c₀ g / (√s + c₁)``."""

ADAM_UPDATE = _kernel(
    "adam",
    ("mean", "squares"),
    """
    mean = c2 * mean + (1 - c2) * g;
    squares = c3 * squares + (1 - c3) * (g * g);
    w -= c0 * mean / (sqrt(squares) + c1);
    """,
    _adam,
)
"""``m ← c₂ m + (1 − c₂) g; s ← c₃ s + (1 − c₃) g²; w ← w − c₀ m / (√s + c₁)``."""
