"""Who does a training step: the processor's threads and processes, or the graphics card.

The one place where that is decided; whoever trains need not know.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.nn.losses import Loss, SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import Optimizer
from digitdesk.training.gpu.gpu_step import GpuStep
from digitdesk.training.parallel.data_parallel import DataParallelStep
from digitdesk.training.split import Images

TrainingStep = DataParallelStep | GpuStep


def make_step(
    network: Network,
    loss: Loss,
    optimizer: Optimizer,
    *,
    threads: int | None,
    images: Images,
    labels: NDArray[np.integer[Any]],
) -> TrainingStep:
    """The training step of a network, wherever that is.

    Args:
        network: Its values are updated in place.
        loss: Of the outputs.
        optimizer: Follows the gradients.
        threads: On the processor; ``None`` for one per core.
        images: The training set, (N, H, W) bytes; a graphics card keeps it where it fits.
        labels: Their labels.
    """
    if isinstance(loss, SoftmaxCrossEntropy) and GpuStep.can_do(network, loss, optimizer):
        return GpuStep(network, loss, optimizer, images=images[:], labels=labels)
    return DataParallelStep(network, loss, optimizer, threads=threads)
