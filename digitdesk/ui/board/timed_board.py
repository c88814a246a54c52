"""A board that knows when the pen was where: how somebody writes is more than where ink lies."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from digitdesk.messages.prediction import Point
from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.board.sheets import DIGIT_SHEET, SIDE, Sheet

if TYPE_CHECKING:
    from digitdesk.ink.board import Board

TimedPoint = tuple[float, float, float]
"""x and y in board units, and milliseconds since the first point of the drawing."""


class TimedBoard(DrawingBoard):
    """Notes the time of every point; one drawing comes after the other.

    Args:
        parent: The widget to sit in.
        on_ink: Called when the ink has changed and is on the screen.
        new_board: Gives a board of so many pixels per board unit.
        sheet: Size, pens and hint.
        clock: Tells the time in seconds.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_ink: Callable[[], None],
        new_board: Callable[[float], Board],
        sheet: Sheet = DIGIT_SHEET,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._noted: list[tuple[Point, float]] = []
        super().__init__(parent, on_ink, sheet)
        self._new_board = new_board
        self.attach(new_board)

    @property
    def timed_strokes(self) -> tuple[tuple[TimedPoint, ...], ...]:
        """All ink, with its time."""
        noted = iter(self._noted)
        begun: float | None = None
        drawn = []
        for stroke in self.strokes:
            points: list[TimedPoint] = []
            for point in stroke:
                at = _time_of(point, noted)
                begun = at if begun is None else begun
                points.append((*point, round(1000 * (at - begun))))
            drawn.append(tuple(points))
        return tuple(drawn)

    def begin_anew(self) -> None:
        """Be empty, with nothing to be taken back."""
        self._lift_pen()
        self._noted = []
        self.attach(self._new_board)

    def _put_pen_down(self, point: Point) -> None:
        self._note(point)
        super()._put_pen_down(point)

    def _move_pen(self, point: Point) -> None:
        self._note(point)
        super()._move_pen(point)

    def _note(self, point: Point) -> None:
        # As the board keeps it: a pen may be a little beside it.
        x, y = (min(max(float(at), 0.0), float(most)) for at, most in
                zip(point, (self.sheet.width, SIDE), strict=True))  # fmt: skip
        self._noted.append(((x, y), self._clock()))


def _time_of(point: Point, noted: Iterator[tuple[Point, float]]) -> float:
    """When a point was drawn; what lies before it in the notes was taken back."""
    at = 0.0
    for known, noted_at in noted:
        at = noted_at
        if known == point:
            break
    return at
