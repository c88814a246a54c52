"""NumPy's calls of a pass through a network, recorded once and repeated without the Python between.

A pass over as many images makes the same calls on the same arrays each time, since all that it
writes to are buffers. What lies between two calls, views and shapes mostly, is Python, and of
Python only one thread runs at a time; a recorded pass has none of it.

Gains: cnn-standard is read 1.16, the reader's network 1.11 times as fast by two threads
(``tests/benchmarks/tricks.py --only recording``).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import partial
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray


class UnrecordableError(Exception):
    """A pass does something that would not be repeated."""


class Recording:
    """The calls of a pass, in order, with the arrays that they read and write."""

    def __init__(self) -> None:
        self._calls: list[Callable[[], object]] = []

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: Callable[[], object]) -> None:
        """Note a call that was made, or is about to be."""
        self._calls.append(call)

    def repeat(self) -> None:
        """Make all calls again."""
        for call in self._calls:
            call()


_UNDER_WAY: ContextVar[Recording | None] = ContextVar("recording", default=None)


@contextlib.contextmanager
def recording() -> Iterator[Recording]:
    """Record what the calling thread does meanwhile with its buffers, and with what comes of them.

    What it computes of other arrays, such as the parameters, is not repeated: it stays as it is.
    """
    made = Recording()
    token = _UNDER_WAY.set(made)
    try:
        yield made
    finally:
        _UNDER_WAY.reset(token)


def recorded(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, whose use is recorded if the calling thread records."""
    return array if _UNDER_WAY.get() is None else array.view(RecordedArray)


def _note(call: Callable[[], object]) -> None:
    under_way = _UNDER_WAY.get()
    if under_way is not None:
        under_way.add(call)


def _unrecordable(*_: object, **__: object) -> NoReturn:
    raise UnrecordableError("only element-wise functions, products, sums and views are recorded")


class RecordedArray(np.ndarray[Any, Any]):
    """An array that notes what is done with it; views of it do so, too.

    Raises:
        UnrecordableError: By whatever would look at the numbers, or copy them, without a note.
    """

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any
    ) -> Any:
        """Call it on ordinary arrays, note that, and give out what records again."""
        if ufunc.nout != 1 or method not in ("__call__", "reduce"):
            _unrecordable()
        function: Any = ufunc if method == "__call__" else ufunc.reduce
        arguments = [_plain(each) for each in inputs]
        results = out and tuple(map(_plain, out))
        result = function(*arguments, out=results, **options)
        if not isinstance(result, np.ndarray):
            _unrecordable()
        _note(partial(function, *arguments, out=result, **options))
        return result.view(RecordedArray)

    __array_function__ = _unrecordable
    __bool__ = __float__ = __int__ = _unrecordable
    astype = copy = flatten = item = ravel = take = tolist = _unrecordable

    def __getitem__(self, place: Any) -> Any:
        """A view; a selection would be a copy."""
        return self._part(place).view(RecordedArray)

    def __iter__(self) -> Iterator[Any]:
        """Views along the first axis."""
        return (self[place] for place in range(len(self)))

    def __setitem__(self, place: Any, value: Any) -> None:
        """Copy the value to a view."""
        self._write(self._part(place), _plain(value))

    def fill(self, value: Any) -> None:
        """Copy a number everywhere."""
        self._write(_plain(self), value)

    def reshape(self, *shape: Any, **options: Any) -> Any:
        """A view where that is possible; otherwise a copy, made again each time."""
        plain = _plain(self)
        result = plain.reshape(*shape, **options)
        if not _is_view(result, plain):
            _note(partial(np.copyto, result.reshape(plain.shape), plain))
        return result.view(RecordedArray)

    def _part(self, place: Any) -> NDArray[Any]:
        whole = _plain(self)
        part = whole[place]
        if not isinstance(part, np.ndarray) or not _is_view(part, whole):
            _unrecordable()
        return part

    def _write(self, target: NDArray[Any], value: Any) -> None:
        copy = partial(np.copyto, target, value)
        copy()
        _note(copy)


def _is_view(part: NDArray[Any], whole: NDArray[Any]) -> bool:
    return not part.size or np.may_share_memory(part, whole)


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, RecordedArray) else value
