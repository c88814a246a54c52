"""An optimizer's step on a graphics card: numbers from the host, one pass on the device.

The optimizer counts its steps and remembers what it remembers; only its rule is another's.
"""

from __future__ import annotations

import math
from typing import Any

from digitdesk.nn.core.backend import Array
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.kernels.gpu.kernel import GpuKernel
from digitdesk.nn.kernels.gpu.updates import (
    ADAGRAD_UPDATE,
    ADAM_UPDATE,
    MOMENTUM_UPDATE,
    RMSPROP_UPDATE,
    SGD_UPDATE,
)
from digitdesk.nn.optim.momentum import Momentum
from digitdesk.nn.optim.optimizer import Optimizer
from digitdesk.nn.optim.optimizers import SGD, AdaGrad, Adam, RMSProp

CONSTANTS = 8
"""Room for the constants of any rule."""

_KERNELS: dict[type[Optimizer], GpuKernel] = {
    SGD: SGD_UPDATE,
    Momentum: MOMENTUM_UPDATE,
    AdaGrad: ADAGRAD_UPDATE,
    RMSProp: RMSPROP_UPDATE,
    Adam: ADAM_UPDATE,
}


class GpuUpdate:
    """Follows gradients as an optimizer does, by a kernel.

    Args:
        optimizer: Of a kind that there is a kernel for; see ``has_kernel``.
        parameters: What it updates.
    """

    def __init__(self, optimizer: Optimizer, parameters: ParameterBuffer) -> None:
        self._optimizer = optimizer
        self._parameters = parameters
        self._kernel = _KERNELS[type(optimizer)]
        self._no_clip = parameters.xp.ones(1, dtype=parameters.dtype)

    @staticmethod
    def has_kernel(optimizer: Optimizer) -> bool:
        """Whether there is a kernel for its rule."""
        return type(optimizer) in _KERNELS

    def begin_step(self, learning_rate: float | None) -> list[float]:
        """Count a step; returns its constants, to be put on the device for ``apply``."""
        optimizer = self._optimizer
        optimizer.begin_step(self._parameters, learning_rate)
        kept = 1 - optimizer.rate * optimizer.weight_decay
        return [optimizer.l2, optimizer.l1, kept, *_rule_constants(optimizer)]

    def apply(self, grads: Array, constants: Array) -> None:
        """Update the parameters; may be recorded.

        Args:
            grads: Flat, laid out as the parameters.
            constants: On the device, as ``begin_step`` gave them.
        """
        optimizer, parameters = self._optimizer, self._parameters
        self._kernel(
            parameters.xp,
            *(grads, constants, self._clip(grads), parameters.decayed_size),
            *(parameters.values, *optimizer.memory.values()),
        )

    def _clip(self, grads: Array) -> Array:
        """What gradients are multiplied by, (1,): below 1 where they are too long together."""
        xp, limit = self._parameters.xp, self._optimizer.clip_norm
        if not limit:
            return self._no_clip
        norm = xp.sqrt((grads * grads).sum(keepdims=True))
        return limit / xp.maximum(norm, limit)


def _rule_constants(optimizer: Optimizer) -> tuple[float, ...]:
    """What the rule's kernel multiplies and divides by in this step."""
    rate: Any = optimizer.rate
    match optimizer:
        case Momentum(scale=scale, momentum=momentum, nesterov=nesterov):
            return (scale, rate * momentum / scale, rate) if nesterov else (scale, rate / scale, 0)
        case AdaGrad():
            return rate, optimizer.epsilon
        case RMSProp():
            return rate, optimizer.epsilon, optimizer.rho
        case Adam():
            correction = math.sqrt(1 - optimizer.beta2**optimizer.steps)
            rate *= correction / (1 - optimizer.beta1**optimizer.steps)
            return rate, optimizer.epsilon * correction, optimizer.beta1, optimizer.beta2
    return (rate,)
