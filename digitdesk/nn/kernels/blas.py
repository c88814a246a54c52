"""Two operations of BLAS for which NumPy, though it brings BLAS along, has no word.

``axpy`` is y ← y + a·x in one pass over the memory instead of two, and ``add_product`` adds a
product of matrices to what is there in less than the time of the product. They are called where
NumPy's BLAS lies, on as many threads as its products; where it is not found, NumPy gives the same
up to rounding.

Gains of ``axpy``: an MLP with 128 hidden units trains 1.05 to 1.1 times as fast, with 1,024 units
1.05 to 1.15 times (``tests/benchmarks/tricks.py --only axpy``); those of ``add_product`` are in
``fusion/dense.py``.

Source:
    Dongarra et al., "A set of level 3 basic linear algebra subprograms", 1990 (``gemm``).
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
import threadpoolctl

from digitdesk.nn.core.backend import Array

_PREFIXES: dict[str, tuple[str, Any]] = {"f": ("s", ctypes.c_float), "d": ("d", ctypes.c_double)}
"""BLAS's letter for a number type and the type in C, by NumPy's letter (its name takes longer)."""
_WORTH_A_CALL = 20_000
"""Numbers in a sum from which on a pass less is worth the time that such a call takes."""
_BY_ROWS, _AS_IT_LIES, _TRANSPOSED = 101, 111, 112
"""CBLAS's own numbers for the ways a matrix may lie in memory."""


def axpy(scale: float, x: Array, y: Array, *, xp: Any, spare: Array) -> None:
    """Add ``scale · x`` to y.

    Args:
        scale: The factor a.
        x: Flat array.
        y: Flat array of the same length and number type, changed in place.
        xp: The array module of all of them.
        spare: Room as large as x for whoever needs two passes; may be x itself.
    """
    routine = _axpy(y.dtype.char) if xp is np and _lie_alike(x, y) else None
    if routine is None:
        y += xp.multiply(x, scale, out=spare)
    else:
        routine(y.size, scale, x.ctypes.data, 1, y.ctypes.data, 1)


def _lie_alike(x: Array, y: Array) -> bool:
    """Whether both are one stretch of memory, equally long: what the routine takes on trust."""
    return bool(
        x.size == y.size and x.dtype == y.dtype and x.flags.c_contiguous and y.flags.c_contiguous
    )


def add_product(a: Array, b: Array, out: Array) -> None:
    """``out ← out + a b``, for NumPy's arrays.

    Args:
        a: (M, K).
        b: (K, N).
        out: (M, N), changed in place.
    """
    routine = _gemm(out.dtype.char) if out.size >= _WORTH_A_CALL else None
    if routine is None or not _go_together(a, b, out):
        out += a @ b
        return
    (rows, inner), columns = a.shape, b.shape[1]
    a, a_lies, a_stride = _as_lies(a)
    b, b_lies, b_stride = _as_lies(b)
    routine(
        *(_BY_ROWS, a_lies, b_lies, rows, columns, inner),
        *(1.0, a.ctypes.data, a_stride, b.ctypes.data, b_stride),
        *(1.0, out.ctypes.data, columns),
    )


def _go_together(a: Array, b: Array, out: Array) -> bool:
    """Whether shapes and types fit and out lies row by row: what the routine takes on trust."""
    return bool(
        a.dtype == b.dtype == out.dtype
        and (len(a), len(b), b.shape[1]) == (len(out), a.shape[1], out.shape[1])
        and out.flags.c_contiguous
    )


def _as_lies(matrix: Array) -> tuple[Array, int, int]:
    """The matrix, copied if it has gaps; how it lies in memory; numbers from line to line."""
    if matrix.flags.f_contiguous and not matrix.flags.c_contiguous:
        return matrix, _TRANSPOSED, matrix.shape[0]
    return np.ascontiguousarray(matrix), _AS_IT_LIES, matrix.shape[1]


@functools.cache
def _axpy(letter: str) -> Any:
    """BLAS's axpy for numbers of that type; ``None`` where it is not found or not right."""
    x, y = np.arange(99, dtype=letter), np.ones(99, dtype=letter)
    for routine in _routines("axpy", letter, "n a pn pn"):
        routine(y.size, 0.5, x.ctypes.data, 1, y.ctypes.data, 1)
        if np.array_equal(y, 1 + x / 2):
            return routine
    return None


@functools.cache
def _gemm(letter: str) -> Any:
    """BLAS's product of matrices, likewise."""
    a, b = np.array([[1, 2]], dtype=letter), np.array([[3, 4], [5, 6]], dtype=letter)
    out = np.ones((1, 2), dtype=letter)
    order = (_BY_ROWS, _AS_IT_LIES, _TRANSPOSED)
    for routine in _routines("gemm", letter, "iii nnn a pn pn a pn"):
        routine(*order, 1, 2, 2, 1.0, a.ctypes.data, 2, b.ctypes.data, 2, 0.5, out.ctypes.data, 2)
        if np.array_equal(out, [[11.5, 17.5]]):
            return routine
    return None


def _routines(name: str, letter: str, signature: str) -> Iterator[Any]:
    """The routine of each BLAS there is, with its C types: i int, n count, a number, p pointer."""
    if letter not in _PREFIXES:
        return
    prefix, number = _PREFIXES[letter]
    types = {"i": ctypes.c_int, "n": ctypes.c_int64, "a": number, "p": ctypes.c_void_p}
    for library in threadpoolctl.threadpool_info():
        try:
            routine: Any = ctypes.CDLL(library["filepath"])[f"scipy_cblas_{prefix}{name}64_"]
        except (OSError, AttributeError):
            continue
        routine.argtypes = [types[kind] for kind in signature.replace(" ", "")]
        routine.restype = None
        yield routine
