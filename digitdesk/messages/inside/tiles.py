"""The numbers of a layer as little pictures, a page of them at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from digitdesk.messages.grid import Grid
from digitdesk.messages.picture import Picture

ZERO_LEVEL = 128
"""The level of a number that is 0; 255 is the limit, 1 its negative."""

TileKind = Literal[
    "outputs", "gradients", "kernels", "kernel gradients", "gradient × input", "occlusion", "change"
]


@dataclass(frozen=True, slots=True)
class Tiles:
    """Some tiles of a layer: one for each channel, unit or kernel.

    Attributes:
        layer: Path of the layer.
        what: Which of its numbers these are.
        first: How many tiles come before these.
        total: How many tiles there are in all.
        values: The numbers, (count, height, width); a unit is a tile of one number.
        levels: The same as bytes, tile after tile and row after row, on a scale that all tiles of
            the layer share: ``ZERO_LEVEL`` for 0, 255 for ``limit`` and 1 for ``-limit``.
        limit: The largest magnitude among all numbers of the layer; 1 where all are 0.
        silent: How many of all numbers of the layer are exactly 0.
    """

    layer: str
    what: TileKind
    first: int
    total: int
    values: Grid
    levels: bytes
    limit: float
    silent: int = 0

    @property
    def count(self) -> int:
        """How many tiles are here."""
        return self.values.shape[0]

    @property
    def height(self) -> int:
        """Of each tile, in numbers."""
        return self.values.shape[1]

    @property
    def width(self) -> int:
        """Of each tile, in numbers."""
        return self.values.shape[2]

    def picture(self, index: int) -> Picture:
        """The levels of one of the tiles here, as a picture."""
        size = self.height * self.width
        return Picture(self.width, self.height, self.levels[index * size :][:size])
