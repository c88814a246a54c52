"""Numbers in bulk as they cross borders: the bytes of an array, and its shape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

_ITEM_BYTES = 4


@dataclass(frozen=True, slots=True)
class Grid:
    """An array of numbers that is read without NumPy.

    Attributes:
        shape: How many numbers along each axis, outermost first.
        values: The numbers as float32 in the machine's byte order, the last axis fastest.

    Raises:
        ValueError: There are not as many numbers as the shape says.
    """

    shape: tuple[int, ...]
    values: bytes

    def __post_init__(self) -> None:
        count = math.prod(self.shape)
        if not self.shape or min(self.shape) < 0 or len(self.values) != _ITEM_BYTES * count:
            raise ValueError(f"{len(self.values)} bytes are no float32 grid of shape {self.shape}")

    @classmethod
    def of(cls, array: Any) -> Grid:
        """The numbers of a float32 array, copied.

        Raises:
            ValueError: Its numbers are of another type.
        """
        view = memoryview(array)
        if view.format != "f":
            raise ValueError(f"A grid holds float32, not {view.format!r}")
        return cls(tuple(view.shape or ()), view.tobytes())

    @property
    def view(self) -> memoryview[float]:
        """The numbers where they are: ``grid.view[row, column]``; one axis can also be sliced."""
        if 0 in self.shape:
            return memoryview(b"").cast("f")  # no view of memory has an axis without numbers
        return memoryview(self.values).cast("f", self.shape)
