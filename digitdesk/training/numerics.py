"""Numbers that overflow: seen before they are shown or kept, and never warned about beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

SILENT_OVERFLOW = np.errstate(over="ignore", invalid="ignore")
"""Numbers that overflow end the run with a sentence; warnings beside it would only puzzle."""


def are_numbers(arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Whether every value of every array is finite."""
    return all(bool(np.isfinite(array).all()) for array in arrays.values())
