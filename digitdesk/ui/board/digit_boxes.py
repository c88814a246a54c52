"""Boxes around the digits on the board, each with what was read in it and how sure that is.

Items are made once and moved, as many as the longest number needed.
"""

from __future__ import annotations

import itertools
import math
import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font as tk_font
from typing import Any, Literal

from digitdesk.messages.boxes import Box
from digitdesk.messages.prediction import NumberReading
from digitdesk.ui.i18n.text import percent
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import canvas_text

_NAME, _VALUE = "title", "small"
_DASH = (4, 3)
#: Width of a box's line, in logical pixels.
_LINE = 1.5


@dataclass(frozen=True, slots=True)
class _Mark:
    """Canvas items of one digit; the grounds keep its words legible on ink."""

    box: int
    name_ground: int
    name: int
    value_ground: int
    value: int

    @property
    def items(self) -> tuple[int, ...]:
        return (self.box, self.name_ground, self.name, self.value_ground, self.value)


class DigitBoxes:
    """Draws on a board's canvas: the digits above their boxes, the confidences below.

    Args:
        canvas: The board.
        to_screen: Turns a box of a reading into one of the canvas, in screen pixels.
    """

    def __init__(self, canvas: tk.Canvas, to_screen: Callable[[Box], Box]) -> None:
        self._canvas = canvas
        self._to_screen = to_screen
        self._marks: list[_Mark] = []
        self._count = 0
        self._reading: NumberReading | None = None
        theme.follow_size(canvas, lambda: self.show(self._reading))

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Digit and confidence of each box that is shown; no confidence where there is no room."""
        return [
            (
                canvas_text(self._canvas, mark.name),
                canvas_text(self._canvas, mark.value) if self._is_shown(mark.value) else "",
            )
            for mark in self._marks[: self._count]
        ]

    @property
    def places(self) -> list[list[float]]:
        """The boxes that are shown, in screen pixels."""
        return [self._canvas.coords(mark.box) for mark in self._marks[: self._count]]

    def show(self, reading: NumberReading | None) -> None:
        """Show a reading's digits; none for ``None``."""
        self._reading = reading
        digits = reading.digits if reading is not None else ()
        while len(self._marks) < len(digits):
            self._marks.append(self._make())
        for mark in self._marks[len(digits) : self._count]:
            self._set_state(mark.items, "hidden")
        self._count = len(digits)
        if reading is None or not digits:
            return
        margin = px(self._canvas, GAP / 2)
        boxes = [_grown(self._to_screen(box), margin) for box in reading.boxes]
        colors = theme.palette()
        for mark, digit, box in zip(self._marks, digits, boxes, strict=False):
            color = colors.ink_doubt if digit.reason else colors.ink_mark
            dash = _DASH if digit.reason else ()
            self._canvas.coords(mark.box, *box)
            line = px(self._canvas, _LINE)
            self._canvas.itemconfigure(mark.box, outline=color, dash=dash, width=line)
            self._canvas.itemconfigure(mark.name, text=digit.label, fill=color)
            self._canvas.itemconfigure(mark.value, text=percent(digit.confidence, 0), fill=color)
            self._set_state(mark.items, "normal")
        for row, next_row in itertools.pairwise((*reading.rows, None)):
            assert row is not None
            below = boxes[next_row] if next_row is not None else []
            self._place_words(self._marks[: self._count][row], boxes[row], below)

    def _place_words(
        self, marks: Sequence[_Mark], boxes: Sequence[Box], next_boxes: Sequence[Box]
    ) -> None:
        """Put the digits of a row onto one line above the boxes, and the confidences below them.

        Where the ink leaves no room, the lines stay on the board and lie on the ink. Confidences
        of narrow digits go down by a line in turn, or are left out.
        """
        name_line, value_line = (self._font(name).metrics("linespace") for name in (_NAME, _VALUE))
        gap, room = px(self._canvas, 2), px(self._canvas, GAP / 2)
        above = max(0.0, min(box[1] for box in boxes) - name_line - gap)
        lowest = self._canvas.winfo_height() - 2 * value_line - gap
        below = min(max(box[3] for box in boxes) + gap, lowest)
        # The digits of the next row come first: below a row, there are as many lines as fit.
        next_top = min((box[1] - name_line - gap for box in next_boxes), default=math.inf)
        lines = sum(below + (k + 1) * value_line <= next_top for k in range(2))
        ends = [-math.inf] * lines
        for mark, box in zip(marks, boxes, strict=True):
            middle = (box[0] + box[2]) / 2
            self._put(mark.name, mark.name_ground, self._span(mark.name, _NAME, middle)[0], above)
            left, right = self._span(mark.value, _VALUE, middle)
            line = next((k for k, end in enumerate(ends) if left > end), None)
            if line is None:
                self._set_state((mark.value, mark.value_ground), "hidden")
            else:
                self._put(mark.value, mark.value_ground, left, below + line * value_line)
                ends[line] = right + room

    def _span(self, words: int, font: str, middle: float) -> tuple[float, float]:
        """Where words begin and end, as near to a middle as the board's edges allow."""
        width = self._font(font).measure(canvas_text(self._canvas, words))
        left = max(0.0, min(middle - width / 2, self._canvas.winfo_width() - width))
        return left, left + width

    def _put(self, words: int, ground: int, left: float, top: float) -> None:
        self._canvas.coords(words, left, top)
        self._canvas.coords(ground, *self._canvas.bbox(words))

    def _make(self) -> _Mark:
        canvas, colors = self._canvas, theme.palette()

        def ground() -> int:
            return canvas.create_rectangle(0, 0, 0, 0, width=0, fill=colors.ink_ground)

        def words(name: str) -> int:
            return canvas.create_text(0, 0, anchor="nw", font=theme.font(name))

        box = canvas.create_rectangle(0, 0, 0, 0)
        return _Mark(box, ground(), words(_NAME), ground(), words(_VALUE))

    def _font(self, name: str) -> tk_font.Font:
        return tk_font.nametofont(theme.font(name), root=self._canvas)

    def _is_shown(self, item: int) -> bool:
        get: Any = self._canvas.itemcget
        return str(get(item, "state")) != "hidden"

    def _set_state(self, items: Sequence[int], state: Literal["normal", "hidden"]) -> None:
        for item in items:
            self._canvas.itemconfigure(item, state=state)
            if state == "normal":
                self._canvas.tag_raise(item)


def _grown(box: Box, margin: float) -> Box:
    left, top, right, bottom = box
    return left - margin, top - margin, right + margin, bottom + margin
