"""Runs the CUDA text of kernels on the processor, by whatever C++ compiler there is.

What CuPy puts around a text is imitated in a few lines: a loop over the elements, arrays by index,
and the one function of CUDA that our texts call.
"""

from __future__ import annotations

import ctypes
import subprocess

import numpy as np

_HEAD = """
#include <cmath>
#include <cstdint>
using std::exp; using std::log; using std::sqrt;
#define __device__ static inline
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned __int128)a * b >> 64;
}
typedef uint8_t uint8; typedef int32_t int32; typedef int64_t int64; typedef uint64_t uint64;
typedef float float32; typedef double float64;
struct Indexer { long long count; long long size() const { return count; } };
"""


def parameters(kernel):
    """Whether it is raw, its type and its name, of each input, then of each output."""
    sides = []
    for text in (kernel.inputs, kernel.outputs):
        parts = [part.split() for part in text.split(",")]
        sides.append([(part[0] == "raw", *part[-2:]) for part in parts])
    return sides


def compile_kernels(calls, folder, compiler):
    """A function for each (kernel, arguments), which takes the arguments and writes the outputs.

    All are compiled at once, for the number types of their arguments.
    """
    source = folder / "kernels.cpp"
    texts = [
        _function(f"kernel_{place}", kernel, arguments)
        for place, (kernel, arguments) in enumerate(calls)
    ]
    source.write_text("\n".join([_HEAD, *texts]))
    library = folder / "kernels.so"
    command = [compiler, "-O1", "-ffp-contract=off", "-shared", "-fPIC", "-o", library, source]
    subprocess.run(command, check=True, capture_output=True, text=True)
    loaded = ctypes.CDLL(str(library))
    return [_caller(loaded[f"kernel_{place}"], kernel) for place, (kernel, _) in enumerate(calls)]


def _function(name, kernel, arguments):
    inputs, outputs = parameters(kernel)
    letters = {
        kind: argument.dtype.name
        for (_, kind, _), argument in zip([*inputs, *outputs], arguments, strict=True)
        if len(kind) == 1 and isinstance(argument, np.ndarray)
    }
    types = "".join(f"typedef {type_name} {letter}; " for letter, type_name in letters.items())
    taken, bound = ["long long count"], []
    for (is_raw, kind, parameter), argument in zip([*inputs, *outputs], arguments, strict=True):
        type_name = letters.get(kind, kind)
        if not isinstance(argument, np.ndarray):
            taken.append(f"const {type_name} {parameter}")
        elif is_raw:
            taken.append(f"{type_name}* {parameter}")
        else:
            taken.append(f"{type_name}* {parameter}_")
            bound.append(f"{type_name}& {parameter} = {parameter}_[i];")
    return f"""
namespace {name}_alone {{
{kernel.preamble}
extern "C" void {name}({", ".join(taken)}) {{
    {types}
    const Indexer _ind = {{count}};
    for (long long i = 0; i < count; ++i) {{
        {" ".join(bound)}
        {kernel.cuda}
    }}
}}
}}"""


def _caller(routine, kernel):
    inputs, outputs = parameters(kernel)

    def call(arguments, size):
        given = [ctypes.c_longlong(size)]
        letters = {
            kind: argument.dtype
            for (_, kind, _), argument in zip([*inputs, *outputs], arguments, strict=True)
            if len(kind) == 1 and isinstance(argument, np.ndarray)
        }
        for (_, kind, _), argument in zip([*inputs, *outputs], arguments, strict=True):
            if isinstance(argument, np.ndarray):
                assert argument.flags.c_contiguous
                given.append(ctypes.c_void_p(argument.ctypes.data))
            else:
                number = np.ctypeslib.as_ctypes_type(letters.get(kind, np.dtype(kind)))
                given.append(number(argument))
        routine(*given)

    return call
