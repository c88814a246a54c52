"""Momentum: parameters move on like something heavy, which each gradient pushes a little.

The velocity is kept multiplied by a scale that grows as the velocity decays, so that it need not
be touched to decay, and a step is a sum of gradients and nothing else. A product of matrices can
add to such a sum by itself, which saves a dense network two of three passes over the memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from digitdesk.errors import ArraysError
from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.parameters import GradientSum, ParameterBuffer
from digitdesk.nn.kernels.blas import axpy
from digitdesk.nn.optim.optimizer import Optimizer

_LARGEST_SCALE = 1024.0


class Momentum(Optimizer):
    """SGD with momentum: ``v ← m v + g; w ← w − lr v``; Nesterov: ``w ← w − lr (g + m v)``.

    What is remembered is V = s v. With s ← s / m, the first is ``V ← V + s g; w ← w − lr/s V``.

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
        self._scale = 1.0
        self._is_summed = False

    @property
    def scale(self) -> float:
        """What the velocity is kept multiplied by."""
        return self._scale

    def begin_step(self, buffer: ParameterBuffer, learning_rate: float | None = None) -> None:
        """Also let the velocity decay, by its scale or, when that gets too large, itself."""
        super().begin_step(buffer, learning_rate)
        self._is_summed = False
        if self._scale < self.momentum * _LARGEST_SCALE:
            self._scale /= self.momentum
        else:
            self._memory["velocity"] *= self.momentum / self._scale
            self._scale = 1.0

    def gradient_sum(self) -> GradientSum | None:
        """The velocity and its scale, where the gradients are for nothing else."""
        if self.nesterov or self.clip_norm or self.l1 or self.l2:
            return None
        self._is_summed = True
        return GradientSum(self._memory["velocity"], self._scale)

    def _rule(self, xp: Any, values: Array, grads: Array, scratch: Array, **memory: Array) -> None:
        velocity, scale = memory["velocity"], self._scale
        if not self._is_summed:
            axpy(scale, grads, velocity, xp=xp, spare=scratch)
        if self.nesterov:
            axpy(-self.rate, grads, values, xp=xp, spare=grads)
            axpy(-self.rate * self.momentum / scale, velocity, values, xp=xp, spare=scratch)
        else:
            axpy(-self.rate / scale, velocity, values, xp=xp, spare=scratch)

    def state_arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Copies of all it remembers; ``velocity`` is the velocity times ``scale``."""
        return {**super().state_arrays(), "scale": np.array(self._scale)}

    def load_state_arrays(self, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Go on from what ``state_arrays`` gave; from before there was a scale, it is 1.

        Raises:
            ArraysError: The names or sizes do not belong to this optimizer.
        """
        scale = float(arrays.get("scale", 1.0))
        if not 1 <= scale <= _LARGEST_SCALE:
            raise ArraysError(
                "The scale of the optimizer's velocity is out of range",
                expected=f"1 … {_LARGEST_SCALE:g}",
                received=f"{scale:g}",
            )
        super().load_state_arrays({k: array for k, array in arrays.items() if k != "scale"})
        self._scale = scale
