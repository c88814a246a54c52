"""A convolution by the fastest kernel, alone or as one with the ReLU and 2×2 max-pool after it.

A bias adds the same number to a whole channel and ReLU never reverses an order, so both may wait
until the pool has left a quarter of the numbers: ``conv relu maxpool`` runs as ``conv · maxpool ·
bias · relu``, and the outputs that the pool drops are never written down.

Gains: cnn-light and cnn-standard train 1.3 times as fast as with the three apart
(``tests/benchmarks/tricks.py --only pooled``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from digitdesk.nn.core.backend import Array
from digitdesk.nn.fusion.fused_layer import FusedLayer
from digitdesk.nn.fusion.normalization import FusedBatchNorm
from digitdesk.nn.kernels import plane_gemm
from digitdesk.nn.kernels.convolution_kernel import ConvolutionKernel, ReadingKernel
from digitdesk.nn.kernels.max_pool_2x2 import MaxPool2x2
from digitdesk.nn.kernels.plane_gemm import PlaneGemm
from digitdesk.nn.kernels.row_gemm import RowGemm
from digitdesk.nn.kernels.winograd import Winograd
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import MaxPool2D

#: From so many input channels and images on, fewer multiplications are worth the sums around them.
WINOGRAD_CHANNELS, _WINOGRAD_IMAGES = 32, 8


def has_fast_kernel(conv: Conv2D) -> bool:
    """Whether there is a faster way than im2col."""
    return conv.stride == 1 and conv.padding_px < conv.kernel_size


def can_pool(conv: Conv2D, pool: MaxPool2D) -> bool:
    """Whether the two may run as one: windows of 2×2, side by side, that leave nothing out."""
    _, height, width = conv.output_shape
    return has_fast_kernel(conv) and pool.is_2x2 and height % 2 == width % 2 == 0


@dataclass(frozen=True, slots=True)
class _Kernels:
    """Ways to compute one convolution: for reading a picture or two, or a few, and for all else."""

    for_one: ReadingKernel
    for_few: ConvolutionKernel
    for_many: ConvolutionKernel

    @classmethod
    def of(cls, conv: Conv2D, *, for_pool: bool = False) -> _Kernels:
        """Those that suit it."""
        filters, channels, size, _ = conv.kernel.shape
        dtype, pad, out = conv.dtype, conv.padding_px, conv.output_shape[1:]
        uses_winograd = size == 3 and channels >= WINOGRAD_CHANNELS
        halves = for_pool and (uses_winograd or 4 * channels <= filters)
        rows = RowGemm(dtype, size, pad, out, halves=halves)
        many = Winograd(dtype, filters, pad, out) if uses_winograd else rows
        return cls(PlaneGemm(dtype, size, pad, out), rows, many)


class FusedConvolution(FusedLayer):
    """``Conv2D`` by a kernel that suits it.

    Args:
        conv: With ``has_fast_kernel``.

    Shapes:
        x (C, H, W, N) → y (F, H', W', N).
    """

    def __init__(self, conv: Conv2D) -> None:
        super().__init__(conv)
        self._conv = conv
        self._kernels = _Kernels.of(conv)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = kernel ∗ x + b."""
        return self._convolve(x, self._conv.kernel.value, self._conv.bias.value, training=training)

    def backward(self, grad_y: Array) -> Array:
        """The kernel's three products do the rest."""
        conv = self._conv
        _sum_over_channels(grad_y, conv.bias.grad)
        return self._kernels.for_many.backward(
            grad_y, conv.kernel.value, conv.kernel.grad, input_grad=conv.input_grad_needed
        )

    def numbers_per_image(self) -> int:
        """The kernel's copies come on top, once forward and once backward."""
        return super().numbers_per_image() + 2 * self._copies_per_image()

    def _convolve(
        self, x: Array, kernel: Array, bias: Array, *, training: bool, has_relu: bool = False
    ) -> Array:
        """The outputs, and a ReLU of them; rows are finished while still in the cache."""
        self._kernel = self._choose_kernel(x, training)
        y = self._buffer("y", (*self._conv.output_shape, x.shape[-1]))
        for rows in self._kernel.forward(x, kernel, y):
            some = y[:, rows]
            some += _column(bias)
            if has_relu:
                zeros = self._buffers.get("zeros", some.shape[1:], zeroed=True)
                np.maximum(some, zeros, out=some)
        return y

    def _choose_kernel(self, x: Array, training: bool) -> ReadingKernel:
        count, width = x.shape[-1], self._conv.output_shape[2]
        if training or count >= _WINOGRAD_IMAGES:
            kernel: ReadingKernel = self._kernels.for_many
        elif count * width >= plane_gemm.COLUMNS:
            kernel = self._kernels.for_few
        else:
            kernel = self._kernels.for_one
        kernel.has_way_back = training
        return kernel

    def _copies_per_image(self) -> int:
        return self._kernels.for_many.copies_per_image(self.input_shape)


class NormalizedConvolution(FusedConvolution):
    """``Conv2D``, ``BatchNorm``, and the ``ReLU`` after them, if there is one.

    Once trained, the normalization multiplies each channel by a number and adds another, which may
    as well be part of kernel and bias. Training needs it apart.

    Args:
        conv: With ``has_fast_kernel``.
        norm: After it.
        relu: After both, if any.

    Shapes:
        x (C, H, W, N) → y (F, H', W', N).
    """

    def __init__(self, conv: Conv2D, norm: BatchNorm, relu: ReLU | None) -> None:
        super().__init__(conv)
        self._layers = (conv, norm, relu) if relu else (conv, norm)
        self._norm = FusedBatchNorm(norm, relu)
        self._has_relu = relu is not None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = relu(normalized(kernel ∗ x + b))."""
        if training:
            return self._norm.forward(super().forward(x, training=True), training=True)
        factor, shift = self._norm.as_trained()
        kernel = self._conv.kernel.value * factor.reshape(-1, 1, 1, 1)
        bias = self._conv.bias.value * factor + shift
        return self._convolve(x, kernel, bias, training=False, has_relu=self._has_relu)

    def backward(self, grad_y: Array) -> Array:
        """One after the other."""
        return super().backward(self._norm.backward(grad_y))

    def sizes(self) -> Iterator[tuple[str, int]]:
        """Each by its own name."""
        yield from super().sizes()
        yield from self._norm.sizes()

    def numbers_per_image(self) -> int:
        """Of the convolution; see ``sizes``."""
        return Layer.numbers_per_image(self._conv) + 2 * self._copies_per_image()


class PooledConvolution(FusedConvolution):
    """``Conv2D``, ``ReLU`` if there is one, and ``MaxPool2D`` with 2×2 windows.

    Args:
        conv: With outputs of even height and width; see ``can_pool``.
        relu: Between the two, if any.
        pool: With 2×2 windows side by side.

    Shapes:
        x (C, H, W, N) → y (F, H' / 2, W' / 2, N), where conv has outputs (F, H', W', N).
    """

    def __init__(self, conv: Conv2D, relu: ReLU | None, pool: MaxPool2D) -> None:
        super().__init__(conv)
        self._layers = (conv, relu, pool) if relu else (conv, pool)
        self.output_shape = pool.output_shape
        self._has_relu = relu is not None
        self._pool = MaxPool2x2(self.dtype)
        self._kernels = _Kernels.of(conv, for_pool=True)

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = relu(max(kernel ∗ x) + b)."""
        self._kernel = self._choose_kernel(x, training)
        y = self._buffer("y", (*self.output_shape, x.shape[-1]))
        for rows, left, right, common in self._kernel.pairs(x, self._conv.kernel.value):
            self._pool.forward(left, right, y, rows, rows=left, common=common, training=training)
        y += _column(self._conv.bias.value)
        if self._has_relu:
            self._rectify(y)
        self._y = y
        return y

    def backward(self, grad_y: Array) -> Array:
        """The gradient goes to the largest of every four, and on to kernel and image."""
        conv, kernel = self._conv, self._kernels.for_many
        if self._has_relu:
            passes = np.greater(self._y, 0, out=self._buffer("passes", grad_y.shape, bool))
            grad_y = np.multiply(grad_y, passes, out=self._buffer("grad_y", grad_y.shape))
        _sum_over_channels(grad_y, conv.bias.grad)
        needed = conv.input_grad_needed
        for gradients in kernel.pair_gradients(conv.kernel.grad, input_grad=needed):
            self._pool.backward(grad_y, *gradients)
        return kernel.input_gradient(conv.kernel.value) if needed else None


def _column(bias: Array) -> Array:
    """(F,) → (F, 1, 1, 1)."""
    return bias.reshape(-1, 1, 1, 1)


def _sum_over_channels(grad_y: Array, grad_bias: Array) -> None:
    """grad_b = Σ grad_y over all but the channels."""
    np.sum(grad_y.reshape(len(grad_y), -1), axis=1, out=grad_bias)
