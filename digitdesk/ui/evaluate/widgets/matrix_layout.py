"""Where everything of a confusion matrix stands, for 2 to 62 classes with names of any length."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Names take up no more of the canvas than this, along each side.
_MOST_NAMES = 0.22
_LEAST_CELL = 4


@dataclass(frozen=True, slots=True)
class MatrixLayout:
    """Places in screen pixels; rows and columns count from 0, and ``-1`` is that of the names.

    Attributes:
        left: Where the cells begin; ``top`` likewise.
        cell: Side of a cell.
        count: Classes, so rows and columns.
        names: Room for a name, along each side.
        name_step: Every how many classes a name is written, so that none lies on another.
        turned: Whether the names of the columns stand upright.
    """

    left: int
    top: int
    cell: int
    count: int
    names: int
    name_step: int
    turned: bool

    @classmethod
    def of(
        cls,
        width: int,
        height: int,
        name_widths: Sequence[int],
        *,
        line: int,
        total: int,
        most_cell: int,
    ) -> MatrixLayout:
        """Lay a matrix out over a canvas.

        Args:
            width: Of the canvas.
            height: Of the canvas.
            name_widths: Of each class's name.
            line: Height of a line of text, which the words at an axis need, too.
            total: Width of the greatest sum, at the right of a row.
            most_cell: Cells get no wider.
        """
        count, widest, air = len(name_widths), max(name_widths), line // 3
        room = min(width, height)
        names = min(widest, max(2 * line, int(_MOST_NAMES * room)))
        # Below a column there is one line for its sum, beside a row the width of the sum.
        for turned in (False, True):
            left = line + air + names + air
            top = line + air + (names if turned else line) + air
            across, down = width - left - total - air, height - top - line - air
            cell = max(_LEAST_CELL, min(most_cell, across // count, down // count))
            if widest <= cell - 2:
                break
        step = max(1, math.ceil(line / cell))
        return cls(left, top, cell, count, names, step, turned)

    @property
    def right(self) -> int:
        """Where the cells end; ``bottom`` likewise."""
        return self.left + self.count * self.cell

    @property
    def bottom(self) -> int:
        """Where the cells end below."""
        return self.top + self.count * self.cell

    def middle(self, place: int) -> float:
        """Middle of a row or column, from where the cells begin."""
        return (place + 0.5) * self.cell

    def box(self, row: int, column: int) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of a cell, or of a name where one of both is -1."""
        top = self.top + row * self.cell
        left = self.left + column * self.cell
        if row < 0:
            top = self.top - self.cell
        if column < 0:
            return self.left - self.names - 4, top, self.left - 2, top + self.cell
        if row < 0:
            return left, self.top - 2 - self._above, left + self.cell, self.top - 2
        return left, top, left + self.cell, top + self.cell

    @property
    def _above(self) -> int:
        return self.names if self.turned else max(self.cell // 2, 12)

    def at(self, x: float, y: float) -> tuple[int, int] | None:
        """Row and column of the cell or name at a point; ``None`` beside them."""
        row = math.floor((y - self.top) / self.cell)
        column = math.floor((x - self.left) / self.cell)
        row, column = max(row, -1), max(column, -1)
        is_inside = row < self.count and column < self.count and (row, column) != (-1, -1)
        return (row, column) if is_inside else None
