"""Layers on a graphics card, with bias, ReLU and pool in one pass.

Between the products of matrices a card does little but read and write memory, and each pass is a
launch of its own. Here a layer is one product and one pass each way; nothing is allocated from step
to step, and nothing is asked of the host, so that a step can be recorded whole
(``training/gpu/recorded_step.py``).

Gains, on an H100 and launched piece by piece: networks train 1.5 to 2.8 times as fast as with the
layers as written, only MLP-1024, all of whose time is cuBLAS's, 1.1 times
(``tests/benchmarks/gpu.py --only speed``).
"""

from __future__ import annotations

import math

from digitdesk.nn.core.backend import Array
from digitdesk.nn.fusion.fused_layer import FusedLayer
from digitdesk.nn.kernels.gpu.cublas import multiply, multiply_transposed
from digitdesk.nn.kernels.gpu.elementwise import ADD_BIAS, PASSED, RELU_GRADIENT
from digitdesk.nn.kernels.gpu.normalization import (
    CENTERED_SQUARES,
    GRADIENTS_TO_SUM,
    NORMALIZE,
    NORMALIZE_GRADIENT,
    STATISTICS,
)
from digitdesk.nn.kernels.gpu.windows import COL2IM, IM2COL, MAX_POOL, MAX_POOL_GRADIENT
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import MaxPool2D

_MOST_SMALL_PLACES = 255


class GpuMaxPool2D(FusedLayer):
    """``MaxPool2D``, and what comes before it of a convolution: its bias and a ReLU.

    A bias adds the same number to a whole channel and ReLU never reverses an order, so both may
    wait until the pool has left a part of the numbers.

    Args:
        pool: The pool.
        conv: Whose bias is still to be added, if any.
        relu: Between the two, if any.

    Shapes:
        x (C, H, W, N) → y (C, H', W', N).
    """

    def __init__(
        self, pool: MaxPool2D, conv: Conv2D | None = None, relu: ReLU | None = None
    ) -> None:
        super().__init__(pool)
        self._pool = pool
        self._conv = conv
        self._has_relu = relu is not None
        self._none = pool.pool_size**2
        self._winner_type = "uint8" if self._none <= _MOST_SMALL_PLACES else "int32"

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = the maximum over the window's places, then bias and ReLU."""
        self._x_shape = x.shape
        y = self._buffer("y", (*self.output_shape, x.shape[-1]))
        self._winner = self._buffer("winner", y.shape, self._winner_type)
        bias = y if self._conv is None else self._conv.bias.value
        switches = int(self._conv is not None), int(self._has_relu)
        MAX_POOL(self.xp, x, bias, *switches, *self._sizes(), y, self._winner)
        return y

    def backward(self, grad_y: Array) -> Array:
        """Each window's gradient goes to its first maximum; the bias gets all that passes."""
        if self._has_relu:
            passed = self._buffer("passed", grad_y.shape)
            PASSED(self.xp, grad_y, self._winner, self._none, passed)
            grad_y = passed
        if self._conv is not None:
            _sum_rows(grad_y, self._conv.bias.grad)
        grad_x = self._buffer("grad_x", self._x_shape)
        MAX_POOL_GRADIENT(self.xp, grad_y, self._winner, *self._sizes(), grad_x)
        return grad_x

    def _sizes(self) -> tuple[int, ...]:
        """As the kernels take them."""
        pool, (_, height, width, batch) = self._pool, self._x_shape
        return (pool.pool_size, pool.step, height, width, *self.output_shape[1:], batch)


class GpuConvolution(FusedLayer):
    """``Conv2D`` with the ReLU, or the ReLU and the max-pool, after it.

    Args:
        conv: The convolution.
        relu: After it, if any.
        pool: After these, if any.

    Shapes:
        x (C, H, W, N) → y (F, H', W', N), or as the pool gives.
    """

    def __init__(
        self, conv: Conv2D, relu: ReLU | None = None, pool: MaxPool2D | None = None
    ) -> None:
        super().__init__(*(layer for layer in (conv, relu, pool) if layer is not None))
        self._conv = conv
        self._has_relu = relu is not None
        self._pool = GpuMaxPool2D(pool, conv, relu) if pool else None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = kernel · columns + b, with what follows."""
        conv = self._conv
        patches = x.shape[0] * conv.kernel_size**2
        places = math.prod(conv.output_shape[1:]) * x.shape[-1]
        self._columns = self._buffer("columns", (patches, places))
        IM2COL(
            self.xp,
            *(x, *self._sizes(x.shape[-1]), self._patches(self._columns)),
            size=x.shape[0] * places,
        )
        y = self._buffer("y", (conv.filters, places))
        # (F, C·K·K) (C·K·K, H'·W'·N) → (F, H'·W'·N)
        multiply(conv.kernel.value.reshape(conv.filters, -1), self._columns, y, xp=self.xp)
        self._y = y.reshape(*conv.output_shape, -1)
        if self._pool:
            return self._pool.forward(self._y, training=training)
        ADD_BIAS(self.xp, conv.bias.value, places, int(self._has_relu), y)
        return self._y

    def backward(self, grad_y: Array) -> Array:
        """grad_kernel = grad_y · columnsᵀ; grad_x = col2im(kernelᵀ · grad_y)."""
        conv = self._conv
        if self._pool:
            grad_y = self._pool.backward(grad_y)
        else:
            if self._has_relu:
                grad_y = _relu_gradient(self, grad_y, self._y)
            _sum_rows(grad_y, conv.bias.grad)
        rows = grad_y.reshape(conv.filters, -1)
        # (F, H'·W'·N) (H'·W'·N, C·K·K) → (F, C·K·K)
        grad_kernel = conv.kernel.grad.reshape(conv.filters, -1)
        multiply_transposed(rows, self._columns, grad_kernel, xp=self.xp)
        if not conv.input_grad_needed:
            return None
        columns = self._buffer("grad_columns", self._columns.shape)
        # (C·K·K, F) (F, H'·W'·N) → (C·K·K, H'·W'·N)
        multiply(conv.kernel.value.reshape(conv.filters, -1).T, rows, columns, xp=self.xp)
        grad_x = self._buffer("grad_x", (*self.input_shape, grad_y.shape[-1]))
        sizes = self._sizes(grad_y.shape[-1])
        COL2IM(self.xp, self._patches(columns), *sizes, grad_x)
        return grad_x

    def numbers_per_image(self) -> int:
        """The columns come on top, once forward and once backward."""
        conv = self._conv
        columns = self.input_shape[0] * conv.kernel_size**2 * math.prod(conv.output_shape[1:])
        return super().numbers_per_image() + 2 * columns

    def _patches(self, columns: Array) -> Array:
        """(C·K·K, H'·W'·N) → (C, K, K, H', W', N), sharing memory."""
        conv, channels = self._conv, self.input_shape[0]
        size, (_, height, width) = conv.kernel_size, conv.output_shape
        return columns.reshape(channels, size, size, height, width, -1)

    def _sizes(self, batch: int) -> tuple[int, ...]:
        """As the kernels take them."""
        conv, (_, height, width) = self._conv, self.input_shape
        _, out_height, out_width = conv.output_shape
        window = conv.kernel_size, conv.stride, conv.padding_px
        return (*window, height, width, out_height, out_width, batch)


class GpuDense(FusedLayer):
    """``Dense`` with the ReLU after it, if any.

    Args:
        dense: The layer.
        relu: After it, if any.

    Shapes:
        x (D, N) → y (units, N).
    """

    def __init__(self, dense: Dense, relu: ReLU | None = None) -> None:
        super().__init__(*((dense, relu) if relu else (dense,)))
        self._dense = dense
        self._has_relu = relu is not None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = W x + b, with what follows."""
        dense = self._dense
        self._x = x
        self._y = self._buffer("y", (dense.units, x.shape[1]))
        multiply(dense.kernel.value, x, self._y, xp=self.xp)  # (units, D) (D, N) → (units, N)
        ADD_BIAS(self.xp, dense.bias.value, x.shape[1], int(self._has_relu), self._y)
        return self._y

    def backward(self, grad_y: Array) -> Array:
        """grad_W = grad_y xᵀ; grad_b = Σₙ grad_y; grad_x = Wᵀ grad_y."""
        dense = self._dense
        if self._has_relu:
            grad_y = _relu_gradient(self, grad_y, self._y)
        multiply_transposed(grad_y, self._x, dense.kernel.grad, xp=self.xp)
        _sum_rows(grad_y, dense.bias.grad)
        if not dense.input_grad_needed:
            return None
        grad_x = self._buffer("grad_x", self._x.shape)
        multiply(dense.kernel.value.T, grad_y, grad_x, xp=self.xp)
        return grad_x


class GpuBatchNorm(FusedLayer):
    """``BatchNorm`` with the ReLU after it, if any.

    Args:
        norm: The normalization.
        relu: After it, if any.

    Shapes:
        x (D, N) or (C, H, W, N) → y of the same shape.
    """

    def __init__(self, norm: BatchNorm, relu: ReLU | None = None) -> None:
        super().__init__(*((norm, relu) if relu else (norm,)))
        self._norm = norm
        self._has_relu = relu is not None

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = γ (x − μ) / √(σ² + ε) + β, with what follows."""
        if not training:
            y = self._norm.forward(x, training=False)
            return self.xp.maximum(y, 0, out=y) if self._has_relu else y
        norm, rows = self._norm, x.reshape(x.shape[0], -1)  # (C, H, W, N) → (C, H·W·N)
        channels, inner = rows.shape
        mean, variance = norm.mean.grad, norm.variance.grad  # what this batch shows, at the end
        _sum_rows(x, mean)
        self._y, self._normal = self._buffer("y", rows.shape), self._buffer("normal", rows.shape)
        CENTERED_SQUARES(self.xp, rows, mean, inner, self._normal)
        _sum_rows(self._normal.reshape(x.shape), variance)
        self._scale = self._buffer("scale", (channels,))
        STATISTICS(self.xp, norm.epsilon, inner, mean, variance, self._scale)
        learned = norm.gamma.value, norm.beta.value
        switches = inner, int(self._has_relu)
        NORMALIZE(self.xp, rows, mean, self._scale, *learned, *switches, self._normal, self._y)
        return self._y.reshape(x.shape)

    def backward(self, grad_y: Array) -> Array:
        """Through the statistics too, as they depend on every sample."""
        norm, normal = self._norm, self._normal
        rows, grad_x = self._buffer("passed", normal.shape), self._buffer("grad_x", normal.shape)
        given = grad_y.reshape(normal.shape), self._y, normal, int(self._has_relu)
        GRADIENTS_TO_SUM(self.xp, *given, rows, grad_x)
        _sum_rows(grad_x.reshape(grad_y.shape), norm.gamma.grad)
        _sum_rows(rows.reshape(grad_y.shape), norm.beta.grad)
        sums = norm.gamma.grad, norm.beta.grad
        NORMALIZE_GRADIENT(
            self.xp,
            *(rows, normal, self._scale, norm.gamma.value, *sums, normal.shape[1], grad_x),
        )
        return grad_x.reshape(grad_y.shape)


def _relu_gradient(layer: FusedLayer, grad_y: Array, y: Array) -> Array:
    """The gradient where y > 0, in a buffer of the layer's."""
    passed = layer._buffer("passed", grad_y.shape)
    RELU_GRADIENT(layer.xp, grad_y, y, passed)
    return passed


def _sum_rows(x: Array, sums: Array) -> None:
    """``sums ← Σ x`` over all but the first axis, (C, H, W, N) or (D, N).

    A card has one group of threads for each sum, and more groups than there are channels: so each
    row of pixels is summed by itself first.
    """
    if x.ndim == 4:
        x = x.reshape(*x.shape[:2], -1).sum(axis=2)  # (C, H, W·N) → (C, H)
    x.sum(axis=1, out=sums)
