"""A stand-in for CuPy that runs everywhere and is as strict as CuPy is.

Its arrays refuse to become NumPy arrays by themselves and refuse to be mixed with them; memory that
nobody has written holds what is no number; kernels take only the types they name. Work on a
stream that is recorded is done when the graph is launched and not before, and whatever CuPy or CUDA
refuse then is refused here (``strict_cuda`` has streams and graphs). So code that passes here does
not lean on NumPy, nor on the host being asked, by accident.
"""

from __future__ import annotations

import functools
import operator

import numpy as np
import strict_cuda
from strict_cuda import COUNTS, launch, refuse_while_recording, wait

from digitdesk.nn.core.backend import Backend
from digitdesk.nn.kernels.gpu.catalog import KERNELS


class StrictArray:
    """An array on a pretended device; ``get`` is the only way back to the host."""

    __array_ufunc__ = None  # NumPy's functions and operators must refuse it

    def __init__(self, host):
        COUNTS.arrays += 1
        self._host = host

    def __array__(self, *args, **kwargs):
        raise TypeError("Implicit conversion to a NumPy array is not allowed; use .get()")

    def get(self):
        wait()
        return self._host.copy()

    def set(self, host):
        """Copy an array of the host here; type, shape and order are the caller's business."""
        refuse_while_recording("a copy from the host")
        if not isinstance(host, np.ndarray):
            raise TypeError("Only numpy.ndarray can be set to cupy.ndarray")
        if host.dtype != self.dtype:
            raise TypeError(f"{host.dtype} array cannot be set to {self.dtype} array")
        if host.shape != self.shape:
            raise ValueError(f"Shape mismatch. Old shape: {self.shape}, new shape: {host.shape}")
        if not self._host.flags.c_contiguous:
            raise RuntimeError("Cannot set to non-contiguous array")
        COUNTS.copies += 1
        if not strict_cuda.is_pinned(host):
            COUNTS.waits += 1  # the driver may wait before it takes a copy
        taken = host.copy()
        launch(lambda: np.copyto(self._host, taken))

    shape = property(lambda self: self._host.shape)
    size = property(lambda self: self._host.size)
    ndim = property(lambda self: self._host.ndim)
    dtype = property(lambda self: self._host.dtype)
    nbytes = property(lambda self: self._host.nbytes)
    itemsize = property(lambda self: self._host.itemsize)
    flags = property(lambda self: self._host.flags)
    data = property(lambda self: strict_cuda.Pointer(self._host.ctypes.data))
    T = property(lambda self: StrictArray(self._host.T))

    def view(self, dtype=None):
        return StrictArray(self._host.view(dtype) if dtype else self._host.view())

    def __len__(self):
        return len(self._host)

    def __float__(self):
        wait()
        return float(self._host)

    def __int__(self):
        wait()
        return int(self._host)

    def __bool__(self):
        wait()
        return bool(self._host)

    def __getitem__(self, index):
        if _has_mask(index):
            wait()  # how many there are decides the shape
        return _call(lambda host, place: np.asarray(host[place]), self, index)

    def __setitem__(self, index, value):
        place, what = _unwrap(index), _unwrap(value)
        launch(lambda: self._host.__setitem__(place, what))

    def fill(self, value):
        what = _unwrap(value)
        launch(lambda: self._host.fill(what))


def _has_mask(index):
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(part, StrictArray) and part.dtype == bool for part in parts)


def _unwrap(value):
    if isinstance(value, StrictArray):
        return value._host
    if isinstance(value, np.ndarray):
        raise TypeError("Unsupported type numpy.ndarray: host and device arrays do not mix")
    if isinstance(value, tuple | list):
        return type(value)(_unwrap(item) for item in value)
    return value


def _call(function, *args, **kwargs):
    """Call a NumPy function on device arrays; every array it gives is a device array."""
    host = [_unwrap(arg) for arg in args]
    options = {key: _unwrap(value) for key, value in kwargs.items()}
    out = kwargs.get("out")
    if out is not None:
        if not isinstance(out, StrictArray):
            raise TypeError("return arrays must be of the device")
        launch(lambda: function(*host, **options))
        return out
    result = function(*host, **options)
    if not isinstance(result, np.ndarray | np.generic):
        return result
    result = np.asarray(result)
    is_view = any(isinstance(one, np.ndarray) and np.may_share_memory(result, one) for one in host)
    if not is_view:
        if strict_cuda.is_recording():
            result = _unwritten(result.shape, result.dtype)
        launch(lambda: np.copyto(result, function(*host, **options)))
    return StrictArray(result)


def _lift(function, *, is_product=False):
    @functools.wraps(function)
    def call(*args, **kwargs):
        if is_product:
            refuse_while_recording("calling cuBLAS API", NotImplementedError)
        return _call(function, *args, **kwargs)

    return call


def _unwritten(shape, dtype):
    """Memory with whatever was there: no number, so that whoever reads it is found out."""
    array = np.empty(shape, dtype=dtype)
    array.fill(np.nan if array.dtype.kind == "f" else 0x55 if array.dtype.kind in "iu" else True)
    return array


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
    _is_product = _name == "matmul"
    setattr(StrictArray, f"__{_name}__", _lift(_base, is_product=_is_product))
    setattr(
        StrictArray,
        f"__r{_name}__",
        _lift(lambda a, b, f=_base: f(b, a), is_product=_is_product),
    )


def _in_place(name):
    function = getattr(operator, f"i{name}")

    def call(self, other):
        what = _unwrap(other)
        launch(lambda: function(self._host, what))
        return self

    return call


for _name in ("add", "sub", "mul", "truediv", "and", "or", "xor"):
    setattr(StrictArray, f"__i{_name}__", _in_place(_name))
StrictArray.__neg__ = _lift(operator.neg)
for _name in (
    "reshape",
    "transpose",
    "sum",
    "mean",
    "max",
    "min",
    "any",
    "argmax",
    "copy",
    "astype",
):
    setattr(StrictArray, _name, _lift(getattr(np.ndarray, _name)))


class _StrictModule:
    """The functions of NumPy, for strict arrays only."""

    __name__ = "strict"
    __version__ = "0.0"
    ndarray = StrictArray
    cuda = strict_cuda
    _products = frozenset({"matmul", "dot", "vdot", "tensordot", "einsum", "inner"})

    def __getattr__(self, name):
        function = getattr(np, name)
        if not callable(function):
            raise AttributeError(name)
        return _lift(function, is_product=name in self._products)

    def asarray(self, host, dtype=None):
        """The one way in: an explicit transfer from the host."""
        if isinstance(host, StrictArray):
            return host if dtype is None else host.astype(dtype)
        refuse_while_recording("a copy from the host")
        COUNTS.copies += 1
        made = np.array(host, dtype=dtype)
        launch(lambda: None)
        return StrictArray(made)

    def empty(self, shape, dtype=float):
        return StrictArray(_unwritten(shape, dtype))

    class ElementwiseKernel:
        """Runs a kernel of ours by its NumPy form, once its arguments are as CuPy wants them."""

        def __init__(self, inputs, outputs, text, name, *, preamble=""):
            self._kernel = KERNELS[name]
            assert (text, preamble) == (self._kernel.cuda, self._kernel.preamble)
            self._inputs, self._outputs = _parameters(inputs), _parameters(outputs)

        def __call__(self, *arguments, size=None):
            parameters = [*self._inputs, *self._outputs]
            if len(arguments) != len(parameters):
                raise TypeError(f"Wrong number of arguments for {self._kernel.name}")
            _check_types(parameters, arguments)
            shapes = [
                argument.shape
                for (is_raw, _, _), argument in zip(parameters, arguments, strict=True)
                if isinstance(argument, StrictArray) and not is_raw
            ]
            if bool(shapes) == (size is not None):
                raise ValueError("The size is given if and only if all arrays are raw.")
            whole = np.broadcast_shapes(*shapes)
            for (is_raw, _, name), out in zip(
                self._outputs, arguments[len(self._inputs) :], strict=True
            ):
                if not is_raw and out.shape != whole:
                    raise ValueError(f"Out shape is mismatched: {name}")
            host = [_unwrap(argument) for argument in arguments]
            launch(lambda: self._kernel.plain(*host))


def _parameters(text):
    """``raw T x, int32 size`` → whether it is raw, its type, and its name, of each."""
    parameters = []
    for part in filter(None, (part.split() for part in text.split(","))):
        *raw, kind, name = part
        if name in ("n", "i") or name.startswith("_"):
            raise ValueError(f"{name} cannot be used as a parameter's name")
        parameters.append((raw == ["raw"], kind, name))
    return parameters


def _check_types(parameters, arguments):
    """Types named by a letter are of one kind all over; arrays are never converted."""
    letters = {}
    for (is_raw, kind, name), argument in zip(parameters, arguments, strict=True):
        if not isinstance(argument, StrictArray):
            if is_raw or not isinstance(argument, int | float):
                raise TypeError(f"Unsupported type {type(argument)} for {name}")
            continue
        wanted = letters.setdefault(kind, argument.dtype) if len(kind) == 1 else np.dtype(kind)
        if argument.dtype != wanted:
            raise TypeError(f"Type is mismatched. {name} {argument.dtype} {wanted}")


_MODULE = _StrictModule()
STRICT_BACKEND = Backend("strict", _MODULE, "strict stand-in for a GPU")
"""Layers run as written."""

STRICT_GPU = Backend("gpu", _MODULE, "strict stand-in for a GPU")
"""Everything runs as on a GPU: kernels, streams, recordings."""
