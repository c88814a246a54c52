"""One pass over arrays on a graphics card: its text in CUDA, and the same in NumPy beside it.

The NumPy form says what the text means, does its work where there is no card, and is what the text
is compared with: compiled for the processor by the tests, and on a card by
``tests/benchmarks/gpu.py``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

QUOTIENT = """
__device__ long long digitdesk_quotient(long long place, long long size, long long divisor) {
    // A division of 64 bits takes a card several times as long as one of 32.
    return size >> 32 ? place / divisor : (unsigned int)place / (unsigned int)divisor;
}
"""
"""``place / divisor`` for a place among ``size`` elements; every text may call it."""


@dataclass(frozen=True, slots=True, eq=False)
class GpuKernel:
    """A kernel of ``cupy.ElementwiseKernel``, which runs its text once for each element.

    Attributes:
        name: As profilers show it.
        inputs: Types and names of what is read; ``raw`` ones are indexed by the text itself.
        outputs: Types and names of what is written, which may be read before.
        cuda: The text; ``i`` is the element's place.
        plain: The same for NumPy's arrays: takes inputs and outputs, and writes the outputs.
        preamble: Functions that the text calls.
        is_all_raw: Whether all arrays are, so that whoever calls it says how many elements there
            are.
    """

    name: str
    inputs: str
    outputs: str
    cuda: str
    plain: Callable[..., None]
    preamble: str = QUOTIENT
    is_all_raw: bool = False

    def __call__(self, xp: Any, *arguments: Any, size: int | None = None) -> None:
        """Run it on the current stream.

        Args:
            xp: CuPy, or what stands in for it.
            arguments: Inputs, then outputs. There are as many elements as in those that are not
                ``raw``, which are alike in shape.
            size: How many elements there are, where ``is_all_raw``.
        """
        if size is None:
            _compiled(self, xp)(*arguments)
        else:
            _compiled(self, xp)(*arguments, size=size)


@functools.cache
def _compiled(kernel: GpuKernel, xp: Any) -> Any:
    return xp.ElementwiseKernel(
        kernel.inputs, kernel.outputs, kernel.cuda, kernel.name, preamble=kernel.preamble
    )
