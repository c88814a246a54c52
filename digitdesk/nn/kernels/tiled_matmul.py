"""Large matrix products in small parts, on processors that make small ones faster. NumPy only.

OpenBLAS copies both matrices of a product into an order that suits it, and then multiplies. With
AVX-512 it has another way for small products, which takes the matrices as they lie: on such a
processor, a large product made of small ones takes three quarters of the time. On others it
would take longer, and is made at once.

Gains: cnn-standard trains 1.08 times as fast with AVX-512, the reader's network 1.05 times
(``tests/benchmarks/tricks.py --only tiles``).

Source:
    OpenBLAS, ``kernel/x86_64/sgemm_small_kernel_permit_skylakex.c``: which products are small.
"""

from __future__ import annotations

import functools

import numpy as np
import threadpoolctl
from numpy.lib.stride_tricks import as_strided

from digitdesk.nn.core.backend import Array

_WITH_SMALL_KERNELS = {"SkylakeX", "Cooperlake", "SapphireRapids"}
_MOST_MULTIPLICATIONS = 10**6
_MOST_DOT_PRODUCTS = 1200
_VECTORS = 32
"""Columns that are multiplied at once: two vectors of AVX-512."""
_FEWEST_ROWS = 16
"""Rows of dot products below which a strip does not pay."""
_STRIPS = (1, 2, 4, 8, 16, 32, 64)


@functools.cache
def are_faster() -> bool:
    """Whether this processor and this BLAS make small products faster."""
    return any(
        library.get("architecture") in _WITH_SMALL_KERNELS
        for library in threadpoolctl.threadpool_info()
    )


def multiply(a: Array, b: Array, out: Array) -> None:
    """Write a · b, in strips of columns.

    Shapes:
        Stacks of matrices a (…, A, B), b (…, B, C) → out (…, A, C), the columns of b and out in
        one stretch of memory.
    """
    strips = _strips_of_columns(out.shape[-1], a.shape[-2] * a.shape[-1])
    if strips == 1:
        np.matmul(a, b, out=out)
    else:
        # (…, 1, A, B) (…, strips, B, C / strips) → (…, strips, A, C / strips)
        np.matmul(a[..., None, :, :], _columns(b, strips), out=_columns(out, strips))


def multiply_by_rows(a: Array, b: Array, out: Array) -> None:
    """Write a · b, in strips of rows.

    Shapes:
        a (A, B), b (B, C) → out (A, C), all rows in one stretch of memory.
    """
    strips = _strips(len(a), a.size * b.shape[1])
    # (strips, A / strips, B) (B, C) → (strips, A / strips, C)
    shape = (strips, len(a) // strips, -1)
    np.matmul(a.reshape(shape), b, out=out.reshape(shape))


def multiply_transposed(a: Array, b: Array, out: Array) -> None:
    """Write a · bᵀ: every number a dot product of two rows. In strips of a's rows.

    Shapes:
        Stacks of matrices a (…, A, C), b (…, B, C) → out (…, A, B).
    """
    *_, count, length = a.shape
    strips = _strips_of_dot_products(count, b.shape[-2], length)
    b = b.swapaxes(-1, -2)
    if strips == 1:
        np.matmul(a, b, out=out)
    else:
        # (…, strips, A / strips, C) (…, 1, C, B) → (…, strips, A / strips, B)
        np.matmul(_rows(a, strips), b[..., None, :, :], out=_rows(out, strips))


@functools.cache
def _strips(length: int, multiplications: int) -> int:
    """In how many equal parts to cut a side of that length; 1 where cutting does not help."""
    if are_faster():
        for strips in _STRIPS:
            if length % strips == 0 and multiplications <= strips * _MOST_MULTIPLICATIONS:
                return strips
    return 1


@functools.cache
def _strips_of_columns(columns: int, multiplications: int) -> int:
    """As ``_strips``, with so many multiplications a column.

    The fewest strips whose width is whole vectors: others take up to a quarter longer.
    """
    if are_faster():
        for width in range(columns // _VECTORS * _VECTORS, 0, -_VECTORS):
            if columns % width == 0 and width * multiplications <= _MOST_MULTIPLICATIONS:
                return columns // width
    return 1


@functools.cache
def _strips_of_dot_products(count: int, others: int, length: int) -> int:
    """As ``_strips``, for ``count`` rows times ``others`` rows of that length."""
    if are_faster():
        for strips in range(1, count // _FEWEST_ROWS + 1):
            products = count // strips * others
            if (
                count % strips == 0
                and products <= _MOST_DOT_PRODUCTS
                and products * length <= _MOST_MULTIPLICATIONS
            ):
                return strips
    return 1


def _columns(array: Array, strips: int) -> Array:
    """(…, A, C) → (…, strips, A, C / strips), sharing memory."""
    *rest, lines, columns = array.shape
    *outer, to_line, to_column = array.strides
    width = columns // strips
    shape = (*rest, strips, lines, width)
    strides = (*outer, width * to_column, to_line, to_column)
    return as_strided(array, shape, strides, subok=True)


def _rows(array: Array, strips: int) -> Array:
    """(…, A, C) → (…, strips, A / strips, C), sharing memory."""
    *rest, lines, columns = array.shape
    *outer, to_line, to_column = array.strides
    height = lines // strips
    shape = (*rest, strips, height, columns)
    strides = (*outer, height * to_line, to_line, to_column)
    return as_strided(array, shape, strides, subok=True)
