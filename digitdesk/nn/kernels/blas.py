"""Operations of BLAS for which NumPy, though it brings BLAS along, has no word.

``axpy`` is y ← y + a·x in one pass over the memory instead of two; ``gemm`` and ``gemm_batch``
multiply matrices and can add the product to what is there (``shared_product.py``). They are called
where NumPy's BLAS lies; where it is not found, NumPy gives the same up to rounding.

Gains of ``axpy``: an MLP with 128 hidden units trains 1.05 to 1.1 times as fast, with 1,024 units
1.05 to 1.15 times (``tests/benchmarks/tricks.py --only axpy``).

Source:
    Dongarra et al., "A set of level 3 basic linear algebra subprograms", 1990 (``gemm``).
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

import numpy as np
import threadpoolctl

from digitdesk.nn.core.backend import Array

_PREFIXES: dict[str, tuple[str, Any]] = {"f": ("s", ctypes.c_float), "d": ("d", ctypes.c_double)}
"""BLAS's letter for a number type and the type in C, by NumPy's letter (its name takes longer)."""
_MOST_THREADS = 8
_STRETCH = 128
"""BLAS gives each thread an equal stretch of a vector, and rounds the last few numbers of one
otherwise. So those of 1, 2, 4 or 8 threads are of multiples of so many numbers."""
LARGEST_SMALL_PRODUCT = 10**6
BY_ROWS, AS_IT_LIES, TRANSPOSED = 101, 111, 112
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
        _axpy_in_stretches(routine, scale, x, y)


def _axpy_in_stretches(routine: Any, scale: float, x: Array, y: Array) -> None:
    """Call the routine on the thread's cores, which round as one would.

    The threads that wrote a part of x, as a batch of products does, have it in their cache.
    """
    x_start, y_start, count = x.ctypes.data, y.ctypes.data, cores()
    if count == 1:
        routine(y.size, scale, x_start, 1, y_start, 1)
        return
    threads = 1 << (min(count, _MOST_THREADS).bit_length() - 1)
    shared = y.size // (threads * _STRETCH) * (threads * _STRETCH)
    with_threads(threads, routine, shared, scale, x_start, 1, y_start, 1)
    done = shared * y.itemsize
    routine(y.size - shared, scale, x_start + done, 1, y_start + done, 1)


def _lie_alike(x: Array, y: Array) -> bool:
    """Whether both are one stretch of memory, equally long: what the routine takes on trust."""
    return bool(
        x.size == y.size and x.dtype == y.dtype and x.flags.c_contiguous and y.flags.c_contiguous
    )


def use_cores(count: int) -> None:
    """Let the calling thread's batches of products run on so many threads from now on."""
    _cores.set(count)


def cores() -> int:
    """What ``use_cores`` said; 1 if nothing."""
    return _cores.get()


_cores: ContextVar[int] = ContextVar("cores", default=1)


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
def gemm(letter: str) -> Any:
    """BLAS's product of matrices for numbers of that type; ``None`` likewise."""
    a, b = np.array([[1, 2]], dtype=letter), np.array([[3, 4], [5, 6]], dtype=letter)
    out = np.ones((1, 2), dtype=letter)
    order = (BY_ROWS, AS_IT_LIES, TRANSPOSED)
    for routine in _routines("gemm", letter, "iii nnn a pn pn a pn"):
        routine(*order, 1, 2, 2, 1.0, a.ctypes.data, 2, b.ctypes.data, 2, 0.5, out.ctypes.data, 2)
        if np.array_equal(out, [[11.5, 17.5]]):
            return routine
    return None


@functools.cache
def gemm_batch(letter: str) -> Callable[..., None] | None:
    """BLAS's batch of products, each computed by one of the thread's ``cores``; ``None`` likewise.

    It is for products of more than ``LARGEST_SMALL_PRODUCT`` multiplications each: smaller ones go
    another way through OpenBLAS, on which versions up to 0.3.31 end the process.
    """
    routine = next(_routines("gemm_batch", letter, "i pp ppp p pp pp p pp n p"), None)
    return routine and functools.partial(_on_all_cores, routine)


def _on_all_cores(routine: Any, *arguments: Any) -> None:
    with_threads(cores(), routine, *arguments)


def with_threads(count: int, routine: Any, *arguments: Any) -> None:
    """Call a routine of BLAS with more threads than the one that else does its work.

    One is the rule (``nn/parallel/thread_pool.py``), since how BLAS rounds depends on it.
    """
    set_threads = _set_threads()
    if count == 1 or set_threads is None:
        routine(*arguments)
        return
    set_threads(count)
    try:
        routine(*arguments)
    finally:
        set_threads(1)


def number_type(letter: str) -> Any:
    """The C type of NumPy's numbers of that letter."""
    return _PREFIXES[letter][1]


@functools.cache
def _set_threads() -> Any:
    return next(_functions("scipy_openblas_set_num_threads64_"), None)


def _routines(name: str, letter: str, signature: str) -> Iterator[Any]:
    """The routine of each BLAS there is, with its C types: i int, n count, a number, p pointer."""
    if letter not in _PREFIXES:
        return
    prefix, number = _PREFIXES[letter]
    types = {"i": ctypes.c_int, "n": ctypes.c_int64, "a": number, "p": ctypes.c_void_p}
    for routine in _functions(f"scipy_cblas_{prefix}{name}64_"):
        routine.argtypes = [types[kind] for kind in signature.replace(" ", "")]
        routine.restype = None
        yield routine


def _functions(name: str) -> Iterator[Any]:
    """The function of that name in each BLAS there is."""
    for library in threadpoolctl.threadpool_info():
        with contextlib.suppress(OSError, AttributeError):
            yield ctypes.CDLL(library["filepath"])[name]
