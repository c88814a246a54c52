"""All kernels there are, for whoever compares their texts with what they should compute."""

from __future__ import annotations

from digitdesk.nn.kernels.gpu.augmentation import DRAW_WITH_PEN, SAMPLE
from digitdesk.nn.kernels.gpu.cross_entropy import CROSS_ENTROPY, NOTE
from digitdesk.nn.kernels.gpu.elementwise import ADD_BIAS, PASSED, RELU_GRADIENT, TAKE_BATCH
from digitdesk.nn.kernels.gpu.kernel import GpuKernel
from digitdesk.nn.kernels.gpu.normalization import (
    CENTERED_SQUARES,
    GRADIENTS_TO_SUM,
    NORMALIZE,
    NORMALIZE_GRADIENT,
    STATISTICS,
)
from digitdesk.nn.kernels.gpu.philox import UNIFORM
from digitdesk.nn.kernels.gpu.updates import (
    ADAGRAD_UPDATE,
    ADAM_UPDATE,
    FOLLOW,
    MOMENTUM_UPDATE,
    RMSPROP_UPDATE,
    SGD_UPDATE,
)
from digitdesk.nn.kernels.gpu.windows import COL2IM, IM2COL, MAX_POOL, MAX_POOL_GRADIENT

KERNELS: dict[str, GpuKernel] = {
    kernel.name: kernel
    for kernel in (
        IM2COL,
        COL2IM,
        MAX_POOL,
        MAX_POOL_GRADIENT,
        ADD_BIAS,
        RELU_GRADIENT,
        PASSED,
        CENTERED_SQUARES,
        STATISTICS,
        NORMALIZE,
        GRADIENTS_TO_SUM,
        NORMALIZE_GRADIENT,
        TAKE_BATCH,
        SAMPLE,
        DRAW_WITH_PEN,
        CROSS_ENTROPY,
        NOTE,
        UNIFORM,
        SGD_UPDATE,
        MOMENTUM_UPDATE,
        ADAGRAD_UPDATE,
        RMSPROP_UPDATE,
        ADAM_UPDATE,
        FOLLOW,
    )
}
"""By the name that profilers show."""
