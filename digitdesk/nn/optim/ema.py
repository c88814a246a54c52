"""A moving average of the weights, which often reads better than the last ones.

It is swapped into the network for evaluation and saving, and out again to go on training.
"""

from __future__ import annotations

from digitdesk.errors import ConfigError
from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.kernels.gpu.updates import FOLLOW


class ExponentialMovingAverage:
    """Exponential moving average (EMA) of the weights.

    ``a ← a + (1 − d_t) (w − a)`` with ``d_t = min(decay, (1 + t) / (10 + t))``, so that the first
    steps are soon forgotten.

    Args:
        decay: Part d kept at each step, below 1.
        buffer: The network's parameters.

    Source:
        Polyak and Juditsky, 1992; the warm-up of d as in TensorFlow's ExponentialMovingAverage.
    """

    def __init__(self, decay: float, buffer: ParameterBuffer) -> None:
        if not 0 <= decay < 1:
            raise ConfigError(
                "The weight average's decay is out of range",
                expected="0 to below 1",
                received=str(decay),
            )
        self.decay = decay
        self.steps = 0
        self.values = buffer.values.copy()
        self._buffer = buffer
        self._kept: Array = None

    def update(self) -> None:
        """Follow the parameters by one step."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        buffer = self._buffer
        if buffer.backend.name == "gpu":
            FOLLOW(buffer.xp, buffer.values, 1 - decay, self.values)
        else:
            self.values += (buffer.values - self.values) * (1 - decay)

    def swap_in(self) -> None:
        """Put the average into the network, for example to evaluate it."""
        self._kept = self._buffer.values.copy()
        self._buffer.values[...] = self.values

    def swap_out(self) -> None:
        """Put the trained weights back."""
        self._buffer.values[...] = self._kept
