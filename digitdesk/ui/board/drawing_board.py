"""The black field one draws on with mouse, pen or finger.

Strokes go into the session's board at once; painting and reading wait for the next idle moment.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from digitdesk.messages.boxes import PixelBox, union
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Point, Stroke
from digitdesk.ui.board.layers import BoardLayers
from digitdesk.ui.board.sheets import DIGIT_SHEET, SIDE, Sheet
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.timer import Timer

if TYPE_CHECKING:
    from digitdesk.ink.board import Board

#: How many times finer than in board units ink is printed.
_ON_PAPER = 4


class DrawingBoard(theme.Canvas):
    """Shows a board and hands it the pen's events.

    Ink drawn before the board exists (the core is still loading) is shown as plain lines, kept,
    and handed over by ``attach``.

    Args:
        parent: The widget to sit in.
        on_ink: Called when the ink has changed and is on the screen, at most once per idle
            moment however many pen events came in between.
        sheet: Size, pens and hint.

    Attributes:
        pen_is_down: Whether a stroke is under way.
    """

    def __init__(
        self, parent: tk.Misc, on_ink: Callable[[], None], sheet: Sheet = DIGIT_SHEET
    ) -> None:
        super().__init__(
            parent,
            width=sheet.width,
            height=SIDE,
            background=theme.palette().ink_ground,
            highlightthickness=0,
            borderwidth=0,
            cursor="crosshair",
            takefocus=True,
        )
        self.sheet = sheet
        self._on_ink = on_ink
        self._board: Board | None = None
        self._height_px = SIDE
        self.pen_is_down = False
        self._early: list[list[Point]] = []
        self._cleared_early: list[list[Point]] = []
        self._pen_width = float(sheet.pen)
        self._dirty: PixelBox | None = None
        self._repaint = Timer(self, None, self._paint)
        self._rebuild = Timer(self, 60, self._rescale)
        self.layers = BoardLayers(self, sheet.hint)
        self.layers.resize(sheet.width, SIDE)
        self.bind("<FocusIn>", lambda _event: self.layers.show_ring("normal"))
        self.bind("<FocusOut>", lambda _event: self.layers.show_ring("hidden"))
        self.bind("<<ThemeChanged>>", lambda _event: self.layers.recolor())
        self.bind("<Button-1>", self._on_press)
        self.bind("<B1-Motion>", self._on_motion)
        self.bind("<ButtonRelease-1>", self._on_release)

    def attach(self, new_board: Callable[[float], Board]) -> None:
        """Take a board of the session, and give it what was drawn so far."""
        board = new_board(self._height_px / SIDE)
        board.pen_width_px = self._pen_width
        for stroke in self._cleared_early:
            board.draw(stroke)
        board.clear()
        *finished, last = self._early or [[]]
        for stroke in finished:
            board.draw(stroke)
        for place, point in enumerate(last):
            (board.pen_move if place else board.pen_down)(*point)
        if not self.pen_is_down:
            board.pen_up()
        self._take(board)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All ink, in board units."""
        if self._board is not None:
            return self._board.strokes
        return tuple(tuple(stroke) for stroke in self._early)

    @property
    def shown(self) -> Picture | None:
        """The picture on the board, where there is one instead of strokes."""
        return self._board.shown if self._board is not None else None

    @property
    def is_empty(self) -> bool:
        """Whether there is neither ink nor a picture."""
        return self.shown is None and not self.strokes

    @property
    def content(self) -> Picture | None:
        """What is to be seen on it, ink or a picture; ``None`` where there is nothing."""
        board = self._board
        if board is None or self.is_empty:
            return None
        if self.shown is not None:
            return self.shown
        size = (board.picture_width_px, board.picture_size_px)
        return Picture(*size, board.picture_part((0, 0, *size)))

    @property
    def fine_content(self) -> Picture | None:
        """What is to be seen on it, its ink as fine as on paper."""
        if self._board is None or self.is_empty or self.shown is not None:
            return self.content
        fine = self._board.rescaled(_ON_PAPER)
        size = (fine.picture_width_px, fine.picture_size_px)
        return Picture(*size, fine.picture_part((0, 0, *size)))

    def show_picture(self, picture: Picture) -> None:
        """Put a picture in place of all ink; the first stroke takes it away again."""
        if self._board is not None:
            self._lift_pen()
            self._board.show_picture(picture)
            self._mark_all()

    def show_strokes(self, strokes: Sequence[Stroke]) -> None:
        """Put strokes in place of all ink, as if they had been drawn with the present pen."""
        if self._board is not None:
            self._lift_pen()
            self._board.show_strokes(strokes)
            self._mark_all()

    def take_over(self, other: DrawingBoard) -> None:
        """Put what is on another board into the middle of this one, in place of what is here."""
        if self._board is not None and other._board is not None:
            self._board.take_over(other._board)
            self._mark_all()

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return self._board is not None and self._board.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return self._board is not None and self._board.can_redo

    @property
    def pen_width(self) -> float:
        """Width of the pen in board units."""
        return self._pen_width

    @pen_width.setter
    def pen_width(self, width: float) -> None:
        thinnest, widest = self.sheet.pens
        self._pen_width = min(max(width, thinnest), widest)
        if self._board is not None:
            self._board.pen_width_px = self._pen_width

    def undo(self) -> None:
        """Take the last change of the board back: a stroke, a clearing, a picture."""
        if self._board is not None:
            self._board.undo()
            self._mark_all()

    def redo(self) -> None:
        """Make it again."""
        if self._board is not None:
            self._board.redo()
            self._mark_all()

    def clear(self) -> None:
        """Wipe the board; can be undone."""
        if self._board is not None:
            self._board.clear()
        self._cleared_early += self._early
        self._early = []
        self.layers.forget_early()
        self._mark_all()

    def resize(self, height_px: int) -> None:
        """Make the field so many screen pixels high, and as wide as its sheet then is."""
        # A length times another is a length again; the pixels of a picture are counted.
        height_px = int(height_px)
        if height_px == self._height_px:
            return
        self._height_px = height_px
        width_px = round(height_px * self.sheet.width / SIDE)
        self.configure(width=width_px, height=height_px)
        self.layers.resize(width_px, height_px)
        if self._board is not None:
            self._rebuild.restart()

    def to_screen(self, box: Sequence[float]) -> tuple[float, float, float, float]:
        """Where a box around ink is on the canvas, in screen pixels.

        Args:
            box: Left, top, right, bottom in board units, or in pixels of the picture on show.
        """
        left, top, right, bottom = box
        if self.shown is not None:
            x, y, scale = self.layers.picture_place()
            return left * scale + x, top * scale + y, right * scale + x, bottom * scale + y
        # Strokes are the pen's way: half of its width is on either side of them.
        half = self._board.widest_pen_px / 2 if self._board is not None else 0.0
        unit = self._height_px / SIDE
        low, high = (left - half) * unit, (right + half) * unit
        return low, (top - half) * unit, high, (bottom + half) * unit

    # -- the pen

    def _on_press(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        self._lift_pen()
        self._put_pen_down(self._point(event))

    def _on_motion(self, event: tk.Event[tk.Misc]) -> None:
        x, y = self._point(event)
        inside = 0 <= x <= self.sheet.width and 0 <= y <= SIDE
        if inside and not self.pen_is_down:
            self._put_pen_down((x, y))
        elif inside:
            self._move_pen((x, y))
        elif self.pen_is_down:
            # The pen leaves the board: the stroke ends at the edge instead of running along it.
            self._move_pen((min(max(x, 0.0), float(self.sheet.width)), min(max(y, 0.0), SIDE)))
            self._lift_pen()

    def _on_release(self, _event: tk.Event[tk.Misc]) -> None:
        if self.pen_is_down:
            self._lift_pen()
            self._repaint.ask()

    def _point(self, event: tk.Event[tk.Misc]) -> Point:
        unit = SIDE / self._height_px
        return event.x * unit, event.y * unit

    def _put_pen_down(self, point: Point) -> None:
        self.pen_is_down = True
        if self._board is not None:
            self._mark(self._board.pen_down(*point))
            self.layers.show_picture(None)
        else:
            self._early.append([point])
            self._draw_early(point, point)

    def _move_pen(self, point: Point) -> None:
        if self._board is not None:
            self._mark(self._board.pen_move(*point))
        else:
            self._draw_early(self._early[-1][-1], point)
            self._early[-1].append(point)

    def _lift_pen(self) -> None:
        if self.pen_is_down and self._board is not None:
            self._board.pen_up()
        self.pen_is_down = False

    # -- painting

    def _mark(self, box: PixelBox) -> None:
        """Have a part of the picture painted soon."""
        old = self._dirty
        if old is None:
            self._dirty = box
        elif box[2] > box[0]:
            self._dirty = union((old, box))
        self._repaint.ask()

    def _mark_all(self) -> None:
        board = self._board
        size = (board.picture_width_px, board.picture_size_px) if board is not None else (0, 0)
        self._dirty = (0, 0, *size)
        self.layers.show_picture(self.shown)
        self._repaint.ask()

    def _paint(self) -> None:
        if self._board is not None and self._dirty is not None:
            self.layers.paint_ink(self._dirty, self._board.picture_part(self._dirty))
            self._dirty = None
        self.layers.show_hint(self.is_empty)
        self._on_ink()

    def _rescale(self) -> None:
        """Paint the board as fine as the screen."""
        if self._board is not None:
            self._take(self._board.rescaled(self._height_px / SIDE))

    def _take(self, board: Board) -> None:
        """Show another board."""
        self._board = board
        self.layers.new_ink(board.picture_width_px, board.picture_size_px)
        self._early, self._cleared_early = [], []
        self._mark_all()

    def _draw_early(self, start: Point, end: Point) -> None:
        unit = self._height_px / SIDE
        begin_px, end_px = ((x * unit, y * unit) for x, y in (start, end))
        self.layers.draw_early(begin_px, end_px, self._pen_width * unit)
