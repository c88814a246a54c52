"""Convolution as one matrix product: patches become columns, filters are rows (im2col + GEMM).

The plain way, for any stride and padding; the columns are filled by K×K slice copies.
"""

from __future__ import annotations

import math
from typing import Any

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.buffers import Buffers
from digitdesk.nn.core.windows import Window, inside
from digitdesk.nn.kernels.output_pairs import OutputPairs


class Im2Col(OutputPairs):
    """The three products of a convolution, by way of all patches written out.

    Args:
        xp: The array module.
        dtype: Number type.
        kernel_size: Side K of the kernel.
        stride: Step between patches.
        padding_px: Zeros on each side of the image.
        out: Height and width of the output.

    Source:
        Chellapilla et al., "High performance convolutional neural networks for document
        processing", 2006 (unrolling convolution).
    """

    def __init__(
        self, xp: Any, dtype: str, kernel_size: int, stride: int, padding_px: int, out: Shape
    ) -> None:
        super().__init__()
        self._xp = xp
        self._buffers = Buffers(xp, dtype)
        self._size = kernel_size
        self._stride = stride
        self._padding = padding_px
        self._out = out

    def forward(self, x: Array, kernel: Array, y: Array) -> None:
        """Write kernel · columns to y; x (C, H, W, N), kernel (F, C, K, K), y (F, H', W', N)."""
        self._x_shape = x.shape
        channels, _, _, batch = x.shape
        shape = (channels, self._size, self._size, *self._out, batch)
        # Borders are zeroed once; the slices below never write there.
        self._columns = self._buffers.get("columns", shape, zeroed=True)
        for i, j, patches, pixels in self._windows():
            self._columns[:, i, j, *patches] = x[:, *pixels]
        # (F, C·K·K) (C·K·K, H'·W'·N) → (F, H'·W'·N)
        self._xp.matmul(_rows(kernel), self._columns_matrix(), out=_rows(y))

    def kernel_gradient(self, grad_kernel: Array) -> None:
        """grad_kernel = grad_y · columnsᵀ."""
        grad_y = self._grad_y
        columns = self._columns_matrix()
        # (F, H'·W'·N) (H'·W'·N, C·K·K) → (F, C·K·K)
        self._xp.matmul(_rows(grad_y), columns.T, out=_rows(grad_kernel))

    def input_gradient(self, kernel: Array) -> Array:
        """col2im of kernelᵀ · grad_y: a pixel's gradient is the sum over the patches it is in."""
        grad_y = self._grad_y
        grad_columns = self._buffers.get("grad_columns", self._columns.shape)
        matrix = grad_columns.reshape(-1, _rows(grad_y).shape[1])
        # (C·K·K, F) (F, H'·W'·N) → (C·K·K, H'·W'·N)
        self._xp.matmul(_rows(kernel).T, _rows(grad_y), out=matrix)
        grad_x = self._buffers.get("grad_x", self._x_shape)
        grad_x.fill(0)
        for i, j, patches, pixels in self._windows():
            grad_x[:, *pixels] += grad_columns[:, i, j, *patches]
        return grad_x

    def copies_per_image(self, input_shape: Shape) -> int:
        """Numbers in the columns of one image (C, H, W)."""
        return input_shape[0] * self._size**2 * math.prod(self._out)

    def _columns_matrix(self) -> Array:
        """(C, K, K, H', W', N) → (C·K·K, H'·W'·N)."""
        channels = self._columns.shape[0]
        return self._columns.reshape(channels * self._size * self._size, -1)

    def _windows(self) -> list[tuple[int, int, Window, Window]]:
        """For each place in the kernel, the patches whose pixel there is inside, and the pixels."""
        _, height, width, _ = self._x_shape
        windows = []
        for i in range(self._size):
            for j in range(self._size):
                rows = inside(i - self._padding, self._stride, height, self._out[0])
                columns = inside(j - self._padding, self._stride, width, self._out[1])
                windows.append((i, j, (rows[0], columns[0]), (rows[1], columns[1])))
        return windows


def _rows(array: Array) -> Array:
    """One filter a row: (F, …) → (F, everything else)."""
    return array.reshape(array.shape[0], -1)
