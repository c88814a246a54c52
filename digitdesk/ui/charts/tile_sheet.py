"""Many small pictures on one sheet: where each lies, and the sheet as the levels of its pixels.

A sheet is one photo however many tiles and cells it has: a widget for each would take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from digitdesk.ui.charts.signed_colors import GROUND, MOST, ZERO


@dataclass(frozen=True, slots=True)
class TileLayout:
    """Tiles in rows, a cell's width apart.

    Attributes:
        height: Of a tile, in cells; ``width`` likewise.
        zoom: Screen pixels of a cell's side.
        across: Tiles beside each other.
        count: Tiles there are room for.
    """

    height: int
    width: int
    zoom: int
    across: int
    count: int

    @classmethod
    def of(
        cls, count: int, height: int, width: int, room: tuple[int, int], zooms: tuple[int, int]
    ) -> TileLayout:
        """The largest tiles so that all are seen; where even the smallest are too many, a part.

        Args:
            count: Tiles there are.
            height: Of a tile, in cells.
            width: Of a tile, in cells.
            room: Width and height there are, in screen pixels.
            zooms: The least and the most screen pixels for a cell.
        """
        least, most = zooms
        across = down = 1
        for zoom in range(max(least, most), least - 1, -1):
            across = max(1, (room[0] + zoom) // ((width + 1) * zoom))
            down = max(1, (room[1] + zoom) // ((height + 1) * zoom))
            has_room = width * zoom <= room[0] and height * zoom <= room[1]
            if has_room and across * down >= count:
                break
        # As many beside each other as fill the rows evenly.
        rows = max(1, min(down, -(-count // across)))
        fitting = min(count, across * down)
        return cls(height, width, zoom, min(across, max(1, -(-fitting // rows))), fitting)

    @property
    def rows(self) -> int:
        """Rows of tiles."""
        return -(-self.count // self.across)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the sheet, in cells."""
        return self.across * (self.width + 1) - 1, self.rows * (self.height + 1) - 1

    @property
    def size_px(self) -> tuple[int, int]:
        """The same in screen pixels."""
        wide, high = self.size
        return wide * self.zoom, high * self.zoom

    def box(self, tile: int, row: int = 0, column: int = 0) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a cell of a tile, both counted on the sheet."""
        down, right = divmod(tile, self.across)
        left = (right * (self.width + 1) + column) * self.zoom
        top = (down * (self.height + 1) + row) * self.zoom
        return left, top, left + self.zoom, top + self.zoom

    def tile_box(self, tile: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a whole tile."""
        left, top, _right, _bottom = self.box(tile)
        return left, top, left + self.width * self.zoom, top + self.height * self.zoom

    def at(self, x: float, y: float) -> tuple[int, int, int] | None:
        """Tile, row and column at a point of the sheet; ``None`` between tiles and beside them."""
        right, column = divmod(int(x // self.zoom), self.width + 1)
        down, row = divmod(int(y // self.zoom), self.height + 1)
        tile = down * self.across + right
        if min(x, y) < 0 or right >= self.across or tile >= self.count:
            return None
        return (tile, row, column) if row < self.height and column < self.width else None


def sheet_of(levels: bytes, layout: TileLayout, first: int = 0) -> bytes:
    """The levels of a sheet's pixels, row by row; see ``TileLayout.size``.

    Args:
        levels: Of all tiles, one after the other, each row by row.
        layout: How many of them are shown, and how.
        first: The first that is shown.
    """
    high, wide = layout.height, layout.width
    across, whole = layout.across, layout.size[0]
    last = min(first + layout.count, len(levels) // (high * wide))
    lines: list[bytes] = []
    for start in range(first, last, across):
        begins = [tile * high * wide for tile in range(start, min(start + across, last))]
        for row in range(0, high * wide, wide):
            line = GROUND.join([levels[at + row : at + row + wide] for at in begins])
            lines.append(line.ljust(whole, GROUND))
        lines.append(bytes(whole))
    lines += [bytes(whole)] * (layout.rows * (high + 1) - len(lines))
    return b"".join(lines[:-1])


def bars_of(levels: bytes, width: int, thick: int) -> bytes:
    """Numbers as bars from the middle, to the right above zero, as levels of pixels row by row.

    Args:
        levels: One number for each bar, from top to bottom.
        width: Of the picture, in pixels.
        thick: Pixels from one bar to the next; of more than two, one is left free.
    """
    rows = _bar_rows(width)
    high, free = max(1, thick - (thick > 2)), bytes([ZERO]) * width * (thick > 2)
    return b"".join([rows[level] * high + free for level in levels])


@lru_cache(maxsize=16)
def _bar_rows(width: int) -> tuple[bytes, ...]:
    """A line of pixels for each level."""
    middle = width // 2
    empty, rows = bytes([ZERO]), []
    for level in range(2 * ZERO):
        reach = round((middle - 1) * min(abs(level - ZERO), MOST) / MOST)
        if level >= ZERO:
            row = empty * middle + b"\xff" * reach + empty * (width - middle - reach)
        else:
            row = empty * (middle - reach) + b"\x01" * reach + empty * (width - middle)
        rows.append(row)
    return tuple(rows)
