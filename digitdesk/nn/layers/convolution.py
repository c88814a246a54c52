"""Convolution: each output is the product of one small patch of the image with one filter.

Here it is as written: im2col, one product of matrices, col2im. What runs on a processor gives the
same sooner and stands outside, in ``fusion`` and ``kernels``.
"""

from __future__ import annotations

import math

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.initializers import ZEROS, Initializer
from digitdesk.nn.layers.im2col import col2im, im2col
from digitdesk.nn.layers.layer import BuildContext, Layer, ShapeError, image_shape


class Conv2D(Layer):
    """Two-dimensional convolution (cross-correlation, as everywhere in deep learning).

    ``y[f, h, w] = b[f] + Σ_cij kernel[f, c, i, j] · x[c, s·h + i − p, s·w + j − p]``

    With the patches of x as columns: ``y = kernel · columns + b``; backward
    ``grad_kernel = grad_y · columnsᵀ``, ``grad_b = Σ grad_y`` over all but the filters, and
    ``grad_x = col2im(kernelᵀ · grad_y)``.

    Args:
        filters: Number of output channels F.
        kernel_size: Side K of the square kernel.
        stride: Step s between patches.
        padding: Zeros around the image: ``same`` (as many outputs as inputs at stride 1; odd
            kernels), ``valid`` (none), or a number of pixels p.
        init: How the kernel starts.
        bias_init: How the bias starts.

    Shapes:
        x (C, H, W, N) → y (F, H', W', N) with H' = ⌊(H + 2p − K) / s⌋ + 1;
        kernel (F, C, K, K), bias (F,).

    Source:
        LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.
    """

    has_parameters = True
    works_on_images = True

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        stride: int = 1,
        padding: str | int = "same",
        init: Initializer | None = None,
        bias_init: Initializer = ZEROS,
    ) -> None:
        self.filters = filters
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.init = init or Initializer()
        self.bias_init = bias_init

    def build(self, input_shape: Shape, context: BuildContext) -> Shape:
        """Declare the kernel (F, C, K, K) and the bias (F,).

        Raises:
            ShapeError: The input is not an image, or is smaller than the kernel.
        """
        super().build(input_shape, context)
        channels, height, width = image_shape(input_shape)
        size, step, pad = self.kernel_size, self.stride, self.padding_px
        least = size - 2 * pad
        if min(height, width) < least:
            hint = "use a smaller kernel or padding=same"
            raise ShapeError(f"an image of at least {least}×{least}", input_shape, hint)
        self._out = ((height + 2 * pad - size) // step + 1, (width + 2 * pad - size) // step + 1)
        patch = size * size
        fans = {"fan_in": channels * patch, "fan_out": self.filters * patch}
        shape = (self.filters, channels, size, size)
        self.kernel = context.parameter("kernel", shape, self.init.start(**fans), decay=True)
        bias_start = self.bias_init.start(**fans)
        self.bias = context.parameter("bias", (self.filters,), bias_start, decay=False)
        return (self.filters, *self._out)

    @property
    def padding_px(self) -> int:
        """Zeros on each side of the image."""
        if isinstance(self.padding, int):
            return self.padding
        return (self.kernel_size - 1) // 2 if self.padding == "same" else 0

    def forward(self, x: Array, *, training: bool) -> Array:
        """Compute y = kernel · columns + b."""
        channels, size, batch = x.shape[0], self.kernel_size, x.shape[-1]
        shape = (channels, size, size, *self._out, batch)
        # Borders are zeroed once; im2col never writes there.
        patches = self._buffer("columns", shape, zeroed=True)
        im2col(x, patches, stride=self.stride, padding=self.padding_px)
        self._columns = patches.reshape(channels * size * size, -1)
        y = self._buffer("y", (self.filters, *self._out, batch))
        # (F, C·K·K) (C·K·K, H'·W'·N) → (F, H'·W'·N)
        self.xp.matmul(_rows(self.kernel.value), self._columns, out=_rows(y))
        y += self.bias.value.reshape(-1, 1, 1, 1)
        return y

    def backward(self, grad_y: Array) -> Array:
        """grad_kernel = grad_y · columnsᵀ; grad_b = Σ grad_y; grad_x = col2im(kernelᵀ · grad_y)."""
        grad_rows = _rows(grad_y)
        # (F, H'·W'·N) (H'·W'·N, C·K·K) → (F, C·K·K)
        self.xp.matmul(grad_rows, self._columns.T, out=_rows(self.kernel.grad))
        self.xp.sum(grad_rows, axis=1, out=self.bias.grad)
        if not self.input_grad_needed:
            return None
        channels, size, batch = self.input_shape[0], self.kernel_size, grad_y.shape[-1]
        grad_patches = self._buffer("grad_columns", (channels, size, size, *self._out, batch))
        # (C·K·K, F) (F, H'·W'·N) → (C·K·K, H'·W'·N)
        grad_columns = grad_patches.reshape(channels * size * size, -1)
        self.xp.matmul(_rows(self.kernel.value).T, grad_rows, out=grad_columns)
        grad_x = self._buffer("grad_x", (*self.input_shape, batch))
        return col2im(grad_patches, grad_x, stride=self.stride, padding=self.padding_px)

    def numbers_per_image(self) -> int:
        """The columns come on top, once forward and once backward."""
        columns = self.input_shape[0] * self.kernel_size**2 * math.prod(self._out)
        return super().numbers_per_image() + 2 * columns


def _rows(array: Array) -> Array:
    """One filter a row: (F, …) → (F, everything else)."""
    return array.reshape(array.shape[0], -1)
