"""Large matrix products in parts, which BLAS's threads compute and which are cut beforehand.

BLAS cuts a product for its threads as their number says, and rounds otherwise at the edges of a
cut: with another number of threads, a network would learn other weights. Here the cuts are decided
by the shapes alone, and BLAS gets the parts as a batch of products for one thread each. Which of
how many threads computes a part is then free, and a single one gives the same bits.

A product may also be added to what is there, in less than the time of the product.

Source:
    Dongarra et al., "The design and performance of batched BLAS on modern high-performance
    computing systems", 2017 (``gemm_batch``).
"""

from __future__ import annotations

import ctypes
import functools
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Array
from digitdesk.nn.kernels import blas

_SMALLEST_CUT = 3_000_000
"""Multiplications in a product from which on a second thread saves more time than it takes."""
_LARGE_PART = 100_000_000
"""Products of more are cut in more parts than two: cuts cost less there than cores idle."""
_MOST_PARTS = 8
_EDGE = 16
"""Cuts are at multiples of so many rows."""
_WORTH_ADDING = 20_000
"""Numbers in a sum from which on a pass less is worth the time that a call of BLAS takes."""


class SharedProduct:
    """A matrix product at one place of a network, again and again.

    Not for two threads at the same time; each replica of a network has its own.

    Args:
        adds: Whether the product is added to what is there.
    """

    def __init__(self, *, adds: bool = False) -> None:
        self._adds = adds
        self._parts: _Parts | None = None
        self._layout: tuple[Any, ...] = ()

    def __call__(self, a: Array, b: Array, out: Array) -> None:
        """Compute ``out ← a b``, or ``out ← out + a b``.

        Args:
            a: (M, K).
            b: (K, N).
            out: (M, N).
        """
        if self._adds:
            parts = self._parts_of(a, b, out) if out.size >= _WORTH_ADDING else None
        else:
            is_large = a.size * b.shape[1] >= _SMALLEST_CUT
            parts = self._parts_of(a, b, out) if is_large else None
        if parts is not None:
            parts.compute(a, b, out)
        elif self._adds:
            out += a @ b
        else:
            np.matmul(a, b, out=out)

    def _parts_of(self, a: Array, b: Array, out: Array) -> _Parts | None:
        layout = (
            *(a.shape, a.strides, a.dtype, b.shape, b.strides, b.dtype),
            *(out.shape, out.strides, out.dtype),
        )
        if layout != self._layout:
            self._layout, self._parts = layout, _make_parts(a, b, out, adds=self._adds)
        return self._parts


@functools.cache
def cuts(rows: int, multiplications: int) -> tuple[int, ...]:
    """Where to cut a product: the first row of each part, and at the end how many rows there are.

    Args:
        rows: Rows of the product.
        multiplications: All that it takes.
    """
    parts = 1
    if multiplications >= _SMALLEST_CUT:
        parts = min(max(2, multiplications // _LARGE_PART), _MOST_PARTS, max(1, rows // _EDGE))
    return (*(rows * part // parts // _EDGE * _EDGE for part in range(parts)), rows)


def _make_parts(a: Array, b: Array, out: Array, *, adds: bool) -> _Parts | None:
    """Parts of such products; ``None`` where BLAS has no such routine or cannot take them."""
    if blas.gemm(out.dtype.char) is None or not _go_together(a, b, out):
        return None
    rows = cuts(len(a), a.size * b.shape[1])
    smallest = min(stop - start for start, stop in itertools.pairwise(rows))
    is_batch = (
        len(rows) > 2
        and smallest * b.size > blas.LARGEST_SMALL_PRODUCT
        and blas.gemm_batch(out.dtype.char) is not None
    )
    return (_PartsTogether if is_batch else _PartsInTurn)(a, b, rows, adds=adds)


def _go_together(a: Array, b: Array, out: Array) -> bool:
    """Whether shapes and types fit and all lie without gaps: what the routine takes on trust."""
    return bool(
        a.dtype == b.dtype == out.dtype
        and (len(a), len(b), b.shape[1]) == (len(out), a.shape[1], out.shape[1])
        and out.flags.c_contiguous
        and all(matrix.flags.c_contiguous or matrix.flags.f_contiguous for matrix in (a, b))
    )


class _Parts:
    """The parts of products of one shape, whose matrices lie in memory in one way.

    Args:
        a: (M, K), as those of later calls.
        b: (K, N), likewise.
        rows: The first row of each part, and M.
        adds: Whether to add to what is there.
    """

    def __init__(self, a: Array, b: Array, rows: Sequence[int], *, adds: bool) -> None:
        self._letter, self._beta = a.dtype.char, float(adds)
        self._inner, self._columns = b.shape
        self._heights = [stop - start for start, stop in itertools.pairwise(rows)]
        self._a_lies, self._a_line = _as_lies(a)
        self._b_lies, self._b_line = _as_lies(b)
        row = a.itemsize * (self._a_line if self._a_lies == blas.AS_IT_LIES else 1)
        self._a = _Places([start * row for start in rows[:-1]])
        self._b = _Places([0 for _ in rows[:-1]])
        self._out = _Places([start * self._columns * a.itemsize for start in rows[:-1]])

    def compute(self, a: Array, b: Array, out: Array) -> None:
        """Compute all of them."""
        raise NotImplementedError


class _PartsInTurn(_Parts):
    """One after the other, on the calling thread."""

    def compute(self, a: Array, b: Array, out: Array) -> None:
        gemm = blas.gemm(self._letter)
        places = self._a.of(a), self._b.of(b), self._out.of(out)
        for height, a_part, b_part, out_part in zip(self._heights, *places, strict=True):
            gemm(
                *(blas.BY_ROWS, self._a_lies, self._b_lies, height, self._columns, self._inner),
                *(1.0, a_part, self._a_line, b_part, self._b_line),
                *(self._beta, out_part, self._columns),
            )


class _PartsTogether(_Parts):
    """At the same time, on the calling thread's cores."""

    def __init__(self, a: Array, b: Array, rows: Sequence[int], *, adds: bool) -> None:
        super().__init__(a, b, rows, adds=adds)
        self._gemm_batch: Any = blas.gemm_batch(self._letter)
        count, number = len(self._heights), blas.number_type(self._letter)

        def of_each(kind: Any, value: float) -> Any:
            return (kind * count)(*[value] * count)

        size = ctypes.c_int64
        self._asked = (
            *(blas.BY_ROWS, of_each(ctypes.c_int, self._a_lies)),
            *(of_each(ctypes.c_int, self._b_lies), (size * count)(*self._heights)),
            *(of_each(size, self._columns), of_each(size, self._inner), of_each(number, 1.0)),
        )
        self._a_lines, self._b_lines = of_each(size, self._a_line), of_each(size, self._b_line)
        self._betas, self._out_lines = of_each(number, self._beta), of_each(size, self._columns)
        self._groups = count, of_each(size, 1)  # each part is of a shape of its own

    def compute(self, a: Array, b: Array, out: Array) -> None:
        self._gemm_batch(
            *(*self._asked, self._a.of(a), self._a_lines, self._b.of(b), self._b_lines),
            *(self._betas, self._out.of(out), self._out_lines, *self._groups),
        )


class _Places:
    """Where the parts of an array begin in memory."""

    def __init__(self, steps: Sequence[int]) -> None:
        self._steps = steps
        self._array: Array = None
        self._places = (ctypes.c_int64 * len(steps))()

    def of(self, array: Array) -> Any:
        """Addresses; looked up only for another array than the last, which is kept for that."""
        if array is not self._array:
            self._array = array
            start = array.ctypes.data
            for place, step in enumerate(self._steps):
                self._places[place] = start + step
        return self._places


def _as_lies(matrix: Array) -> tuple[int, int]:
    """How a matrix without gaps lies in memory, and numbers from line to line."""
    if matrix.flags.c_contiguous:
        return blas.AS_IT_LIES, matrix.shape[1]
    return blas.TRANSPOSED, matrix.shape[0]
