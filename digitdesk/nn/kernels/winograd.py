"""3×3 convolution at stride 1 by two thirds of the multiplications: Winograd's way, along rows.

Beside ``row_gemm``, which it follows: one matrix product per output row, and K rows of the stored
picture are, without copying, the matrix of that product.

Gains: cnn-standard trains 1.18, the reader's network 1.10 times as fast
(``tests/benchmarks/tricks.py --only winograd``).
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.buffers import Buffers
from digitdesk.nn.core.windows import inside
from digitdesk.nn.kernels.convolution_kernel import (
    ConvolutionKernel,
    PairGradients,
    Pairs,
)
from digitdesk.nn.kernels.tiled_matmul import multiply, multiply_transposed

_SIZE = 3


class Winograd(ConvolutionKernel):
    """The three products of a 3×3 convolution at stride 1. NumPy only.

    Two neighbors in an output row, ``y₀ = k₀d₀ + k₁d₁ + k₂d₂`` and ``y₁ = k₀d₁ + k₁d₂ + k₂d₃``,
    take four products instead of six::

        m₀ = k₀ · (d₀ − d₂)                    y₀ = m₀ + m₁ + m₂
        m₁ = (k₀ + k₁ + k₂)/2 · (d₁ + d₂)      y₁ = m₁ − m₂ + m₃
        m₂ = (k₀ − k₁ + k₂)/2 · (d₂ − d₁)
        m₃ = k₂ · (d₃ − d₁)

    Each of the four is a convolution by three rows of one column, summed over the channels by one
    matrix product per output row. Backward runs the same sums the other way: every ``+`` or ``−``
    above hands its gradient on with its sign.

    Args:
        dtype: Number type.
        filters: Output channels F.
        padding_px: Zeros p on each side of the image, at most 2.
        out: Height H' and width W' of the output; T = ⌈W' / 2⌉ pairs of neighbors.

    Source:
        Lavin & Gray, "Fast algorithms for convolutional neural networks", 2016: F(2, 3), there
        in both directions; in NumPy the sums of the second cost more than it saves.
    """

    def __init__(self, dtype: str, filters: int, padding_px: int, out: Shape) -> None:
        self._buffers = Buffers(np, dtype)
        self._filters = filters
        self._padding = padding_px
        self._out = out
        self._pairs = (out[1] + 1) // 2
        self._kernel_sums = np.array(
            [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]], dtype=dtype
        )

    def forward(self, x: Array, kernel: Array, y: Array) -> Iterator[slice]:
        """The pairs, put together."""
        both = slice(0, self._out[1] // 2)  # the last left one is alone where W' is odd
        for rows, left, right, common in self.pairs(x, kernel):
            assert common is not None
            np.add(left, common, out=y[:, rows, 0::2])
            np.add(right[:, :, both], common[:, :, both], out=y[:, rows, 1::2])
            yield rows

    def pairs(self, x: Array, kernel: Array) -> Iterator[Pairs]:
        """m₀ + m₂, m₃ − m₂, and m₁, which both neighbors have in common."""
        self._x_shape = x.shape
        self._patches = _in_view(self._picture_sums(x), self._out[0], self._padding)
        weights = self._weights(kernel).reshape(4, self._filters, -1)
        for rows in self._bands():
            shape = (4, rows.stop - rows.start, self._filters, self._pairs, x.shape[-1])
            products = self._buffers.scratch("products", shape)
            flat = _flat(products)
            for some, taps, patches in _cut(self._patches, rows):
                # (4, 1, F, 3·C) (4, R, 3·C, T·N) → (4, R, F, T·N)
                multiply(weights[:, None, :, taps], patches, flat[:, some])
            m0, m1, m2, m3 = products.transpose(0, 2, 1, 3, 4)
            m0 += m2
            m3 -= m2
            yield Pairs(rows, m0, m3, m1)

    def _bands(self) -> Iterator[slice]:
        return self.bands(self._out[0], 4 * self._filters * self._pairs * self._x_shape[-1])

    def backward(
        self, grad_y: Array, kernel: Array, grad_kernel: Array, *, input_grad: bool
    ) -> Array | None:
        """The outputs' gradient, taken apart into that of the pairs."""
        for rows, left, right, both in self.pair_gradients(grad_kernel, input_grad=input_grad):
            left[...] = grad_y[:, rows, 0::2]
            right[:, :, : self._out[1] // 2] = grad_y[:, rows, 1::2]
            np.add(left, right, out=both)
        return self.input_gradient(kernel) if input_grad else None

    def pair_gradients(self, grad_kernel: Array, *, input_grad: bool) -> Iterator[PairGradients]:
        """The gradients of m₀, m₃ and m₁: left, right, and their sum.

        m₂ goes into left and, with the other sign, into right.
        """
        filters, channels = grad_kernel.shape[:2]
        height, batch = self._out[0], self._x_shape[-1]
        shape = (4, height, self._filters, self._pairs, batch)
        # Zeroed once: a right column that is outside, and what a border gives to the kernel.
        self._grads = grads = self._buffers.get("grads", shape, zeroed=True)
        by_row = self._buffers.get(
            "grad_kernel_rows", (4, height, _SIZE * channels, filters), zeroed=True
        )
        for rows in self._bands():
            some = grads[:, rows]
            g0, g1, g2, g3 = some.transpose(0, 2, 1, 3, 4)
            yield PairGradients(rows, g0, g3, g1)
            np.subtract(g0, g3, out=g2)
            flat, in_band = _flat(some), by_row[:, rows]
            for part, taps, patches in _cut(self._patches, rows):
                # (4, R, 3·C, T·N) (4, R, F, T·N)ᵀ → (4, R, 3·C, F)
                multiply_transposed(patches, flat[:, part], in_band[:, part, taps])
        grad = by_row.sum(axis=1).reshape(4, -1)  # (4, 3·C·F)
        grad = (self._kernel_sums.T @ grad).reshape(_SIZE, _SIZE, channels, filters)
        grad_kernel[...] = grad.transpose(3, 2, 1, 0)  # column, row, C, F → (F, C, 3, 3)

    def input_gradient(self, kernel: Array) -> Array:
        """Products of three rows of gradients at once, then the sums of ``forward`` backwards."""
        channels, height, _, batch = self._x_shape
        # Input row h meets output rows h + p − i: the kernel's rows in reverse order.
        # (4, F, 3, C) → (4, C, 3·F)
        weights = self._weights(kernel)[:, :, ::-1].transpose(0, 3, 2, 1).reshape(4, channels, -1)
        products = self._buffers.scratch("products", (4, height, channels, self._pairs, batch))
        flat = _flat(products)
        for rows, taps, grads in _in_view(self._grads, height, _SIZE - 1 - self._padding):
            # (4, 1, C, 3·F) (4, R, 3·F, T·N) → (4, R, C, T·N)
            multiply(weights[:, None, :, taps], grads, flat[:, rows])
        m0, m1, m2, m3 = products
        shape = (2, height, channels, self._pairs + 1, batch)
        even, odd = padded = self._buffers.scratch("padded", shape)
        even[:, :, 0] = odd[:, :, -1] = 0
        inner = np.add(m1, m2, out=even[:, :, 1:])
        inner -= m0
        even[:, :, :-1] += m0
        inner = np.subtract(m1, m2, out=odd[:, :, :-1])
        inner -= m3
        odd[:, :, 1:] += m3
        grad_x = self._buffers.get("grad_x", self._x_shape)
        for parity, places, pixels in self._parities():
            grad_x[:, :, pixels] = padded[parity, :, :, places].transpose(1, 0, 2, 3)
        return grad_x

    def copies_per_image(self, input_shape: Shape) -> int:
        """Numbers in the copies and the products of one image (C, H, W); backward has as many."""
        channels, height, _ = input_shape
        stack = 4 * height * channels * self._pairs
        padded = 2 * height * channels * (self._pairs + 1)
        return stack + padded + 4 * self._out[0] * self._filters * self._pairs

    def _picture_sums(self, x: Array) -> Array:
        """The picture's part in the four products, (4, H, C, T, N)."""
        channels, height, _, batch = x.shape
        room = self._buffers.get if self.has_way_back else self._buffers.scratch
        stack = room("stack", (4, height, channels, self._pairs, batch))
        even, odd = self._padded(x)
        d0, d1, d2, d3 = even[:, :, :-1], odd[:, :, :-1], even[:, :, 1:], odd[:, :, 1:]
        np.subtract(d0, d2, out=stack[0])
        np.add(d1, d2, out=stack[1])
        np.subtract(d2, d1, out=stack[2])
        np.subtract(d3, d1, out=stack[3])
        return stack

    def _padded(self, x: Array) -> Array:
        """The picture with its borders, even columns and odd ones: (2, H, C, T + 1, N)."""
        channels, height, _, batch = x.shape
        shape = (2, height, channels, self._pairs + 1, batch)
        padded = self._buffers.scratch("padded", shape)
        for parity, places, pixels in self._parities():
            columns = padded[parity].swapaxes(0, 2)  # (T + 1, C, H, N)
            columns[: places.start] = columns[places.stop :] = 0
            padded[parity, :, :, places] = x[:, :, pixels].transpose(1, 0, 2, 3)
        return padded

    def _parities(self) -> list[tuple[int, slice, slice]]:
        """Even and odd columns: their places in ``_padded``, and the pixels that belong there."""
        width, count = self._x_shape[2], self._pairs + 1
        return [(odd, *inside(odd - self._padding, 2, width, count)) for odd in (0, 1)]

    def _weights(self, kernel: Array) -> Array:
        """The kernel's part in the four products: (F, C, 3, 3) → (4, F, 3, C), rows of columns."""
        columns = kernel.transpose(3, 0, 2, 1)
        return (self._kernel_sums @ columns.reshape(_SIZE, -1)).reshape(4, *columns.shape[1:])


class _View(NamedTuple):
    """Some rows of products, which of the kernel's rows meet the picture there, and what it is.

    Attributes:
        rows: R of them.
        taps: Those rows of the kernel, times A of each.
        seen: (4, R, taps, T·N), overlapping from row to row.
    """

    rows: slice
    taps: slice
    seen: Array


def _in_view(stack: Array, count: int, border: int) -> list[_View]:
    """What each of ``count`` rows of products sees of a stack (4, rows, A, T, N), without copying.

    Rows beside a border of zeros see less: what is zero is neither kept nor multiplied.
    """
    _, height, depth, pairs, batch = stack.shape
    to_four, to_row, to_line, _, to_number = stack.strides
    views = []
    for rows, taps in _rows_in_view(height, count, border):
        first = rows.start - border + taps.start
        shape = (4, rows.stop - rows.start, (taps.stop - taps.start) * depth, pairs * batch)
        strides = (to_four, to_row, to_line, to_number)
        seen = as_strided(stack[:, first:], shape, strides, subok=True)
        views.append(_View(rows, slice(taps.start * depth, taps.stop * depth), seen))
    return views


@functools.cache
def _rows_in_view(height: int, count: int, border: int) -> list[tuple[slice, slice]]:
    """Rows of products in stretches that meet the same of the kernel's three rows, and these."""

    def taps(row: int) -> tuple[int, int]:
        return max(0, border - row), min(_SIZE, border - row + height)

    stretches = []
    for (first, last), same in itertools.groupby(range(count), taps):
        rows = list(same)
        stretches.append((slice(rows[0], rows[-1] + 1), slice(first, last)))
    return stretches


def _cut(views: list[_View], band: slice) -> Iterator[_View]:
    """Those of a band, their rows counted from its first."""
    for rows, taps, seen in views:
        first, last = max(rows.start, band.start), min(rows.stop, band.stop)
        if first < last:
            some = slice(first - band.start, last - band.start)
            yield _View(some, taps, seen[:, first - rows.start : last - rows.start])


def _flat(array: Array) -> Array:
    """(4, H, F, T, N) → (4, H, F, T·N), sharing memory."""
    return array.reshape(*array.shape[:3], -1)
