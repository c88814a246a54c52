"""The drawing board: collects strokes as vectors and keeps their picture up to date.

Coordinates are always those of a board 280 units high, whatever size it has on the screen. In place
of strokes there may be a picture, which whoever shows the board draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from digitdesk.ink.arrays import Float32Array
from digitdesk.ink.board_history import BoardContent, BoardHistory
from digitdesk.ink.brush import EMPTY_BOX, stamp_capsule
from digitdesk.ink.pen import (
    BOARD_PEN_PX,
    BOARD_SIZE_PX,
    NUMBER_BOARD_WIDTH_PX,
    NUMBER_PEN_PX,
)
from digitdesk.messages.boxes import PixelBox
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Point, Stroke


def number_board(scale: float = 1) -> Board:
    """An empty board for several digits beside each other."""
    board = Board(scale=scale, width_px=NUMBER_BOARD_WIDTH_PX)
    board.pen_width_px = NUMBER_PEN_PX
    return board


class Board:
    """Strokes, their history and their picture.

    Args:
        size_px: Height of the board in board units.
        scale: Picture pixels per board unit, for screens of high density.
        width_px: Width of the board in board units; as wide as high where left out.

    Attributes:
        picture_size_px: Height of the picture.
        picture_width_px: Width of the picture.
    """

    def __init__(
        self, size_px: int = BOARD_SIZE_PX, scale: float = 1, width_px: int | None = None
    ) -> None:
        self.size_px = size_px
        self.width_px = width_px or size_px
        self.scale = float(scale)
        self.picture_size_px = round(size_px * self.scale)
        self.picture_width_px = round(self.width_px * self.scale)
        self.pen_width_px = BOARD_PEN_PX
        shape = (self.picture_size_px, self.picture_width_px)
        self._canvas: Float32Array = np.zeros(shape, dtype=np.float32)
        self._history = BoardHistory()
        self._pen_points: list[Point] = []

    def rescaled(self, scale: float) -> Board:
        """The same board with a finer or coarser picture; also a stroke under way goes on there."""
        board = Board(self.size_px, scale, self.width_px)
        board.pen_width_px = self.pen_width_px
        board._history = self._history
        board._pen_points = self._pen_points
        board._redraw()
        return board

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All strokes in board units, the one being drawn included."""
        finished = tuple(stroke for stroke, _ in self._history.present.drawn)
        return (*finished, tuple(self._pen_points)) if self._pen_points else finished

    @property
    def shown(self) -> Picture | None:
        """The picture in place of strokes, where there is one."""
        return None if self._pen_points else self._history.present.picture

    @property
    def widest_pen_px(self) -> float:
        """Width of the widest pen that something was drawn with, in board units; 0 without ink."""
        under_way = [self.pen_width_px] if self._pen_points else []
        widths = [width_px for _, width_px in self._history.present.drawn]
        return max((*widths, *under_way), default=0.0)

    @property
    def is_empty(self) -> bool:
        """Whether there is neither ink nor a picture."""
        return self._history.present.is_empty and not self._pen_points

    @property
    def can_undo(self) -> bool:
        """Whether ``undo`` would change something."""
        return self._history.can_undo or bool(self._pen_points)

    @property
    def can_redo(self) -> bool:
        """Whether ``redo`` would change something."""
        return self._history.can_redo

    def pen_down(self, x: float, y: float) -> PixelBox:
        """Begin a stroke with a dot; a stroke still open is finished first.

        A picture on the board gives way to it.

        Returns:
            The part of the picture that changed, in picture pixels.
        """
        self.pen_up()
        self._pen_points = [self._on_board(x, y)]
        return self._stamp(self._pen_points[0], self._pen_points[0], self.pen_width_px)

    def pen_move(self, x: float, y: float) -> PixelBox:
        """Draw on from the pen's last point; without ``pen_down`` before, nothing happens.

        Returns:
            The part of the picture that changed, in picture pixels.
        """
        if not self._pen_points:
            return EMPTY_BOX
        point, last = self._on_board(x, y), self._pen_points[-1]
        if point == last:
            return EMPTY_BOX
        self._pen_points.append(point)
        return self._stamp(last, point, self.pen_width_px)

    def pen_up(self) -> None:
        """Finish the stroke; from now on it can be undone."""
        if self._pen_points:
            stroke = tuple(self._pen_points)
            self._pen_points = []
            drawn = self._history.present.drawn
            self._history.change(BoardContent((*drawn, (stroke, self.pen_width_px))))

    def draw(self, stroke: Sequence[Point]) -> None:
        """Draw a whole stroke with the present pen."""
        first, *others = stroke
        self.pen_down(*first)
        for point in others:
            self.pen_move(*point)
        self.pen_up()

    def show_picture(self, picture: Picture) -> None:
        """Put a picture in place of all ink; ``undo`` brings the ink back."""
        self.pen_up()
        self._history.change(BoardContent(picture=picture))
        self._redraw()

    def show_strokes(self, strokes: Sequence[Stroke]) -> None:
        """Put strokes in place of all ink, drawn with the present pen; ``undo`` takes them away."""
        self.pen_up()
        drawn = tuple(
            (tuple(self._on_board(x, y) for x, y in stroke), self.pen_width_px)
            for stroke in strokes
            if stroke
        )
        self._history.change(BoardContent(drawn))
        self._redraw()

    def take_over(self, other: Board) -> None:
        """Put what is on another board into the middle of this one; ``undo`` takes it away."""
        self.pen_up()
        there = other._history.present
        right = (self.width_px - other.width_px) / 2
        drawn = tuple(
            (tuple(self._on_board(x + right, y) for x, y in stroke), width_px)
            for stroke, width_px in there.drawn
        )
        self._history.change(BoardContent(drawn, there.picture))
        self._redraw()

    def clear(self) -> None:
        """Remove all ink, or the picture; ``undo`` brings it back."""
        self.pen_up()
        if not self.is_empty:
            self._history.change(BoardContent())
            self._redraw()

    def undo(self) -> None:
        """Take the last change back."""
        self.pen_up()
        self._history.undo()
        self._redraw()

    def redo(self) -> None:
        """Make the change that was taken back again."""
        self.pen_up()
        self._history.redo()
        self._redraw()

    def picture(self) -> bytes:
        """The whole picture, one byte a pixel, row by row, ink = 255."""
        return self.picture_part((0, 0, self.picture_width_px, self.picture_size_px))

    def picture_part(self, box: PixelBox) -> bytes:
        """A part of the picture, as ``picture`` gives it."""
        left, top, right, bottom = box
        part = self._canvas[top:bottom, left:right] * np.float32(255) + np.float32(0.5)
        return part.astype(np.uint8).tobytes()

    def _on_board(self, x: float, y: float) -> Point:
        """The point, or the nearest one on the board: ink that nobody sees must not count."""
        if not (math.isfinite(x) and math.isfinite(y)):
            raise ValueError(f"A pen position must be two finite numbers, not ({x}, {y}).")
        return (
            min(max(float(x), 0.0), float(self.width_px)),
            min(max(float(y), 0.0), float(self.size_px)),
        )

    def _stamp(self, start: Point, end: Point, width_px: float) -> PixelBox:
        scale = self.scale
        return stamp_capsule(
            self._canvas,
            (start[0] * scale, start[1] * scale),
            (end[0] * scale, end[1] * scale),
            width_px * scale / 2,
        )

    def _redraw(self) -> None:
        self._canvas.fill(0)
        for stroke, width_px in self._history.present.drawn:
            self._trace(stroke, width_px)
        if self._pen_points:
            self._trace(self._pen_points, self.pen_width_px)

    def _trace(self, stroke: Sequence[Point], width_px: float) -> None:
        for start, end in zip(stroke, stroke[1:] or stroke, strict=False):
            self._stamp(start, end, width_px)
