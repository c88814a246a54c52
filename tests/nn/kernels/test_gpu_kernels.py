"""The graphics card's kernels: their CUDA text and their NumPy form compute the same."""

from __future__ import annotations

import copy
import shutil

import numpy as np
import pytest
from compiled_kernels import compile_kernels, parameters
from gpu_kernel_cases import cases

from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.kernels.gpu.catalog import KERNELS
from digitdesk.nn.kernels.gpu.philox import UNIFORM

COMPILER = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")


def written(kernel, arguments):
    """The outputs among the arguments."""
    inputs, _ = parameters(kernel)
    return arguments[len(inputs) :]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.skipif(not COMPILER, reason="needs a C++ compiler to run the kernels' CUDA text with")
def test_every_text_computes_what_its_numpy_form_does(dtype, tmp_path):
    calls = [(KERNELS[name], *case) for name, some in cases(dtype).items() for case in some]
    functions = compile_kernels([call[:2] for call in calls], tmp_path, COMPILER)
    for (kernel, arguments, size), function in zip(calls, functions, strict=True):
        mine, others = copy.deepcopy(arguments), copy.deepcopy(arguments)
        function(mine, size)
        kernel.plain(*others)
        for one, other in zip(written(kernel, mine), written(kernel, others), strict=True):
            tolerance = {"float32": 2e-5, "float64": 1e-12}[dtype]
            np.testing.assert_allclose(
                one, other, rtol=tolerance, atol=tolerance, err_msg=f"{kernel.name} {arguments}"
            )


def test_every_kernel_has_cases_to_be_tried_with():
    assert all(cases("float32").values())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_same_units_are_dropped_on_a_graphics_card(dtype):
    """The kernel's numbers are those of the host's stream, one draw after the other."""
    host = RandomStream(cpu_backend(), seed=2**64 - 5)
    host.seek(step=70, micro_batch=3)
    expected = [host.uniform(shape, dtype) for shape in ((3, 5), (7,), (2, 2))]
    key = np.array([2**64 - 5, 70 * 2**20 + 3], dtype=np.uint64)
    first = 0
    for numbers in expected:
        drawn = np.empty_like(numbers)
        UNIFORM.plain(key, first, drawn)
        np.testing.assert_array_equal(drawn, numbers)
        first += numbers.size
