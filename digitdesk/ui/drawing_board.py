"""The black field one draws on with mouse, pen or finger.

Strokes go into the session's board at once; painting and reading wait for the next idle moment.
"""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from digitdesk.messages import Point, Stroke
from digitdesk.ui import theme
from digitdesk.ui.pictures import Picture, resized
from digitdesk.ui.speaking import follow_language
from digitdesk.ui.text import _
from digitdesk.ui.theme import px
from digitdesk.ui.widgets import Timer

if TYPE_CHECKING:
    from digitdesk.ink.board import Board

#: Side of the board in its own units; the pen's coordinates are always these.
SIDE = 280
#: Pen widths that can be chosen, in board units.
PEN_WIDTHS = (8, 40)
DEFAULT_PEN_WIDTH = 20

Box = tuple[int, int, int, int]

#: Width of the ring that shows the focus, in logical pixels.
_RING = 2


class DrawingBoard(tk.Canvas):
    """Shows a board and hands it the pen's events.

    Ink drawn before the board exists (the core is still loading) is shown as plain lines, kept,
    and handed over by ``attach``.

    Args:
        parent: The widget to sit in.
        on_ink: Called when the ink has changed and is on the screen, at most once per idle
            moment however many pen events came in between.
    """

    def __init__(self, parent: tk.Misc, on_ink: Callable[[], None]) -> None:
        colors = theme.palette()
        super().__init__(
            parent,
            width=SIDE,
            height=SIDE,
            background=colors.ink_ground,
            highlightthickness=0,
            borderwidth=0,
            cursor="crosshair",
            takefocus=True,
        )
        self._on_ink = on_ink
        self._board: Board | None = None
        self._new_board: Callable[[float], Board] | None = None
        self._side_px = SIDE
        self._pen_is_down = False
        self._early: list[list[Point]] = []
        self._widths: dict[Stroke, float] = {}
        self._pen_width = float(DEFAULT_PEN_WIDTH)
        self._dirty: Box | None = None
        self._repaint = Timer(self, None, self._paint)
        self._rebuild = Timer(self, 60, self._rescale)
        self._photo: tk.PhotoImage | None = None
        self._picture = self.create_image(0, 0, anchor="nw")
        self._shown: Picture | None = None
        self._cleared: Picture | None = None
        self._shown_photo: tk.PhotoImage | None = None
        self._shown_item = self.create_image(0, 0, anchor="nw", state="hidden")
        self._hint = self.create_text(
            0,
            0,
            fill=colors.ink_hint,
            font=theme.font("title"),
        )
        self._ring = self.create_rectangle(
            0, 0, 0, 0, width=px(self, _RING), outline=colors.accent, state="hidden"
        )
        self.bind("<FocusIn>", lambda _event: self._show_ring("normal"))
        self.bind("<FocusOut>", lambda _event: self._show_ring("hidden"))
        follow_language(self, self._show_hint)
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())
        self.bind("<Button-1>", self._on_press)
        self.bind("<B1-Motion>", self._on_motion)
        self.bind("<ButtonRelease-1>", self._on_release)

    def attach(self, new_board: Callable[[float], Board]) -> None:
        """Take a board of the session, and give it what was drawn so far."""
        self._new_board = new_board
        self._rescale()

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All ink, in board units."""
        if self._board is not None:
            return self._board.strokes
        return tuple(tuple(stroke) for stroke in self._early)

    @property
    def shown(self) -> Picture | None:
        """The picture on the board, where there is one instead of strokes."""
        return self._shown

    @property
    def is_empty(self) -> bool:
        """Whether there is neither ink nor a picture."""
        return self._shown is None and not self.strokes

    def show_picture(self, picture: Picture | None) -> None:
        """Put a picture in place of all ink; the first stroke takes it away again."""
        if picture is not None and self._board is not None and self._board.strokes:
            self._board.clear()
        self._shown = picture
        self._cleared = None
        self._draw_shown()
        self._mark_all()

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        board_can = self._board is not None and self._board.can_undo
        return self._cleared is not None or (board_can and self._shown is None)

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
        self._pen_width = min(max(width, PEN_WIDTHS[0]), PEN_WIDTHS[1])
        if self._board is not None:
            self._board.pen_width_px = self._pen_width

    def undo(self) -> None:
        """Take the last stroke or clearing back."""
        if self._cleared is not None and not self.strokes:
            self.show_picture(self._cleared)
        elif self._board is not None and self._shown is None:
            self._board.undo()
            self._mark_all()

    def redo(self) -> None:
        """Draw again what was taken back."""
        if self._board is not None and self._shown is None:
            self._board.redo()
            self._mark_all()

    def clear(self) -> None:
        """Wipe the board; can be undone."""
        if self._shown is not None:
            picture = self._shown
            self.show_picture(None)
            self._cleared = picture
        elif self._board is not None:
            self._board.clear()
        self._forget_early()
        self._mark_all()

    def resize(self, side_px: int) -> None:
        """Make the field so many screen pixels wide and high."""
        if side_px == self._side_px:
            return
        self._side_px = side_px
        self.configure(width=side_px, height=side_px)
        self.coords(self._hint, side_px / 2, side_px / 2)
        self._draw_shown()
        edge = px(self, _RING) / 2
        self.coords(self._ring, edge, edge, side_px - edge, side_px - edge)
        if self._board is not None:
            self._rebuild.restart()

    # -- the pen

    def _on_press(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        self._lift_pen()
        self._put_pen_down(self._point(event))

    def _on_motion(self, event: tk.Event[tk.Misc]) -> None:
        point = self._point(event)
        inside = all(0 <= value <= SIDE for value in point)
        if inside and not self._pen_is_down:
            self._put_pen_down(point)
        elif inside:
            self._move_pen(point)
        elif self._pen_is_down:
            # The pen leaves the board: the stroke ends at the edge instead of running along it.
            x, y = (min(max(value, 0.0), float(SIDE)) for value in point)
            self._move_pen((x, y))
            self._lift_pen()

    def _on_release(self, event: tk.Event[tk.Misc]) -> None:
        if self._pen_is_down:
            self._lift_pen()
            self._repaint.ask()

    def _point(self, event: tk.Event[tk.Misc]) -> Point:
        unit = SIDE / self._side_px
        return event.x * unit, event.y * unit

    def _put_pen_down(self, point: Point) -> None:
        self._pen_is_down = True
        if self._shown is not None:
            self.clear()
        self._cleared = None
        if self._board is not None:
            self._mark(self._board.pen_down(*point))
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
        if self._pen_is_down and self._board is not None:
            self._board.pen_up()
            if self._board.strokes:
                self._widths[self._board.strokes[-1]] = self._pen_width
        self._pen_is_down = False

    # -- the picture

    def _mark(self, box: Box) -> None:
        """Have a part of the picture painted soon."""
        if self._dirty is None or box[2] <= box[0]:
            self._dirty = self._dirty or box
        else:
            old = self._dirty
            self._dirty = (
                min(old[0], box[0]),
                min(old[1], box[1]),
                max(old[2], box[2]),
                max(old[3], box[3]),
            )
        self._repaint.ask()

    def _mark_all(self) -> None:
        side = self._board.picture_size_px if self._board is not None else 0
        self._dirty = (0, 0, side, side)
        self._repaint.ask()

    def _paint(self) -> None:
        if self._board is not None and self._photo is not None and self._dirty is not None:
            left, top, right, bottom = self._dirty
            if right > left and bottom > top:
                # A grey map goes into the image as it is: 0.1 ms for the part under the pen,
                # where handing over the whole picture would take more than a millisecond.
                header = b"P5 %d %d 255\n" % (right - left, bottom - top)
                self._photo.put(header + self._board.picture_part(self._dirty), to=(left, top))
            self._dirty = None
        self.itemconfigure(self._hint, state="normal" if self.is_empty else "hidden")
        self._on_ink()

    def _rescale(self) -> None:
        """Take a new board as fine as the screen, and draw all strokes again."""
        assert self._new_board is not None
        strokes = self.strokes
        board = self._new_board(self._side_px / SIDE)
        for stroke in strokes:
            board.pen_width_px = self._widths.get(stroke, self._pen_width)
            board.pen_down(*stroke[0])
            for x, y in stroke[1:]:
                board.pen_move(x, y)
            board.pen_up()
        if self._pen_is_down and strokes:
            board.pen_down(*strokes[-1][-1])
        board.pen_width_px = self._pen_width
        self._board = board
        self._photo = tk.PhotoImage(
            master=self, width=board.picture_size_px, height=board.picture_size_px
        )
        self.itemconfigure(self._picture, image=self._photo)
        self._forget_early()
        self._mark_all()

    def _draw_shown(self) -> None:
        """Draw the picture as large as the board."""
        if self._shown is None:
            self.itemconfigure(self._shown_item, image="", state="hidden")
            self._shown_photo = None
            return
        side = self._side_px
        photo = tk.PhotoImage(master=self, width=side, height=side)
        photo.put(b"P5 %d %d 255\n" % (side, side) + resized(self._shown, side))
        self.itemconfigure(self._shown_item, image=photo, state="normal")
        # The picture before goes only now: an item must never show one that is gone.
        self._shown_photo = photo
        self.tag_raise(self._shown_item)
        self.tag_raise(self._ring)

    def _show_ring(self, state: Literal["normal", "hidden"]) -> None:
        """Show that keys go to the board, or no longer do."""
        edge = px(self, _RING) / 2
        self.coords(self._ring, edge, edge, self._side_px - edge, self._side_px - edge)
        self.itemconfigure(self._ring, state=state)
        self.tag_raise(self._ring)

    def _show_hint(self) -> None:
        self.itemconfigure(self._hint, text=_("Draw a digit here"))

    def _recolor(self) -> None:
        colors = theme.palette()
        self.itemconfigure(self._ring, outline=colors.accent)

    def _draw_early(self, start: Point, end: Point) -> None:
        unit = self._side_px / SIDE
        self.create_line(
            *(value * unit for value in (*start, *end)),
            fill=theme.palette().ink,
            width=math.ceil(self._pen_width * unit),
            capstyle="round",
            tags="early",
        )
        self.itemconfigure(self._hint, state="hidden")

    def _forget_early(self) -> None:
        self._early.clear()
        self.delete("early")
