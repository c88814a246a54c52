"""Streams, graphs and memory pools of the strict stand-in for CuPy, as ``cupy.cuda`` has them.

Work is done at once, unless a stream is recorded: then it is kept, and done by each launch of the
graph. Nothing orders the work of two streams but waiting for one of them, so both may not have work
at the same time.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import threading
import time
from dataclasses import dataclass

import numpy as np


@dataclass
class Counts:
    """What was asked of the device, since the last ``reset``."""

    launches: int = 0
    graph_launches: int = 0
    waits: int = 0
    copies: int = 0
    arrays: int = 0

    def reset(self):
        self.__init__()


COUNTS = Counts()


@dataclass(frozen=True)
class Pointer:
    ptr: int


class Graph:
    def __init__(self, work):
        self._work = work

    def launch(self, stream=None):
        current = get_current_stream() if stream is None else stream
        current.begin_work()
        COUNTS.graph_launches += 1
        for piece in self._work:
            piece()


class Stream:
    _numbers = itertools.count(1)

    def __init__(self, null=False, non_blocking=False):
        self.ptr = 0 if null else next(self._numbers)
        self.work = None
        self._entered = []

    def __enter__(self):
        self._entered.append(get_current_stream())
        _LOCAL.stream = self
        return self

    def __exit__(self, *error):
        _LOCAL.stream = self._entered.pop()

    def begin_work(self):
        """Note that there is work, which nothing orders with that of other streams."""
        if _BUSY - {self}:
            raise RuntimeError("work on two streams at once, which nothing orders")
        _BUSY.add(self)

    def synchronize(self):
        refuse_while_recording("waiting for a stream")
        COUNTS.waits += 1
        _BUSY.discard(self)

    def begin_capture(self, mode=None):
        if self.ptr == 0:
            raise RuntimeError("cannot capture on the default (legacy) stream")
        self.work = []

    def end_capture(self):
        if self.work is None:
            raise RuntimeError("cudaErrorIllegalState: the stream is not capturing")
        work, self.work = self.work, None
        return Graph(work)

    def is_capturing(self):
        return self.work is not None


Stream.null = Stream(null=True)
_BUSY: set[Stream] = set()
_LOCAL = threading.local()


def get_current_stream():
    return getattr(_LOCAL, "stream", Stream.null)


def is_recording():
    return get_current_stream().work is not None


def refuse_while_recording(what, kind=RuntimeError):
    if is_recording():
        raise kind(f"{what} during stream capture is currently unsupported")


def wait():
    """The host waits for the device."""
    refuse_while_recording("waiting for a result")
    COUNTS.waits += 1
    _BUSY.discard(get_current_stream())


def launch(work):
    """Do work on the current stream: now, or at each launch of what is being recorded."""
    stream = get_current_stream()
    if stream.work is not None:
        stream.work.append(work)
        return
    stream.begin_work()
    COUNTS.launches += 1
    work()


class MemoryPool:
    def malloc(self, size):
        raise AssertionError("memory is NumPy's here")


@contextlib.contextmanager
def using_allocator(allocator=None):
    yield


class Event:
    """An event waits for the device only where it is not done, which nobody can be sure of."""

    def __init__(self, block=False, disable_timing=False):
        self._has_time = not disable_timing

    def record(self, stream=None):
        refuse_while_recording("an event of the host's")
        self.time = time.perf_counter()

    def synchronize(self):
        if self._has_time:
            wait()


def alloc_pinned_memory(size):
    """Page-locked memory; that it is can be seen by its type."""
    return Pinned(size)


class Pinned(bytearray):
    pass


def is_pinned(array):
    while isinstance(array, np.ndarray):
        array = array.base
    return isinstance(array.obj if isinstance(array, memoryview) else array, Pinned)


def get_elapsed_time(start, end):
    """Milliseconds."""
    return 1000 * (end.time - start.time)


class runtime:
    @staticmethod
    def memGetInfo():
        return 2**34, 2**35

    @staticmethod
    def getDeviceProperties(device):
        return {"name": b"strict stand-in", "major": 0, "minor": 0, "multiProcessorCount": 1}

    @staticmethod
    def driverGetVersion():
        return 0

    @staticmethod
    def runtimeGetVersion():
        return 12090


class StrictCuBlas:
    """cuBLAS for arrays that lie in the host's memory: columns by columns, by address."""

    def __getitem__(self, name):
        return getattr(self, name)

    def cublasCreate_v2(self, handle):
        refuse_while_recording("cublasCreate")
        handle._obj.value = 1
        return 0

    def cublasSetStream_v2(self, handle, stream):
        refuse_while_recording("cublasSetStream")
        return 0

    def cublasSetWorkspace_v2(self, handle, address, size):
        return 0

    def cublasSgemm_v2(self, *arguments):
        return self._gemm(ctypes.c_float, *arguments)

    def cublasDgemm_v2(self, *arguments):
        return self._gemm(ctypes.c_double, *arguments)

    def cublasSgemmStridedBatched(self, *arguments):
        return self._gemms(ctypes.c_float, *arguments)

    def cublasDgemmStridedBatched(self, *arguments):
        return self._gemms(ctypes.c_double, *arguments)

    def _gemms(
        self,
        number,
        handle,
        a_lies,
        b_lies,
        m,
        n,
        k,
        alpha,
        a,
        a_stride,
        a_step,
        b,
        b_stride,
        b_step,
        beta,
        c,
        c_stride,
        c_step,
        count,
    ):
        """One product after the other, their matrices so many numbers apart."""
        size = ctypes.sizeof(number)
        for place in range(count):
            left, right, out = (
                ctypes.c_void_p(start.value + place * step.value * size)
                for start, step in ((a, a_step), (b, b_step), (c, c_step))
            )
            self._gemm(
                number,
                handle,
                *(a_lies, b_lies, m, n, k, alpha),
                *(left, a_stride, right, b_stride, beta, out, c_stride),
            )
        return 0

    def _gemm(
        self,
        number,
        handle,
        a_lies,
        b_lies,
        m,
        n,
        k,
        alpha,
        a,
        a_stride,
        b,
        b_stride,
        beta,
        c,
        c_stride,
    ):
        left = _columns(number, a, a_stride, *((k, m) if a_lies else (m, k)))
        right = _columns(number, b, b_stride, *((n, k) if b_lies else (k, n)))
        out = _columns(number, c, c_stride, m, n)
        factor, kept = alpha._obj.value, beta._obj.value

        def work():
            product = (left.T if a_lies else left) @ (right.T if b_lies else right)
            out[...] = factor * product + (kept * out if kept else 0)

        launch(work)
        return 0


def _columns(number, address, stride, rows, columns):
    """The matrix at an address, column by column with so many numbers from one to the next."""
    assert stride >= rows
    flat = np.ctypeslib.as_array((number * (stride * columns)).from_address(address.value))
    return flat.reshape(columns, stride)[:, :rows].T
