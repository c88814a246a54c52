"""Arrays that are kept from call to call, so that training allocates nothing.

One flat array per name grows to the largest batch seen; smaller batches use a part of it. All
begin at a cache line; a network's lie in one ``Memory``. NumPy's own buffers are here too, or
rather the avoiding of them.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Array, Shape
from digitdesk.nn.core.memory import memory_in_common
from digitdesk.nn.core.recording import recorded

CACHE_LINE = 64
"""Bytes that a processor fetches at once; vector instructions are no longer than this either."""

_UFUNC_BUFFER = 1024


@contextlib.contextmanager
def short_ufunc_buffers() -> Iterator[None]:
    """Let NumPy work in place on arrays with gaps, for the calling thread.

    Where the stretches between two gaps are shorter than its buffer of 8,192 numbers, NumPy
    copies them there and back, though nothing is to be converted; without that, the sums and
    maxima of a convolution's rows take a quarter to a half of the time, and cnn-light trains 1.06
    times as fast (``tests/benchmarks/tricks.py --only ufunc-buffers``).
    """
    usual = np.setbufsize(_UFUNC_BUFFER)
    try:
        yield
    finally:
        np.setbufsize(usual)


def aligned_empty(xp: Any, size: int, dtype: Any) -> Array:
    """A flat array of ``size`` numbers, with whatever was there, that begins at a cache line.

    NumPy's own arrays begin anywhere in one, so that each vector read from them takes two lines;
    cnn-light trains 1.05 to 1.08 times as fast with arrays that begin at one
    (``tests/benchmarks/tricks.py --only alignment``). CuPy aligns its arrays itself.
    """
    if xp is not np:
        return xp.empty(size, dtype=dtype)
    padding = CACHE_LINE // np.dtype(dtype).itemsize
    room = np.empty(size + padding, dtype=dtype)
    start = -room.ctypes.data % CACHE_LINE // room.itemsize
    return room[start : start + size]


def aligned_zeros(xp: Any, size: int, dtype: Any) -> Array:
    """As ``aligned_empty``, filled with zeros."""
    array = aligned_empty(xp, size, dtype)
    array.fill(0)
    return array


class Buffers:
    """Named scratch arrays of one layer.

    Args:
        xp: The array module.
        dtype: Number type where none is given.
    """

    def __init__(self, xp: Any, dtype: Any) -> None:
        self._xp = xp
        self._dtype = dtype
        self._memory = memory_in_common() if xp is np else None
        self._generation = 0
        self._flat: dict[str, Array] = {}
        self._views: dict[str, Array] = {}

    def get(self, key: str, shape: Shape, dtype: Any = None, *, zeroed: bool = False) -> Array:
        """An array of that shape, with whatever it held before.

        Args:
            key: Name of the buffer.
            shape: Shape wanted now.
            dtype: Number type; the usual one where ``None``.
            zeroed: Fill with zeros whenever the shape changes, for borders nobody writes to.
        """
        if self._memory and self._memory.generation != self._generation:
            self._generation = self._memory.generation
            self._flat.clear()
            self._views.clear()
        view = self._views.get(key)
        if view is not None and view.shape == shape:
            return recorded(view)
        size = math.prod(shape)
        flat = self._flat.get(key)
        if flat is None or flat.size < size:
            flat = self._flat[key] = self._take(size, self._dtype if dtype is None else dtype)
        view = flat[:size].reshape(shape)
        if zeroed:
            view.fill(0)
        self._views[key] = view
        return recorded(view)

    def scratch(self, key: str, shape: Shape) -> Array:
        """An array that any other layer may write to as soon as this one is done with its part.

        Args:
            key: Layers that use the same have the same array.
            shape: Shape wanted now.
        """
        if self._memory is None:
            return self.get(key, shape)
        size = math.prod(shape) * np.dtype(self._dtype).itemsize
        return recorded(self._memory.share(key, size).view(self._dtype).reshape(shape))

    def _take(self, size: int, dtype: Any) -> Array:
        if self._memory is None:
            return aligned_empty(self._xp, size, dtype)
        return self._memory.take(size * np.dtype(dtype).itemsize).view(dtype)
