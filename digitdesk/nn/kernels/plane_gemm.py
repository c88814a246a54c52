"""Convolution of a picture or two at stride 1 as one matrix product per kernel row, for reading.

``row_gemm`` takes one product per output row. Where a row of all pictures is a few numbers only,
BLAS spends more on each product than in it; here each product has all output rows at once.

Gains: cnn-deep and the reader's network read a single picture 1.7 and 1.8 times as fast
(``tests/benchmarks/tricks.py --only planes``).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.buffers import Buffers
from digitdesk.nn.kernels.convolution_kernel import Pairs, ReadingKernel
from digitdesk.nn.kernels.row_gemm import column_shifts

COLUMNS = 32
"""Numbers in a row of all pictures from which on a product for each row is as fast."""


class PlaneGemm(ReadingKernel):
    """A stride-1 convolution as K products, one for each row of the kernel, and their sum.

    The picture is stored by planes as ``stack`` (K, C, H + 2p, W', N): horizontal shift j, channel,
    row. What kernel row i meets begins i rows further down and is, without copying, a matrix of
    K·C rows and H'·W'·N columns.

    Args:
        dtype: Number type.
        kernel_size: Side K of the kernel.
        padding_px: Zeros p on each side of the image, less than K.
        out: Height H' and width W' of the output.
    """

    def __init__(self, dtype: str, kernel_size: int, padding_px: int, out: Shape) -> None:
        self._buffers = Buffers(np, dtype)
        self._size = kernel_size
        self._padding = padding_px
        self._out = out

    def forward(self, x: Array, kernel: Array, y: Array) -> Iterator[slice]:
        """All rows at once."""
        filters, size = len(kernel), self._size
        # (F, C, K, K) → (K, F, K·C): for each kernel row what meets the stack's shifts
        weights = kernel.transpose(2, 0, 3, 1).reshape(size, filters, -1)
        patches = self._patches_of(x)
        products = self._buffers.scratch("products", (size, filters, patches.shape[-1]))
        # (K, F, K·C) (K, K·C, H'·W'·N) → (K, F, H'·W'·N)
        np.matmul(weights, patches, out=products)
        np.add.reduce(products, axis=0, out=y.reshape(filters, -1))
        yield slice(0, self._out[0])

    def pairs(self, x: Array, kernel: Array) -> Iterator[Pairs]:
        """The same; left and right are views."""
        y = self._buffers.get("y", (len(kernel), *self._out, x.shape[-1]))
        for rows in self.forward(x, kernel, y):
            yield Pairs(rows, y[:, :, 0::2], y[:, :, 1::2], None)

    def _patches_of(self, x: Array) -> Array:
        """(C, H, W, N) → (K, K·C, H'·W'·N), parts of the stack that overlap."""
        channels, height, width, batch = x.shape
        size, pad, (out_height, out_width) = self._size, self._padding, self._out
        shape = (size, channels, height + 2 * pad, out_width, batch)
        # Borders are zeroed once; the slices below never write there.
        stack = self._buffers.get("stack", shape, zeroed=True)
        for shift, patches, pixels in column_shifts(size, pad, width, out_width):
            stack[shift, :, pad : pad + height, patches] = x[:, :, pixels]
        columns = out_height * out_width * batch
        strides = (stack.strides[2], stack.strides[1], stack.strides[4])
        return as_strided(stack, (size, size * channels, columns), strides, subok=True)
