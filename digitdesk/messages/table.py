"""Rows of words and numbers as they cross borders, for lists and for export."""

from __future__ import annotations

from dataclasses import dataclass

Cell = str | int | float | None
"""``None`` where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns, and rows that have one cell for each.

    Raises:
        ValueError: Two columns share a name, or a row has more or fewer cells than columns.
        TypeError: A cell is neither a word nor a number.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.columns)) < len(self.columns):
            raise ValueError(f"Columns of a table need names of their own: {self.columns}")
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells for {len(self.columns)} columns: {row}")
            # NumPy's numbers are none of ours, and float64 would pass as a subclass of float.
            if strange := [cell for cell in row if type(cell) not in _CELL_TYPES]:
                raise TypeError(f"No cell of a table: {strange[0]!r}")

    def column(self, name: str) -> tuple[Cell, ...]:
        """The cells of one column, from the first row to the last.

        Raises:
            ValueError: There is no column of this name.
        """
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)


_CELL_TYPES = (str, int, float, type(None))
