"""y ← y + a·x in one pass over the memory, for which NumPy needs two.

BLAS, which NumPy brings along for its matrix products, has it under the name axpy, on as many
threads as those, but NumPy has no word for it. So it is called where it lies; where it is not
found, NumPy's two passes give the same up to rounding.
"""

from __future__ import annotations

import ctypes
import functools
from typing import Any

import numpy as np
import threadpoolctl

from digitdesk.nn.backend import Array

_NAMES = {"float32": "scipy_cblas_saxpy64_", "float64": "scipy_cblas_daxpy64_"}
_C_TYPES = {"float32": ctypes.c_float, "float64": ctypes.c_double}


def axpy(scale: float, x: Array, y: Array, *, xp: Any, spare: Array) -> None:
    """Add ``scale · x`` to y.

    Args:
        scale: The factor a.
        x: Flat array.
        y: Flat array of the same length and number type, changed in place.
        xp: The array module of all of them.
        spare: Room as large as x for whoever needs two passes; may be x itself.
    """
    routine = _routine(str(y.dtype)) if xp is np and _lie_alike(x, y) else None
    if routine is None:
        y += xp.multiply(x, scale, out=spare)
    else:
        routine(y.size, scale, x.ctypes.data, 1, y.ctypes.data, 1)


def _lie_alike(x: Array, y: Array) -> bool:
    """Whether both are one stretch of memory, equally long: what the routine takes on trust."""
    return bool(
        x.size == y.size and x.dtype == y.dtype and x.flags.c_contiguous and y.flags.c_contiguous
    )


@functools.cache
def _routine(dtype: str) -> Any:
    """BLAS's own axpy for numbers of that type; ``None`` where it is not found or not right."""
    if dtype not in _NAMES:
        return None
    integer, number, pointer = ctypes.c_int64, _C_TYPES[dtype], ctypes.c_void_p
    for library in threadpoolctl.threadpool_info():
        try:
            routine: Any = ctypes.CDLL(library["filepath"])[_NAMES[dtype]]
        except (OSError, AttributeError):
            continue
        routine.argtypes = [integer, number, pointer, integer, pointer, integer]
        routine.restype = None
        x, y = np.arange(99, dtype=dtype), np.ones(99, dtype=dtype)
        routine(y.size, 0.5, x.ctypes.data, 1, y.ctypes.data, 1)
        if np.array_equal(y, 1 + x / 2):
            return routine
    return None
