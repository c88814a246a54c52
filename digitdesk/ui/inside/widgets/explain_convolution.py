"""A convolution's number on a pad: patch times kernel, and the same as row times column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digitdesk.messages.grid import Grid
from digitdesk.messages.inside.explanation import ConvolutionParts
from digitdesk.ui.charts.signed_colors import color_of, colored, level_of
from digitdesk.ui.i18n.text import _, whole
from digitdesk.ui.inside.widgets.pad import Matrix, Pad, Words
from digitdesk.ui.inside.words import number
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

_BAR_HEIGHT = 44
#: Sides of the matrices of im2col on the screen, in logical pixels.
_SHORT, _LONG = 64, 104
_THICK = 8


def largest_channel(parts: ConvolutionParts) -> int:
    """The channel that counts most for the number."""
    sums = parts.sums_by_channel
    return max(range(len(sums)), key=lambda channel: abs(sums[channel]))


def write_convolution(pad: Pad, parts: ConvolutionParts, channel: int) -> None:
    """Write how a number of a convolution came about, one channel of it cell by cell."""
    count = len(parts.sums_by_channel)
    patch, kernel, products = (
        rows_of(grid, channel) for grid in (parts.patch, parts.kernel, parts.products)
    )
    high = len(patch)
    pad.row(
        (
            Matrix(patch, _("patch"), _limit(patch), tag="patch"),
            Words("×", high),
            Matrix(kernel, _("kernel"), _limit(kernel), tag="kernel"),
            Words("=", high),
            Matrix(products, _("products"), _limit(products), tag="product"),
        )
    )
    pad.gap(GAP / 2)
    if count > 1:
        said = _("sum of channel {c}, one of {n}: {sum}")
        of_it = number(parts.sums_by_channel[channel])
        pad.line(said.format(c=channel, n=count, sum=of_it), "figures", tag="channel-sum")
        _draw_sums(pad, parts.sums_by_channel, channel)
    pad.line(_("sum of all products: {n}").format(n=number(parts.total)), "figures", tag="sum")
    pad.line(_("+ bias: {n}").format(n=number(parts.bias)), "figures", tag="bias")
    pad.line(_("= result: {n}").format(n=number(parts.result)), "figures", tag="result")
    pad.gap()
    _draw_matrices(pad, parts)


def rows_of(grid: Grid, channel: int) -> list[list[float]]:
    """One channel of a (C, K, K) grid as rows."""
    view, (_channels, high, wide) = grid.view, grid.shape
    return [[float(view[channel, i, j]) for j in range(wide)] for i in range(high)]


def _limit(rows: Sequence[Sequence[float]]) -> float:
    return max((abs(value) for row in rows for value in row), default=0.0) or 1.0


def _draw_sums(pad: Pad, sums: Sequence[float], chosen: int) -> None:
    """A bar for the sum of each channel; that of the chosen one has a mark below."""
    colors, canvas = theme.palette(), pad.canvas
    high, edge = int(px(pad, _BAR_HEIGHT)), int(px(pad, GAP / 2))
    top = pad.take(high + 2 * edge) + edge
    limit = max(map(abs, sums)) or 1.0
    step = min(px(pad, 14), (pad.width - 2) / len(sums))
    middle = top + high / 2
    canvas.create_line(0, middle, step * len(sums), middle, fill=colors.border)
    for place, value in enumerate(sums):
        left, right = place * step, (place + 1) * step - (step > 3)
        end = middle - value / limit * high / 2
        strong = color_of(255 if value > 0 else 1)
        canvas.create_rectangle(left, min(middle, end), right, max(middle, end), width=0,
                                fill=strong, tags=f"channel-{place}")  # fmt: skip
        # What is pressed is as high as the row: a short bar could not be hit.
        canvas.create_rectangle(left, top, right, top + high, width=0, fill="",
                                tags=("channels", f"pick-{place}"))  # fmt: skip
    at = (chosen + 0.5) * step
    canvas.create_polygon(
        at, top + high, at - edge, top + high + edge, at + edge, top + high + edge,
        fill=colors.text,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Framed:
    """A matrix as an empty frame of so many screen pixels, with its shape written below."""

    name: str
    rows: int
    columns: int
    width: int
    height: int

    def size(self, pad: Pad) -> tuple[int, int]:
        """Width and height in screen pixels."""
        font = pad.font("small")
        words = max(font.measure(self.name), font.measure(self._shape))
        return max(words, self.width), self.height + 2 * font.metrics("linespace")

    @property
    def _shape(self) -> str:
        return f"{whole(self.rows)} × {whole(self.columns)}"

    def draw(self, pad: Pad, x: int, y: int) -> None:
        """Draw it; its inside begins a line below ``y``."""
        colors, line = theme.palette(), pad.font("small").metrics("linespace")
        pad.canvas.create_text(x, y, anchor="nw", text=self.name, fill=colors.muted,
                               font=theme.font("small"))  # fmt: skip
        pad.canvas.create_rectangle(x, y + line, x + self.width, y + line + self.height,
                                    outline=colors.border)  # fmt: skip
        pad.canvas.create_text(x, y + line + self.height + 1, anchor="nw", text=self._shape,
                               fill=colors.muted, font=theme.font("small"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _WithRow(_Framed):
    """One row of it, colored; its number is written at the right."""

    row: int = 0
    levels: bytes = b""

    def draw(self, pad: Pad, x: int, y: int) -> None:
        """Draw it."""
        _Framed.draw(self, pad, x, y)
        thick, line = int(px(pad, _THICK)), pad.font("small").metrics("linespace")
        at = y + line + round((self.height - thick) * self.row / max(1, self.rows - 1))
        stretched = _stretched(self.levels, self.width - 1)
        photo = pad.photo()
        photo.show_bytes(colored(stretched * thick, self.width - 1, thick), 1)
        pad.canvas.create_image(x + 1, at + 1, anchor="nw", image=photo.image)


@dataclass(frozen=True, slots=True)
class _WithColumn(_Framed):
    """One column of it, colored."""

    column: int = 0
    levels: bytes = b""

    def draw(self, pad: Pad, x: int, y: int) -> None:
        """Draw it."""
        _Framed.draw(self, pad, x, y)
        thick, line = int(px(pad, _THICK)), pad.font("small").metrics("linespace")
        at = x + round((self.width - thick) * self.column / max(1, self.columns - 1))
        stretched = _stretched(self.levels, self.height - 1)
        wide = b"".join(bytes([level]) * thick for level in stretched)
        photo = pad.photo()
        photo.show_bytes(colored(wide, thick, self.height - 1), 1)
        pad.canvas.create_image(at + 1, y + line + 1, anchor="nw", image=photo.image)


@dataclass(frozen=True, slots=True)
class _WithCell(_Framed):
    """One number of it."""

    row: int = 0
    column: int = 0
    value: float = 0.0

    def draw(self, pad: Pad, x: int, y: int) -> None:
        """Draw it."""
        _Framed.draw(self, pad, x, y)
        side, line = int(px(pad, _THICK)), pad.font("small").metrics("linespace")
        left = x + round((self.width - side) * self.column / max(1, self.columns - 1))
        top = y + line + round((self.height - side) * self.row / max(1, self.rows - 1))
        pad.canvas.create_rectangle(
            left, top, left + side, top + side, width=2, outline=theme.palette().text,
            fill=color_of(level_of(self.value, abs(self.value) or 1.0)),
        )  # fmt: skip


def _draw_matrices(pad: Pad, parts: ConvolutionParts) -> None:
    """The same sum as one cell of a product of two matrices."""
    said = _("The same as matrices: row {row} of the kernels times column {column} of the patches "
             "(im2col).")  # fmt: skip
    pad.line(said.format(row=parts.kernel_row, column=parts.column), "muted", tag="im2col")
    short, long = int(px(pad, _SHORT)), int(px(pad, _LONG))
    kernel, patch = _levels_of(parts.kernel), _levels_of(parts.patch)
    length, rows, columns = parts.row_length, parts.rows, parts.columns
    pad.row(
        (
            _WithRow(_("kernels"), rows, length, long, short, parts.kernel_row, kernel),
            Words("×", 2),
            _WithColumn(_("patches"), length, columns, short, long, parts.column, patch),
            Words("=", 2),
            _WithCell(_("output"), rows, columns, short, short, parts.kernel_row, parts.column,
                      parts.total),
        )
    )  # fmt: skip


def _levels_of(grid: Grid) -> bytes:
    """The levels of all numbers of a grid, in their order."""
    values = memoryview(grid.values).cast("f")
    limit = max(map(abs, values), default=0.0) or 1.0
    return bytes(level_of(value, limit) for value in values)


def _stretched(levels: bytes, length: int) -> bytes:
    """As many levels as there are pixels."""
    count = max(1, len(levels))
    return bytes(levels[count * place // length] for place in range(length)) if levels else b""
