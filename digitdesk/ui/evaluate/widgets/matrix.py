"""The confusion matrix: rows are true, columns what the network said, and errors stand out.

The cells are one photo, however many there are; numbers are written where they have room.
"""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font as tk_font
from typing import Literal

from digitdesk.ui.charts.photos import ZoomedPhoto
from digitdesk.ui.charts.probability_bars import shortened
from digitdesk.ui.evaluate.widgets.matrix_layout import MatrixLayout
from digitdesk.ui.i18n.text import Sentence, _, percent, plural, whole
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.colors import mixed
from digitdesk.ui.toolkit.theme import px

#: What is asked for, and the largest cell, in logical pixels; it takes whatever room there is.
_LEAST, _MOST_CELL = 264, 44
#: The shades of the fewest errors and of the most, and how many there are between.
_LEAST_SHADE, _MOST_SHADE, _SHADES = 0.14, 0.6, 32
_STEPS = {"Left": (0, -1), "Right": (0, 1), "Up": (-1, 0), "Down": (1, 0)}

Matrix = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class AxisWords:
    """What rows and columns are."""

    rows: Sentence
    columns: Sentence


class ConfusionMatrix(theme.Canvas):
    """Shows counts, and lets a cell, a row or a column be chosen by mouse and by keys.

    Args:
        parent: The widget to sit in.
        on_choose: Takes the names of the row and the column chosen; ``None`` for all of them.
        on_point: Takes what the cell says that the mouse or the keys point at.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_choose: Callable[[str | None, str | None], None],
        on_point: Callable[[str], None],
    ) -> None:
        side = px(parent, _LEAST)
        super().__init__(parent, width=side, height=side, highlightthickness=0, borderwidth=0)
        self.configure(takefocus=True)
        self._words = AxisWords(_("rows"), _("columns"))
        self._on_choose, self._on_point = on_choose, on_point
        self._names: tuple[str, ...] = ()
        self._counts: Matrix = ()
        self._color = "danger"
        self._photo = ZoomedPhoto(self)
        self._chosen: tuple[str | None, str | None] = (None, None)
        self._cursor = (0, 0)
        self._layout: MatrixLayout | None = None
        self.bind("<Configure>", lambda _event: self._draw())
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        self.bind("<Motion>", self._on_motion)
        self.bind("<Leave>", lambda _event: on_point(""))
        self.bind("<Button-1>", self._on_click)
        for key, step in _STEPS.items():
            self.bind(f"<{key}>", lambda _event, step=step: self._move(*step))  # type: ignore[misc]
        for key in ("Return", "KP_Enter", "space"):
            self.bind(f"<{key}>", lambda _event: self._choose(*self._cursor))
        self.bind("<FocusIn>", lambda _event: self._show_cursor())
        self.bind("<FocusOut>", lambda _event: self._show_cursor())
        follow_language(self, self._draw)
        theme.follow_size(self, self._draw)

    # -- what is shown

    def show(
        self, words: AxisWords, names: Sequence[str], counts: Matrix, color: str = "danger"
    ) -> None:
        """Show counts, ``[row][column]``, by the names of their classes.

        Args:
            words: What the axes are.
            names: Of the classes.
            counts: As many as classes in each row.
            color: Of the palette, in which cells beside the diagonal are shaded.
        """
        self._color = color
        if tuple(names) != self._names:
            self._cursor, self._chosen = (0, 0), (None, None)
        self._words, self._names, self._counts = words, tuple(names), counts
        self._draw()

    def mark(self, row: str | None, column: str | None) -> None:
        """Frame the cell, row or column of these names; nothing for none of both."""
        self._chosen = (row, column)
        self._show_frame()

    @property
    def words(self) -> AxisWords:
        """What its axes are called."""
        return self._words

    @property
    def chosen(self) -> tuple[str | None, str | None]:
        """Names of the row and column that are framed."""
        return self._chosen

    def place_of(self, row: int, column: int) -> tuple[int, int]:
        """Middle of a cell on the canvas, or of a name where one of both is -1."""
        assert self._layout is not None
        left, top, right, bottom = self._layout.box(row, column)
        return round((left + right) / 2), round((top + bottom) / 2)

    # -- drawing

    def _draw(self) -> None:
        colors = theme.palette()
        self.configure(background=colors.background)
        self.delete("all")
        if not self._names or self.winfo_width() <= 1:
            return
        font = tk_font.nametofont(theme.font("small"), root=self)
        layout = self._layout = MatrixLayout.of(
            self.winfo_width(),
            self.winfo_height(),
            [font.measure(name) for name in self._names],
            line=font.metrics("linespace"),
            total=font.measure(str(max(map(sum, self._counts), default=0))),
            most_cell=px(self, _MOST_CELL),
        )
        self._paint_cells(layout)
        self._write_axes(layout, font)
        self._write_counts(layout, font)
        self.create_rectangle(0, 0, 0, 0, outline=colors.text, width=2, tags="frame")
        self.create_rectangle(0, 0, 0, 0, outline=colors.accent, width=2, tags="cursor")
        self._show_frame()
        self._show_cursor()

    def _paint_cells(self, layout: MatrixLayout) -> None:
        count, shades = layout.count, _Shades(self._counts, getattr(theme.palette(), self._color))
        pixels = b"".join(
            shades.of(row, column, number)
            for row, numbers in enumerate(self._counts)
            for column, number in enumerate(numbers)
        )
        self._photo.show_bytes(b"P6 %d %d 255\n" % (count, count) + pixels, layout.cell)
        self.create_image(layout.left, layout.top, anchor="nw", image=self._photo.image)
        ground = theme.palette().background
        for place in range(count + 1) if layout.cell > 8 else ():
            x, y = layout.left + place * layout.cell, layout.top + place * layout.cell
            self.create_line(x, layout.top, x, layout.bottom, fill=ground)
            self.create_line(layout.left, y, layout.right, y, fill=ground)

    def _write_axes(self, layout: MatrixLayout, font: tk_font.Font) -> None:
        """The words of both axes, the names of rows and columns, and the sums at their ends."""
        colors, small = theme.palette(), theme.font("small")
        middle = (layout.left + layout.right) / 2
        self.create_text(middle, 0, text=self._words.columns.again(), anchor="n",
                         fill=colors.text, font=small)  # fmt: skip
        self.create_text(0, (layout.top + layout.bottom) / 2, text=self._words.rows.again(),
                         anchor="n", angle=90, fill=colors.text, font=small)  # fmt: skip
        short = [shortened(name, font, layout.names) for name in self._names]
        gap = px(self, 4)
        for place in range(0, layout.count, layout.name_step):
            at = layout.middle(place)
            x, y = layout.left + at, layout.top + at
            row_total, column_total = sum(self._counts[place]), self._column_sum(place)
            self._write(layout.left - gap, y, short[place], "e")
            if layout.turned:
                self._write(x, layout.top - gap, short[place], "w", angle=90)
            else:
                self._write(x, layout.top - gap, short[place], "s")
            self._write(layout.right + gap, y, str(row_total), "w")
            room = layout.cell * layout.name_step - 2
            self._write_number(x, layout.bottom + 1, column_total, room, anchor="n")

    def _write(self, x: float, y: float, text: str, anchor: str, *, angle: int = 0) -> None:
        self.create_text(
            x, y, text=text, anchor=anchor, angle=angle,  # type: ignore[call-overload]
            fill=theme.palette().muted, font=theme.font("small"),
        )  # fmt: skip

    def _write_counts(self, layout: MatrixLayout, font: tk_font.Font) -> None:
        if font.metrics("ascent") > layout.cell:
            return
        for row, numbers in enumerate(self._counts):
            for column, number in enumerate(numbers):
                if number:
                    x, y = layout.left + layout.middle(column), layout.top + layout.middle(row)
                    self._write_number(x, y, number, layout.cell - 2, anchor="center")

    def _write_number(
        self, x: float, y: float, number: int, room: int, *, anchor: Literal["center", "n"]
    ) -> None:
        """Write a number as large as there is room for, or not at all."""
        colors, text = theme.palette(), str(number)
        fill = colors.text if anchor == "center" else colors.muted
        for name in ("small", "tiny"):
            if tk_font.nametofont(theme.font(name), root=self).measure(text) <= room:
                self.create_text(x, y, text=text, fill=fill, font=theme.font(name), anchor=anchor)
                return

    def _column_sum(self, column: int) -> int:
        return sum(row[column] for row in self._counts)

    # -- what is chosen and pointed at

    def _show_frame(self) -> None:
        row, column = self._chosen
        box: tuple[float, float, float, float] | None = None
        if self._layout is not None and (row in self._names or column in self._names):
            names, last = self._names, self._layout.count - 1
            first = self._layout.box(names.index(row) if row in names else 0,
                                     names.index(column) if column in names else 0)  # fmt: skip
            end = self._layout.box(names.index(row) if row in names else last,
                                   names.index(column) if column in names else last)  # fmt: skip
            box = (first[0], first[1], end[2], end[3])
        self._put("frame", box)

    def _show_cursor(self) -> None:
        has_focus = self.focus_get() is self
        box = self._layout.box(*self._cursor) if self._layout is not None and has_focus else None
        self._put("cursor", box)
        if box is not None:
            self._on_point(self.words_of(*self._cursor))

    def _put(self, tag: str, box: tuple[float, float, float, float] | None) -> None:
        self.itemconfigure(tag, state="hidden" if box is None else "normal")
        if box is not None:
            self.coords(tag, *box)

    def words_of(self, row: int, column: int) -> Sentence:
        """What a cell says, or the name of a row or column at -1."""
        if column < 0:
            numbers = self._counts[row]
            return _("{rows} {row}: {n}, of them {share} read right").format(
                rows=self._words.rows, row=self._names[row], n=whole(sum(numbers)),
                share=percent(numbers[row] / sum(numbers) if sum(numbers) else None),
            )  # fmt: skip
        if row < 0:
            total = self._column_sum(column)
            return _("{columns} {column}: {n}, of them {share} right").format(
                columns=self._words.columns, column=self._names[column], n=whole(total),
                share=percent(self._counts[column][column] / total if total else None),
            )  # fmt: skip
        count = plural("{n} picture", "{n} pictures", self._counts[row][column])
        return _("{rows} {row}, {columns} {column}: {count}").format(
            rows=self._words.rows, row=self._names[row],
            columns=self._words.columns, column=self._names[column], count=count,
        )  # fmt: skip

    def _on_motion(self, event: tk.Event[tk.Misc]) -> None:
        at = self._layout.at(event.x, event.y) if self._layout is not None else None
        self._on_point(self.words_of(*at) if at is not None else "")

    def _on_click(self, event: tk.Event[tk.Misc]) -> None:
        self.focus_set()
        at = self._layout.at(event.x, event.y) if self._layout is not None else None
        if at is None:
            self._on_choose(None, None)
        else:
            self._cursor = at
            self._choose(*at)

    def _choose(self, row: int, column: int) -> None:
        """Choose what is at a place; what is chosen already is let go."""
        if not self._names:
            return
        names = (
            self._names[row] if row >= 0 else None, self._names[column] if column >= 0 else None
        )  # fmt: skip
        self._show_cursor()
        self._on_choose(*((None, None) if names == self._chosen else names))

    def _move(self, down: int, right: int) -> str:
        last = len(self._names) - 1
        row = min(max(self._cursor[0] + down, -1), last)
        column = min(max(self._cursor[1] + right, -1), last)
        if (row, column) != (-1, -1):
            self._cursor = (row, column)
        self._show_cursor()
        return "break"


class _Shades:
    """Of errors by their logarithm, so that one beside a hundred is seen; the diagonal is calm."""

    def __init__(self, counts: Matrix, color: str) -> None:
        colors = theme.palette()
        errors = (n for i, row in enumerate(counts) for j, n in enumerate(row) if i != j)
        self._most = math.log1p(max(1, max(errors, default=0)))
        self._sums = [max(1, sum(row)) for row in counts]
        steps = [k / _SHADES for k in range(_SHADES + 1)]
        self._none = _rgb(colors.track)
        self._right = [_rgb(mixed(colors.track, colors.agreed, k)) for k in steps]
        reach = _MOST_SHADE - _LEAST_SHADE
        self._wrong = [_rgb(mixed(colors.track, color, _LEAST_SHADE + reach * k)) for k in steps]

    def of(self, row: int, column: int, number: int) -> bytes:
        """Red, green and blue of a cell."""
        if row == column:
            return self._right[round(_SHADES * number / self._sums[row])]
        return (
            self._wrong[round(_SHADES * math.log1p(number) / self._most)] if number else self._none
        )


def _rgb(color: str) -> bytes:
    return bytes.fromhex(color[1:])
