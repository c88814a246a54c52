"""Starting values of kernels and biases, so that signals neither fade nor grow on their way.

An initializer knows how many inputs and outputs one unit has, and returns host arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Shape
from digitdesk.nn.core.parameters import Start

INITIALIZERS = ("he", "glorot", "normal", "zeros")


@dataclass(frozen=True, slots=True)
class Initializer:
    """How a kernel or a bias starts.

    Attributes:
        kind: ``he``, ``glorot``, ``normal`` or ``zeros``.
        sigma: Standard deviation for ``normal``.

    Source:
        ``he``: He et al., "Delving deep into rectifiers", 2015, equation 10: σ² = 2 / fan_in.
        ``glorot``: Glorot and Bengio, 2010, equation 16: uniform within ±√(6 / (fan_in + fan_out)).
    """

    kind: str = "he"
    sigma: float = 0.05

    def start(self, fan_in: int, fan_out: int) -> Start:
        """A function that draws the starting values of one array.

        Args:
            fan_in: Number of inputs that reach one output.
            fan_out: Number of outputs that one input reaches.
        """

        def draw(rng: np.random.Generator, shape: Shape) -> np.ndarray[Any, Any]:
            if self.kind == "zeros":
                return np.zeros(shape)
            if self.kind == "glorot":
                limit = math.sqrt(6 / (fan_in + fan_out))
                return rng.uniform(-limit, limit, shape)
            sigma = math.sqrt(2 / fan_in) if self.kind == "he" else self.sigma
            return rng.normal(0.0, sigma, shape)

        return draw

    def __str__(self) -> str:
        """As written in a spec."""
        return f"normal({self.sigma:g})" if self.kind == "normal" else self.kind


ZEROS = Initializer("zeros")
"""As biases usually start."""


def zeros(rng: np.random.Generator, shape: Shape) -> np.ndarray[Any, Any]:
    """Start from 0, for shifts and running means."""
    return np.zeros(shape)


def ones(rng: np.random.Generator, shape: Shape) -> np.ndarray[Any, Any]:
    """Start from 1, for scales."""
    return np.ones(shape)
