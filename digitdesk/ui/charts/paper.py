"""A page of paper with a drawing, as large as it can be, and below it what was read.

Ink is black on white, whatever it was on the screen; letters and bars are not made of pixels.
"""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from digitdesk.files.atomic import make_folder, write_atomically
from digitdesk.messages.picture import Picture
from digitdesk.ui.charts.fonts import text_families
from digitdesk.ui.i18n.text import percent
from digitdesk.ui.toolkit.colors import TRAIN

_new_canvas: Any = FigureCanvasPdf

#: Width and height of the paper, in inches, and the margin.
A4, LETTER = (8.27, 11.69), (8.5, 11.0)
_MARGIN = 0.8
#: In these countries paper is Letter.
_LETTER_LANDS = ("US", "CA", "MX", "PH", "CL", "CO", "VE", "GT", "CR", "PA")
#: Below the drawing there is at least so much room, for answer and bars, and for the last line.
_LEAST_BELOW, _FOOT = 2.6, 0.35
_MOST_ROW = 0.25
_POINTS = 72
_TEXT, _MUTED, _TRACK = "#1f2328", "#636c76", "#e6e8eb"
#: A drawing that is wider than this lies on the page's long side.
_WIDE = 1.4


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on the page.

    Attributes:
        drawing: On a dark or a bright ground.
        answer: In large; empty where there is none.
        lines: More of it, in small.
        bars: Names with their probabilities, 0 … 1.
        foot: The last line.
    """

    drawing: Picture
    answer: str
    lines: tuple[str, ...]
    bars: tuple[tuple[str, float], ...]
    foot: str


def paper_size() -> tuple[float, float]:
    """Width and height of the country's paper, in inches."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_PAPER", "LANG"))
    country = next(filter(None, names), "").partition(".")[0].rpartition("_")[2]
    return LETTER if country in _LETTER_LANDS else A4


def write_page(page: Page, path: Path) -> None:
    """Write a page as PDF.

    Raises:
        SaveError: The file cannot be written.
    """
    width, height = paper_size()
    if page.drawing.width > _WIDE * page.drawing.height:
        width, height = height, width
    figure = Figure(figsize=(width, height))
    _new_canvas(figure)
    _Paper(figure, width, height).draw(page)
    make_folder(path.parent)
    with matplotlib.rc_context({"pdf.fonttype": 42}):
        write_atomically(path, lambda stream: figure.savefig(stream, format="pdf"))


class _Paper:
    """A figure that is drawn on in inches, from the upper left corner."""

    def __init__(self, figure: Figure, width: float, height: float) -> None:
        self._figure = figure
        self._width = width
        self._height = height
        self._families = text_families()

    def draw(self, page: Page) -> None:
        bottom = self._draw_picture(page.drawing) + 0.3
        end = self._height - _MARGIN - _FOOT
        middle = self._width * (0.42 if page.bars else 1.0)
        y = bottom
        if page.answer:
            size = min(64.0, _POINTS * (middle - _MARGIN) / (0.7 * len(page.answer)))
            y += size / _POINTS
            self._write(_MARGIN, y - 0.08, page.answer, size)
        for line in page.lines:
            for part in _wrapped(line, middle - _MARGIN - 0.2, 12):
                y += 0.26
                self._write(_MARGIN, y, part, 12, _TEXT if page.answer else _MUTED)
        if page.bars:
            self._draw_bars(page.bars, middle, bottom, end)
        self._write(_MARGIN, self._height - _MARGIN, page.foot, 9, _MUTED)

    def _draw_picture(self, drawing: Picture) -> float:
        """The picture in a frame, at the top; returns where it ends."""
        room = self._width - 2 * _MARGIN, self._height - 2 * _MARGIN - _LEAST_BELOW - _FOOT
        scale = min(room[0] / drawing.width, room[1] / drawing.height)
        width, height = drawing.width * scale, drawing.height * scale
        left, bottom = (self._width - width) / 2, _MARGIN + height
        axes = self._figure.add_axes(
            (left / self._width, 1 - bottom / self._height, width / self._width,
             height / self._height)
        )  # fmt: skip
        greys = memoryview(_on_paper(drawing).pixels).cast("B", (drawing.height, drawing.width))
        axes.imshow(greys, cmap="gray", vmin=0, vmax=255, interpolation="none")
        axes.set(xticks=[], yticks=[])
        for side in axes.spines.values():
            side.set(color=_TRACK, linewidth=1.0)
        return bottom

    def _draw_bars(
        self, bars: tuple[tuple[str, float], ...], left: float, top: float, end: float
    ) -> None:
        """A row for each, as many as have room, from the top down."""
        row = min(_MOST_ROW, max(0.12, (end - top) / len(bars)))
        size = min(10.0, 0.6 * row * _POINTS)
        right = self._width - _MARGIN
        begin = left + 0.35 + 0.09 * max(len(name) for name, _share in bars)
        full = right - 0.75 - begin
        for place, (name, share) in enumerate(bars[: int((end - top) / row + 1e-6)]):
            middle = top + (place + 0.5) * row
            self._write(begin - 0.12, middle + size / _POINTS / 3, name, size, align="right")
            self._bar(begin, middle, full, 0.5 * row, _TRACK)
            self._bar(begin, middle, full * share, 0.5 * row, TRAIN[0])
            text = percent(share)
            self._write(right, middle + size / _POINTS / 3, text, size, align="right")

    def _bar(self, left: float, middle: float, width: float, height: float, color: str) -> None:
        corner = (left / self._width, 1 - (middle + height / 2) / self._height)
        size = (width / self._width, height / self._height)
        bar = Rectangle(
            corner, *size, facecolor=color, linewidth=0, transform=self._figure.transFigure
        )
        self._figure.add_artist(bar)

    def _write(
        self, x: float, y: float, text: str, size: float, color: str = _TEXT, align: str = "left"
    ) -> None:
        self._figure.text(
            x / self._width, 1 - y / self._height, text, fontsize=size, color=color,
            fontfamily=self._families, ha=align, va="baseline", parse_math=False,
        )  # fmt: skip


def _on_paper(drawing: Picture) -> Picture:
    """A drawing on a bright ground: what is drawn on a dark one is turned into its negative."""
    if sum(drawing.pixels) >= 128 * len(drawing.pixels):
        return drawing
    negative = drawing.pixels.translate(bytes(range(255, -1, -1)))
    return dataclasses.replace(drawing, pixels=negative)


def _wrapped(line: str, width: float, size: float) -> list[str]:
    """A line in as many as it needs, broken between words, and anywhere between Chinese signs."""
    most = width * _POINTS / size
    parts = [""]
    for word in line.split(" "):
        pieces = [word] if _length(word) <= most else list(word)
        for piece in pieces:
            joined = parts[-1] + (" " if parts[-1] and piece == word else "") + piece
            if parts[-1] and _length(joined) > most:
                parts.append(piece)
            else:
                parts[-1] = joined
    return parts


def _length(text: str) -> float:
    """How long a text is, about, in heights of its letters."""
    return sum(0.56 if ord(letter) < 0x2E80 else 1.0 for letter in text)
