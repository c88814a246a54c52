"""How large a run is: small ones are made side by side, large ones one after the other."""

from __future__ import annotations

import math

from digitdesk.errors import DigitDeskError
from digitdesk.messages.run import TrainingConfig
from digitdesk.nn.core.backend import cpu_backend, gpu_status
from digitdesk.nn.spec.build import declared_shapes

_MOST_PARAMETERS = 3_000_000
"""Their gradients and what the optimizer remembers no longer fit into a processor's caches."""
_MOST_KERNELS = 40_000
"""Numbers of a network's convolution kernels, each of which is multiplied at every place of a
picture: ``cnn-standard`` has 19,000, the reader's networks have some 200,000."""


def is_large(config: TrainingConfig) -> bool:
    """Whether a run keeps all cores busy by itself, or the one graphics card."""
    if config.device != "cpu" and gpu_status().available:
        return True
    try:
        shapes = declared_shapes(config.model, backend=cpu_backend())
    except DigitDeskError:
        return False  # refused at once, whatever its size
    parameters = sum(math.prod(shape) for shape in shapes.values())
    kernels = sum(math.prod(shape) for shape in shapes.values() if len(shape) == 4)
    return parameters > _MOST_PARAMETERS or kernels > _MOST_KERNELS
