"""3×3 convolution at stride 1 by two thirds of the multiplications: Winograd's way, along rows.

Beside ``row_products``, which it follows: one matrix product per output row, and K rows of the
stored picture are, without copying, the matrix of that product.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided

from digitdesk.nn.backend import Array, Shape
from digitdesk.nn.buffers import Buffers
from digitdesk.nn.im2col import inside

_SIZE = 3
#: Output rows whose products are made and summed before the next: they stay in the cache.
_ROWS = 7
#: Products of more multiplications than this OpenBLAS makes from copies of both matrices, which
#: takes longer than to make several smaller ones.
_MOST_AT_ONCE = 10**6


class WinogradRows:
    """The three products of a 3×3 convolution at stride 1. NumPy only.

    Two neighbours in an output row, ``y₀ = k₀d₀ + k₁d₁ + k₂d₂`` and ``y₁ = k₀d₁ + k₁d₂ + k₂d₃``,
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
        out: Height H' and width W' of the output; T = ⌈W' / 2⌉ pairs of neighbours.

    Attributes:
        splits: 2 to store each output row with its even columns first, so that a following 2×2
            max-pool reads whole stretches of memory; 1 for the usual order.

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
        self.splits = 1

    def forward(self, x: Array, kernel: Array, y: Array) -> None:
        """Write the outputs; x (C, H, W, N), kernel (F, C, 3, 3), y (F, H', W', N)."""
        self._x_shape = x.shape
        self._patches = self._picture_sums(x)
        weights = self._weights(kernel).reshape(4, self._filters, -1)
        left, right = self._columns(y)
        both = right.shape[2]  # the last left one is alone where W' is odd
        for top in range(0, len(left), _ROWS):
            rows = slice(top, top + _ROWS)
            shape = (4, len(left[rows]), self._filters, self._pairs, x.shape[-1])
            products = self._buffers.get("products", shape)
            # (4, F, 3·C) (4, rows, 3·C, T·N) → (4, rows, F, T·N)
            _multiply(weights, self._patches[:, rows], _flat(products))
            m0, m1, m2, m3 = products
            m0 += m1
            np.add(m0, m2, out=left[rows])
            m1 -= m2
            np.add(m1[:, :, :both], m3[:, :, :both], out=right[rows])

    def kernel_gradient(self, grad_y: Array, grad_kernel: Array) -> None:
        """grad_kernel = Σ over rows of patches · gradientᵀ, for each of the four products."""
        filters, channels = grad_kernel.shape[:2]
        grads = self._grad_products(grad_y)
        by_row = self._buffers.get("grad_kernel_rows", (4, self._out[0], _SIZE * channels, filters))
        # (4, H', 3·C, T·N) (4, H', T·N, F) → (4, H', 3·C, F)
        np.matmul(self._patches, grads.transpose(0, 1, 3, 2), out=by_row)
        grad = by_row.sum(axis=1).reshape(4, -1)  # (4, 3·C·F)
        grad = (self._kernel_sums.T @ grad).reshape(_SIZE, _SIZE, channels, filters)
        grad_kernel[...] = grad.transpose(3, 2, 1, 0)  # column, row, C, F → (F, C, 3, 3)

    def input_gradient(self, grad_y: Array, kernel: Array) -> Array:
        """Products of three rows of gradients at once, then the sums of ``forward`` backwards.

        Follows ``kernel_gradient``, which has taken the gradients of the four products.
        """
        channels, height, _, batch = self._x_shape
        # Input row h meets output rows h + p − i: the kernel's rows in reverse order.
        # (4, F, 3, C) → (4, C, 3·F)
        weights = self._weights(kernel)[:, :, ::-1].transpose(0, 3, 2, 1).reshape(4, channels, -1)
        products = self._buffers.get("grad_patches", (4, height, channels, self._pairs, batch))
        # (4, C, 3·F) (4, H, 3·F, T·N) → (4, H, C, T·N)
        _multiply(weights, _windows(self._grad_stack, height), _flat(products))
        m0, m1, m2, m3 = products
        shape = (2, height, channels, self._pairs + 1, batch)
        even, odd = padded = self._buffers.get("grad_padded", shape)
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
        stack = 4 * (height + 2 * self._padding) * channels * self._pairs
        padded = 2 * height * channels * (self._pairs + 1)
        return stack + padded + 4 * self._out[0] * self._filters * self._pairs

    def _picture_sums(self, x: Array) -> Array:
        """The picture's part in the four products: (4, H', 3·C, T·N), rows overlapping."""
        channels, height, _, batch = x.shape
        pad = self._padding
        shape = (4, height + 2 * pad, channels, self._pairs, batch)
        # Borders are zeroed once; nothing below writes there.
        stack = self._buffers.get("stack", shape, zeroed=True)
        inner = stack[:, pad : pad + height]
        even, odd = self._padded(x)
        d0, d1, d2, d3 = even[:, :, :-1], odd[:, :, :-1], even[:, :, 1:], odd[:, :, 1:]
        np.subtract(d0, d2, out=inner[0])
        np.add(d1, d2, out=inner[1])
        np.subtract(d2, d1, out=inner[2])
        np.subtract(d3, d1, out=inner[3])
        return _windows(stack, self._out[0])

    def _padded(self, x: Array) -> Array:
        """The picture with its borders, even columns and odd ones: (2, H, C, T + 1, N)."""
        channels, height, _, batch = x.shape
        shape = (2, height, channels, self._pairs + 1, batch)
        padded = self._buffers.get("padded", shape, zeroed=True)
        for parity, places, pixels in self._parities():
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

    def _grad_products(self, grad_y: Array) -> Array:
        """The gradients of the four products, (4, H', F, T·N), kept between rows of zeros."""
        height, batch = self._out[0], grad_y.shape[-1]
        border = _SIZE - 1 - self._padding
        shape = (4, height + 2 * border, self._filters, self._pairs, batch)
        self._grad_stack = self._buffers.get("grad_stack", shape, zeroed=True)
        grads = self._grad_stack[:, border : border + height]
        left, right = self._columns(grad_y)
        both = right.shape[2]
        paired, alone = slice(None, both), slice(both, None)
        grads[0] = left
        np.add(left[:, :, paired], right, out=grads[1, :, :, paired])
        np.subtract(left[:, :, paired], right, out=grads[2, :, :, paired])
        grads[1:3, :, :, alone] = left[:, :, alone]
        grads[3, :, :, paired] = right
        return _flat(grads)

    def _columns(self, array: Array) -> tuple[Array, Array]:
        """Left (H', F, T, N) and right (H', F, W' − T, N) ones of the pairs in (F, H', W', N)."""
        rows = array.transpose(1, 0, 2, 3)
        if self.splits == 2:
            return rows[:, :, : self._pairs], rows[:, :, self._pairs :]
        return rows[:, :, 0::2], rows[:, :, 1::2]


def _multiply(weights: Array, patches: Array, out: Array) -> None:
    """The four products of each row, in strips of columns that are small enough.

    Shapes:
        weights (4, A, B), patches (4, H, B, T·N) → out (4, H, A, T·N).
    """
    size, columns = weights[0].size, out.shape[-1]
    fitting = (n for n in (1, 2, 4, 8) if not columns % n and size * columns <= n * _MOST_AT_ONCE)
    strips = next(fitting, 1)
    # (4, 1, 1, A, B) (4, H, strips, B, T·N / strips) → (4, H, strips, A, T·N / strips)
    np.matmul(weights[:, None, None], _strips(patches, strips), out=_strips(out, strips))


def _strips(array: Array, count: int) -> Array:
    """(4, H, A, T·N) → (4, H, strips, A, T·N / strips), sharing memory."""
    *rest, lines, columns = array.shape
    width = columns // count
    step = width * array.itemsize
    shape = (*rest, count, lines, width)
    return as_strided(array, shape, (*array.strides[:-2], step, *array.strides[-2:]))


def _windows(stack: Array, count: int) -> Array:
    """Three consecutive rows of a stack as one matrix, for each of ``count`` starting rows.

    Shapes:
        stack (4, rows, A, T, N) → (4, count, 3·A, T·N), sharing memory.
    """
    _, _, channels, pairs, batch = stack.shape
    shape = (4, count, _SIZE * channels, pairs * batch)
    return as_strided(stack, shape, (*stack.strides[:3], stack.strides[4]))


def _flat(array: Array) -> Array:
    """(4, H, F, T, N) → (4, H, F, T·N), sharing memory."""
    return array.reshape(*array.shape[:3], -1)
