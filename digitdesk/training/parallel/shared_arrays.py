"""Arrays that two processes see: what one writes, the other reads, and nothing is sent.

The memory belongs to no file that anybody could find or leave behind: it is gone with the last
process that has it open, however that one ends.
"""

from __future__ import annotations

import math
import mmap
import os
import sys
import tempfile
import uuid
from collections.abc import Mapping
from typing import Any

import numpy as np

from digitdesk.nn.core.backend import Shape
from digitdesk.nn.core.buffers import CACHE_LINE

Layout = Mapping[str, tuple[Shape, str]]
"""Shape and number type of each array, by its name."""


class SharedArrays:
    """Named arrays in one stretch of memory.

    Args:
        layout: What they are; the same on both sides.
        handle: Memory that another process made; ``None`` to make it.

    Attributes:
        handle: What to tell the other process: on Windows a name, elsewhere the number of an open
            file that it must inherit.

    Raises:
        OSError: The system has no such memory to give.
    """

    def __init__(self, layout: Layout, handle: int | str | None = None) -> None:
        self.layout = {name: (tuple(shape), dtype) for name, (shape, dtype) in layout.items()}
        places, size = {}, 0
        for name, (shape, dtype) in self.layout.items():
            places[name] = size
            length = math.prod(shape) * np.dtype(dtype).itemsize
            size += -(-length // CACHE_LINE) * CACHE_LINE
        self.handle = _make(size) if handle is None else handle
        memory = _open(self.handle, size)
        self._arrays = {
            name: np.ndarray(shape, dtype, buffer=memory, offset=places[name])
            for name, (shape, dtype) in self.layout.items()
        }

    def __getitem__(self, name: str) -> np.ndarray[Any, Any]:
        """The array of that name."""
        return self._arrays[name]

    def close(self) -> None:
        """Give the handle back; the arrays stay as long as anybody uses them."""
        if isinstance(self.handle, int):
            os.close(self.handle)


def _make(size: int) -> int | str:
    """A handle of new memory; an open file where the system knows files without a name."""
    if sys.platform == "win32":
        return f"digitdesk-{uuid.uuid4()}"
    if sys.platform == "linux":
        number = os.memfd_create("digitdesk")
    else:
        with tempfile.TemporaryFile() as file:
            number = os.dup(file.fileno())
    try:
        os.ftruncate(number, max(1, size))
    except OSError:
        os.close(number)
        raise
    return number


def _open(handle: int | str, size: int) -> mmap.mmap:
    if sys.platform == "win32":
        return mmap.mmap(-1, max(1, size), tagname=str(handle))
    return mmap.mmap(int(handle), max(1, size))
