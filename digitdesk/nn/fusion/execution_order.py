"""The order in which a network's layers run, where another does the same work sooner.

``Network.layers`` is what was written and stays so; the steps here are what is computed. Names,
parameters and snapshots belong to the layers and never depend on this.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from digitdesk.nn.core.backend import Array, Backend
from digitdesk.nn.core.memory import common_memory
from digitdesk.nn.core.parameters import GradientSum
from digitdesk.nn.fusion.convolution import (
    FusedConvolution,
    NormalizedConvolution,
    PooledConvolution,
    can_pool,
    has_fast_kernel,
)
from digitdesk.nn.fusion.dense import FusedDense
from digitdesk.nn.fusion.gpu.order import fuse_for_gpu
from digitdesk.nn.fusion.normalization import FusedBatchNorm
from digitdesk.nn.fusion.pooling import FusedMaxPool2D
from digitdesk.nn.fusion.residual import FusedResidual
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.layer import Layer, check_size
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import MaxPool2D
from digitdesk.nn.layers.residual import Residual

MAX_NUMBERS_PER_IMAGE = 10_000_000
"""Working memory of a whole network: 40 MB for each image worked on at once."""


def fuse(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Steps that give what the layers give, on the processor.

    Args:
        layers: Built layers in a row.
    """
    on_one_core = any(layer.works_on_images for layer in layers)
    steps: list[Layer] = []
    rest = list(layers)
    while rest:
        match rest:
            case [Conv2D() as conv, ReLU() as relu, MaxPool2D() as pool, *rest] if can_pool(
                conv, pool
            ):
                steps.append(PooledConvolution(conv, relu, pool))
            case [Conv2D() as conv, MaxPool2D() as pool, *rest] if can_pool(conv, pool):
                steps.append(PooledConvolution(conv, None, pool))
            case [Conv2D() as conv, BatchNorm() as norm, ReLU() as relu, *rest] if has_fast_kernel(
                conv
            ):
                steps.append(NormalizedConvolution(conv, norm, relu))
            case [Conv2D() as conv, BatchNorm() as norm, *rest] if has_fast_kernel(conv):
                steps.append(NormalizedConvolution(conv, norm, None))
            case [Conv2D() as conv, *rest] if has_fast_kernel(conv):
                steps.append(FusedConvolution(conv))
            case [MaxPool2D() as pool, *rest] if pool.is_2x2:
                steps.append(FusedMaxPool2D(pool))
            case [BatchNorm() as norm, ReLU() as relu, *rest]:
                steps.append(FusedBatchNorm(norm, relu))
            case [BatchNorm() as norm, *rest]:
                steps.append(FusedBatchNorm(norm))
            case [Dense() as dense, *rest]:
                steps.append(FusedDense(dense, on_one_core=on_one_core))
            case [Residual() as block, *rest]:
                steps.append(FusedResidual(block, fuse))
            case [layer, *rest]:
                steps.append(layer)
    return tuple(steps)


class ExecutionOrder:
    """Runs a network forward and backward.

    Args:
        layers: Built layers, as written.
        backend: Where they compute; processor and graphics card have an order of their own.

    Attributes:
        steps: What runs, in this order.
        can_add_gradients: Whether ``add_gradients_to`` is heeded by all that learn.
        numbers_per_image: About how many numbers all steps keep for each image.

    Raises:
        SpecError: The network keeps too many numbers for each image.
    """

    def __init__(self, layers: Sequence[Layer], backend: Backend) -> None:
        orders = {"cpu": fuse, "gpu": fuse_for_gpu}
        with common_memory() as self._memory:
            self.steps = orders[backend.name](layers) if backend.name in orders else tuple(layers)
        self._most_images = 0
        self.numbers_per_image = 0
        for path, numbers in itertools.chain.from_iterable(step.sizes() for step in self.steps):
            self.numbers_per_image += numbers
            check_size(path, "numbers per image", self.numbers_per_image, MAX_NUMBERS_PER_IMAGE)
        learners = [step for step in self.steps if step.has_parameters]
        self._first_learner = self.steps.index(learners[0]) if learners else len(self.steps)
        self._dense = [step for step in learners if isinstance(step, FusedDense)]
        self.can_add_gradients = len(self._dense) == len(learners)
        self._sum: Array | None = None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Map a batch, batch last."""
        if x.shape[-1] > self._most_images:
            self._most_images = x.shape[-1]
            self._memory.let_go()
        for step in self.steps:
            x = step.forward(x, training=training)
        return x

    def backward(self, grad_logits: Array) -> None:
        """Fill the parameters' gradients; nobody reads what is before the first that learns."""
        grad = grad_logits
        for step in reversed(self.steps[self._first_learner :]):
            grad = step.backward(grad)

    def add_gradients_to(self, total: GradientSum | None) -> None:
        """See ``Network.add_gradients_to``."""
        values = None if total is None else total.values
        if values is self._sum:
            return
        self._sum = values
        for step in self._dense:
            step.add_gradients_to(values)
