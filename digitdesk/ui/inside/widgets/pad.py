"""A page one writes numbers on from top to bottom: lines, matrices side by side, small pictures.

It scrolls where it is longer than there is room, and keeps its place while the numbers change.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tkinter import font as tk_font
from typing import Literal, Protocol

from digitdesk.ui.charts.photos import ZoomedPhoto
from digitdesk.ui.charts.signed_colors import color_of, level_of, text_color_of
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.inside.words import short_number
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.widgets import AutoScrollbar, canvas_text, set_shown

_LEAST = (240, 160)
Look = Literal["text", "muted", "strong", "figures", "code"]
_FONTS = {"text": "body", "muted": "small", "strong": "heading", "figures": "figures"}


class Block(Protocol):
    """Something on a pad that has a size and a place."""

    def size(self, pad: Pad) -> tuple[int, int]:
        """Width and height in screen pixels."""

    def draw(self, pad: Pad, x: int, y: int) -> None:
        """Draw it with its left upper corner at a point."""


class Pad(theme.Frame):
    """A scrolling canvas with a hand that writes on.

    Args:
        parent: The widget to sit in.
        write: Writes everything anew; called when the width, the theme or the size changes.

    Attributes:
        canvas: What is written on.
        photos: For pictures: kept until the pad is written anew.
    """

    def __init__(self, parent: tk.Misc, write: Callable[[], None]) -> None:
        super().__init__(parent)
        self._write = write
        self._y = self._wide = 0
        self._width = 0
        self.photos: list[ZoomedPhoto] = []
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.canvas = theme.Canvas(
            self, width=px(self, _LEAST[0]), height=px(self, _LEAST[1]),
            highlightthickness=0, borderwidth=0, takefocus=True,
        )  # fmt: skip
        self.canvas.grid(row=0, column=0, sticky="nsew")
        self._bar = AutoScrollbar(self, orient="vertical", command=self.canvas.yview)
        self.columnconfigure(1, minsize=px(self, 1.5 * GAP))
        # Lines of a program are not broken: one scrolls to their ends.
        self._side = theme.Scrollbar(self, orient="horizontal", command=self.canvas.xview)
        self._side.grid(row=1, column=0, sticky="ew")
        self._side.grid_remove()
        self.canvas.configure(yscrollcommand=self._bar.set, xscrollcommand=self._side.set)
        self._again = Timer(self, None, write)
        self.canvas.bind("<Configure>", lambda event: self._on_size(event.width))
        self.bind("<<ThemeChanged>>", lambda _event: self._again.ask())
        theme.follow_size(self, self._again.ask)
        follow_language(self, self._again.ask)
        for turn, step in (("Button-4", -1), ("Button-5", 1), ("MouseWheel", 0)):
            self.canvas.bind(f"<{turn}>", lambda event, step=step: self._on_wheel(event, step))  # type: ignore[misc]

        for key, amount in (("Left", -2), ("Right", 2)):
            self.canvas.bind(
                f"<{key}>",
                lambda _event, n=amount: self.canvas.xview_scroll(n, "units"),  # type: ignore[misc]
            )
        for key, amount, what in (
            ("Up", -2, "units"), ("Down", 2, "units"), ("Prior", -1, "pages"), ("Next", 1, "pages"),
        ):  # fmt: skip
            self.canvas.bind(
                f"<{key}>",
                lambda _event, n=amount, what=what: self._scroll(n, what),  # type: ignore[misc]
            )

    # -- writing

    def begin(self) -> None:
        """Take everything away."""
        self.canvas.configure(background=theme.palette().background)
        self.canvas.delete("all")
        self.photos = []
        self._y = self._wide = 0

    def end(self) -> None:
        """Let be scrolled what does not fit."""
        whole = (0, 0, max(1, self.width, self._wide), max(1, self._y))
        set_shown(self._side, self._wide > self.width)
        if self.canvas.yview() != (0.0, 1.0) and self._y <= self.canvas.winfo_height():
            self.canvas.yview_moveto(0.0)
        self.canvas.configure(scrollregion=whole)

    @property
    def width(self) -> int:
        """How wide it is, in screen pixels."""
        return self.canvas.winfo_width()

    @property
    def y(self) -> int:
        """Where the next line begins."""
        return self._y

    def line(self, text: str, look: Look = "text", *, tag: str = "", indent: float = 0) -> None:
        """Write a line, which goes on in the next one where it is too long.

        Args:
            text: What is written.
            look: How.
            tag: By which ``said`` finds it.
            indent: In logical pixels.
        """
        colors, left = theme.palette(), int(px(self, indent))
        font = "TkFixedFont" if look == "code" else theme.font(_FONTS[look])
        item = self.canvas.create_text(
            left, self._y, anchor="nw", text=text, font=font, tags=tag or "line",
            width=max(1, self.width - left) if look != "code" else 0,
            fill=colors.muted if look == "muted" else colors.text,
        )  # fmt: skip
        _left, _top, right, bottom = self.canvas.bbox(item)
        self._y = bottom + 1
        if look == "code":
            self._wide = max(self._wide, right)

    def gap(self, logical: float = GAP) -> None:
        """Leave some room."""
        self._y += int(px(self, logical))

    def row(self, blocks: Sequence[Block]) -> None:
        """Put blocks beside each other, in further rows where there is no room."""
        apart, x, high = int(px(self, GAP)), 0, 0
        for block in blocks:
            wide, tall = block.size(self)
            if x and x + wide > self.width:
                x, self._y, high = 0, self._y + high + apart, 0
            block.draw(self, x, self._y)
            x, high = x + wide + apart, max(high, tall)
        self._y += high

    def take(self, height: int) -> int:
        """Where something begins that is drawn by hand, so many screen pixels high."""
        top = self._y
        self._y += height
        return top

    def photo(self) -> ZoomedPhoto:
        """A photo that lives until the pad is written anew."""
        made = ZoomedPhoto(self.canvas)
        self.photos.append(made)
        return made

    def said(self, tag: str) -> str:
        """What stands in the line, or cell, with a tag; empty where there is none."""
        items = self.canvas.find_withtag(tag)
        return canvas_text(self.canvas, items[0]) if items else ""

    def font(self, name: str) -> tk_font.Font:
        """One of the window's fonts, to measure with."""
        return tk_font.nametofont(theme.font(name), root=self)

    # -- reactions

    def _on_size(self, width: int) -> None:
        if width != self._width:
            self._width = width
            self._again.ask()

    def _scroll(self, amount: int, what: Literal["units", "pages"]) -> str:
        if self.canvas.yview() != (0.0, 1.0):
            self.canvas.yview_scroll(amount, what)
        return "break"

    def _on_wheel(self, event: tk.Event[tk.Misc], step: int) -> str | None:
        if self.canvas.yview() == (0.0, 1.0):
            return None  # the window may scroll instead
        self.canvas.yview_scroll(2 * (step or (-1 if event.delta > 0 else 1)), "units")
        return "break"


@dataclass(frozen=True, slots=True)
class Words:
    """A few words, or a sign, as high as a matrix of so many rows."""

    text: str
    rows: int = 1
    tag: str = ""

    def size(self, pad: Pad) -> tuple[int, int]:
        """Width and height in screen pixels."""
        return pad.font("figures").measure(self.text), (self.rows + 1) * _cell_size(pad)[1]

    def draw(self, pad: Pad, x: int, y: int) -> None:
        """Write them at the height of the matrix's middle."""
        _wide, high = _cell_size(pad)
        pad.canvas.create_text(
            x, y + high + self.rows * high / 2, anchor="w", text=self.text,
            fill=theme.palette().text, font=theme.font("figures"), tags=self.tag or "line",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matrix:
    """Numbers in colored cells, with a title above.

    Attributes:
        rows: The numbers.
        title: What they are.
        limit: The largest magnitude of the scale they are colored by.
        mark: Row and column of a cell that is framed.
        tag: By which ``Pad.said`` finds the cell in a row and column: ``tag-row-column``.
    """

    rows: Sequence[Sequence[float]]
    title: str
    limit: float
    mark: tuple[int, int] | None = None
    tag: str = ""

    def size(self, pad: Pad) -> tuple[int, int]:
        """Width and height in screen pixels."""
        wide, high = _cell_size(pad)
        title = pad.font("small").measure(self.title)
        return max(title, len(self.rows[0]) * wide), (len(self.rows) + 1) * high

    def draw(self, pad: Pad, x: int, y: int) -> None:
        """Draw it."""
        canvas, colors = pad.canvas, theme.palette()
        wide, high = _cell_size(pad)
        canvas.create_text(x, y, anchor="nw", text=self.title, fill=colors.muted,
                           font=theme.font("small"))  # fmt: skip
        for i, row in enumerate(self.rows):
            for j, value in enumerate(row):
                level = level_of(value, self.limit)
                left, top = x + j * wide, y + (i + 1) * high
                canvas.create_rectangle(left, top, left + wide - 1, top + high - 1, width=0,
                                        fill=color_of(level))  # fmt: skip
                canvas.create_text(
                    left + wide / 2, top + high / 2, text=short_number(value),
                    fill=text_color_of(level), font=theme.font("small"),
                    tags=f"{self.tag}-{i}-{j}" if self.tag else "cell",
                )  # fmt: skip
        if self.mark is not None:
            i, j = self.mark
            left, top = x + j * wide, y + (i + 1) * high
            canvas.create_rectangle(left, top, left + wide - 1, top + high - 1, width=2,
                                    outline=colors.text)  # fmt: skip


def _cell_size(pad: Pad) -> tuple[int, int]:
    """Of a cell with a number, in screen pixels."""
    font = pad.font("small")
    return font.measure("−0.00") + int(px(pad, 3)), font.metrics("linespace") + int(px(pad, 4))
