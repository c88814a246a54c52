"""A stand-in for CuPy that runs everywhere and is as strict as CuPy is.

Its arrays refuse to become NumPy arrays by themselves and refuse to be mixed with them, so code
that passes here does not lean on NumPy by accident.
"""

from __future__ import annotations

import functools
import operator

import numpy as np

from digitdesk.nn.core.backend import Backend


class StrictArray:
    """An array on a pretended device; ``get`` is the only way back to the host."""

    __array_ufunc__ = None  # NumPy's functions and operators must refuse it

    def __init__(self, host):
        self._host = host

    def __array__(self, *args, **kwargs):
        raise TypeError("Implicit conversion to a NumPy array is not allowed; use .get()")

    def get(self):
        return self._host.copy()

    shape = property(lambda self: self._host.shape)
    size = property(lambda self: self._host.size)
    ndim = property(lambda self: self._host.ndim)
    dtype = property(lambda self: self._host.dtype)
    T = property(lambda self: StrictArray(self._host.T))

    def __len__(self):
        return len(self._host)

    def __float__(self):
        return float(self._host)

    def __int__(self):
        return int(self._host)

    def __bool__(self):
        return bool(self._host)

    def __getitem__(self, index):
        return StrictArray(np.asarray(self._host[_unwrap(index)]))

    def __setitem__(self, index, value):
        self._host[_unwrap(index)] = _unwrap(value)

    def fill(self, value):
        self._host.fill(_unwrap(value))


def _unwrap(value):
    if isinstance(value, StrictArray):
        return value._host
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type numpy.ndarray: host and device arrays do not mix")
    if isinstance(value, tuple | list):
        return type(value)(_unwrap(item) for item in value)
    return value


def _lift(function):
    """Call a NumPy function on device arrays; every array it gives is a device array."""

    @functools.wraps(function)
    def call(*args, **kwargs):
        host_kwargs = {key: _unwrap(value) for key, value in kwargs.items()}
        result = function(*map(_unwrap, args), **host_kwargs)
        if "out" in kwargs:
            return kwargs["out"]
        return StrictArray(np.asarray(result)) if _is_array(result) else result

    return call


def _is_array(result):
    return isinstance(result, np.ndarray | np.generic)


_OPERATORS = [
    "add",
    "sub",
    "mul",
    "truediv",
    "matmul",
    "pow",
    "lt",
    "le",
    "gt",
    "ge",
    "eq",
    "ne",
    "and",
    "or",
    "xor",
]
for _name in _OPERATORS:
    _base = getattr(operator, f"{_name}_" if _name in ("and", "or") else _name)
    setattr(StrictArray, f"__{_name}__", _lift(_base))
    setattr(StrictArray, f"__r{_name}__", _lift(lambda a, b, f=_base: f(b, a)))


def _in_place(name):
    function = getattr(operator, f"i{name}")

    def call(self, other):
        function(self._host, _unwrap(other))
        return self

    return call


for _name in ("add", "sub", "mul", "truediv", "and", "or", "xor"):
    setattr(StrictArray, f"__i{_name}__", _in_place(_name))
StrictArray.__neg__ = _lift(operator.neg)
for _name in ("reshape", "transpose", "sum", "mean", "max", "min", "argmax", "copy", "astype"):
    setattr(StrictArray, _name, _lift(getattr(np.ndarray, _name)))


class _StrictModule:
    """The functions of NumPy, for strict arrays only."""

    ndarray = StrictArray

    def __getattr__(self, name):
        return _lift(getattr(np, name))

    def asarray(self, host, dtype=None):
        """The one way in: an explicit transfer from the host."""
        if isinstance(host, StrictArray):
            return host if dtype is None else host.astype(dtype)
        return StrictArray(np.array(host, dtype=dtype))


STRICT_BACKEND = Backend("strict", _StrictModule(), "strict stand-in for a GPU")
