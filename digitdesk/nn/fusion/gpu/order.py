"""Which steps stand for which layers on a graphics card; layers without one run as written."""

from __future__ import annotations

from collections.abc import Sequence

from digitdesk.nn.fusion.gpu.layers import GpuBatchNorm, GpuConvolution, GpuDense, GpuMaxPool2D
from digitdesk.nn.fusion.residual import FusedResidual
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import MaxPool2D
from digitdesk.nn.layers.residual import Residual


def fuse_for_gpu(layers: Sequence[Layer]) -> tuple[Layer, ...]:
    """Steps that give what the layers give, on a graphics card.

    Args:
        layers: Built layers in a row.
    """
    steps: list[Layer] = []
    rest = list(layers)
    while rest:
        match rest:
            case [Conv2D() as conv, ReLU() as relu, MaxPool2D() as pool, *rest]:
                steps.append(GpuConvolution(conv, relu, pool))
            case [Conv2D() as conv, MaxPool2D() as pool, *rest]:
                steps.append(GpuConvolution(conv, None, pool))
            case [Conv2D() as conv, ReLU() as relu, *rest]:
                steps.append(GpuConvolution(conv, relu))
            case [Conv2D() as conv, *rest]:
                steps.append(GpuConvolution(conv))
            case [MaxPool2D() as pool, *rest]:
                steps.append(GpuMaxPool2D(pool))
            case [Dense() as dense, ReLU() as relu, *rest]:
                steps.append(GpuDense(dense, relu))
            case [Dense() as dense, *rest]:
                steps.append(GpuDense(dense))
            case [BatchNorm() as norm, ReLU() as relu, *rest]:
                steps.append(GpuBatchNorm(norm, relu))
            case [BatchNorm() as norm, *rest]:
                steps.append(GpuBatchNorm(norm))
            case [Residual() as block, *rest]:
                steps.append(FusedResidual(block, fuse_for_gpu))
            case [layer, *rest]:
                steps.append(layer)
    return tuple(steps)
