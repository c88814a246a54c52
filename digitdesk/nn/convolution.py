"""Convolution as one matrix product: patches become columns, filters are rows (im2col + GEMM).

The columns are filled by K×K slice copies, each of whole image rows of the whole batch.
"""

from __future__ import annotations

from digitdesk.nn.backend import Array, Shape
from digitdesk.nn.bias import Bias
from digitdesk.nn.initializers import Initializer, zeros
from digitdesk.nn.layer import BuildContext, Layer, ShapeError

Window = tuple[slice, slice]


class Conv2D(Layer):
    """Two-dimensional convolution (cross-correlation, as everywhere in deep learning).

    ``y[f, h, w] = b[f] + Σ_cij kernel[f, c, i, j] · x[c, s·h + i − p, s·w + j − p]``

    Args:
        filters: Number of output channels F.
        kernel_size: Side K of the square kernel.
        stride: Step s between patches.
        padding: Zeros around the image: ``same`` (as many outputs as inputs at stride 1; odd
            kernels), ``valid`` (none), or a number of pixels p.
        init: How the kernel starts.

    Shapes:
        x (C, H, W, N) → y (F, H', W', N) with H' = ⌊(H + 2p − K) / s⌋ + 1;
        kernel (F, C, K, K), bias (F,).

    Source:
        Chellapilla et al., "High performance convolutional neural networks for document
        processing", 2006 (unrolling convolution).
    """

    has_parameters = True

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        stride: int = 1,
        padding: str | int = "same",
        init: Initializer | None = None,
    ) -> None:
        super().__init__()
        self.filters = filters
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.init = init or Initializer()

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Declare the kernel (F, C, K, K) and the bias (F,).

        Raises:
            ShapeError: The input is not an image, or is smaller than the kernel.
        """
        super().build(input_shape, context)
        channels, height, width = image_shape(input_shape)
        size, step, pad = self.kernel_size, self.stride, self.padding_px
        if min(height, width) + 2 * pad < size:
            raise ShapeError(
                f"an image of at least {size - 2 * pad}×{size - 2 * pad}",
                input_shape,
                "use a smaller kernel or padding=same",
            )
        self._out = ((height + 2 * pad - size) // step + 1, (width + 2 * pad - size) // step + 1)
        patch = size * size
        start = self.init.start(fan_in=channels * patch, fan_out=self.filters * patch)
        self.kernel = context.parameter(
            "kernel", (self.filters, channels, size, size), start, decay=True
        )
        self.bias: Bias | None = Bias()
        self.bias.build((self.filters, *self._out), context)
        self.bias.adopt(context.parameter("bias", (self.filters,), zeros, decay=False))
        return (self.filters, *self._out)

    @property
    def padding_px(self) -> int:
        """Zeros on each side of the image."""
        if isinstance(self.padding, int):
            return self.padding
        return (self.kernel_size - 1) // 2 if self.padding == "same" else 0

    def release_bias(self) -> Bias:
        """Stop adding the bias, and hand it to whoever adds it later."""
        assert self.bias is not None
        bias, self.bias = self.bias, None
        return bias

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = kernel · columns + b."""
        batch = x.shape[-1]
        self._x_shape = x.shape
        columns = self._columns(x)
        y = self._buffer("y", (self.filters, *self._out, batch))
        # (F, C·K·K) (C·K·K, H'·W'·N) → (F, H'·W'·N)
        self.xp.matmul(self._rows(self.kernel.value), columns, out=y.reshape(self.filters, -1))
        return y if self.bias is None else self.bias.forward(y, training=training)

    def backward(self, grad_y: Array) -> Array:
        """grad_kernel = grad_y · columnsᵀ; grad_columns = kernelᵀ · grad_y, added back in place."""
        if self.bias is not None:
            grad_y = self.bias.backward(grad_y)
        grad_rows = grad_y.reshape(self.filters, -1)  # (F, H', W', N) → (F, H'·W'·N)
        columns = self._buffer("columns", self._columns_shape).reshape(-1, grad_rows.shape[1])
        self.xp.matmul(grad_rows, columns.T, out=self._rows(self.kernel.grad))
        if not self.input_grad_needed:
            return None
        grad_columns = self._buffer("grad_columns", columns.shape)
        self.xp.matmul(self._rows(self.kernel.value).T, grad_rows, out=grad_columns)
        return self._add_columns_back(grad_columns)

    def _rows(self, kernel: Array) -> Array:
        """(F, C, K, K) → (F, C·K·K): one filter a row."""
        return kernel.reshape(self.filters, -1)

    def _columns(self, x: Array) -> Array:
        """im2col: (C, H, W, N) → (C·K·K, H'·W'·N), zero where a patch reaches over the border."""
        channels, _, _, batch = x.shape
        size = self.kernel_size
        self._columns_shape = (channels, size, size, *self._out, batch)
        # Borders are zeroed once; the slices below never write there.
        columns = self._buffer("columns", self._columns_shape, zeroed=True)
        for i, j, patch, image in self._slices(x.shape):
            columns[:, i, j, *patch] = x[:, *image]
        return columns.reshape(channels * size * size, -1)

    def _add_columns_back(self, columns: Array) -> Array:
        """col2im: each pixel's gradient is the sum over the patches it is in."""
        grad_x = self._buffer("grad_x", self._x_shape)
        grad_x.fill(0)
        columns = columns.reshape(self._columns_shape)
        for i, j, patch, image in self._slices(self._x_shape):
            grad_x[:, *image] += columns[:, i, j, *patch]
        return grad_x

    def _slices(self, x_shape: Shape) -> list[tuple[int, int, Window, Window]]:
        """For each kernel position, the patches whose pixel there lies inside the image."""
        slices = []
        for i in range(self.kernel_size):
            for j in range(self.kernel_size):
                rows = inside(i - self.padding_px, self.stride, x_shape[1], self._out[0])
                cols = inside(j - self.padding_px, self.stride, x_shape[2], self._out[1])
                slices.append((i, j, (rows[0], cols[0]), (rows[1], cols[1])))
        return slices


def inside(offset: int, stride: int, length: int, count: int) -> tuple[slice, slice]:
    """Which of ``count`` patches read inside an axis, and which pixels they read.

    Patch k reads pixel ``k · stride + offset``.

    Returns:
        A slice of patches and the matching slice of pixels.
    """
    first = max(0, -(offset // stride))
    last = min(count, (length - 1 - offset) // stride + 1)
    if last <= first:
        return slice(0, 0), slice(0, 0)
    start = first * stride + offset
    return slice(first, last), slice(start, start + (last - first - 1) * stride + 1, stride)


def image_shape(shape: Shape) -> tuple[int, int, int]:
    """The shape as (C, H, W).

    Raises:
        ShapeError: It is not an image's.
    """
    if len(shape) != 3:
        raise ShapeError("images", shape, "put it before flatten")
    return shape[0], shape[1], shape[2]
