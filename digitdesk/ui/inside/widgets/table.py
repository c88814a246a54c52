"""Columns of numbers on a pad, and a bar beside each row."""

from __future__ import annotations

from collections.abc import Sequence

from digitdesk.ui.charts.signed_colors import color_of
from digitdesk.ui.i18n.text import _, whole
from digitdesk.ui.inside.widgets.pad import Pad
from digitdesk.ui.inside.words import number
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

#: Of a bar, in logical pixels; where there is less room than the second, there are none.
_WIDEST, _NARROWEST = 112, 32


def write_table(
    pad: Pad,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    strong: int = -1,
    bars: Sequence[float] = (),
) -> None:
    """Write columns of numbers, flush right, the first one flush left.

    Args:
        pad: What to write on.
        heads: Of the columns.
        rows: As many cells in each as there are columns.
        strong: The row that is written bold.
        bars: A number for each row, as a bar at its right.
    """
    small, figures = pad.font("small"), pad.font("figures")
    widths = [
        max(small.measure(head), *(figures.measure(row[k]) for row in rows), 1)
        for k, head in enumerate(heads)
    ]
    top, gap = pad.y, int(px(pad, 1.5 * GAP))
    for place, row in enumerate((heads, *rows)):
        look = "small" if not place else "heading" if place - 1 == strong else "figures"
        _write_row(pad, row, widths, gap, look, place - 1)
    _draw_bars(pad, bars, sum(widths) + len(widths) * gap, top)


def write_rest(pad: Pad, count: int, total: float) -> None:
    """The products that are too small to stand in the table, where there are any."""
    if count:
        said = _("{n} smaller products: {sum}")
        pad.line(said.format(n=whole(count), sum=number(total)), "figures")


def _write_row(
    pad: Pad, row: Sequence[str], widths: Sequence[int], gap: int, look: str, place: int
) -> None:
    colors, top, x = theme.palette(), pad.take(_line(pad)), 0
    for k, cell in enumerate(row):
        x += widths[k]
        pad.canvas.create_text(
            x if k else 0, top, anchor="ne" if k else "nw", text=cell, font=theme.font(look),
            fill=colors.muted if place < 0 else colors.text,
            tags="head" if place < 0 else f"cell-{place}-{k}",
        )  # fmt: skip
        x += gap


def _line(pad: Pad) -> int:
    return pad.font("figures").metrics("linespace") + 2


def _draw_bars(pad: Pad, values: Sequence[float], left: int, top: int) -> None:
    """Bars from the middle where some are below zero, else from the left."""
    room = min(int(px(pad, _WIDEST)), pad.width - left)
    if not values or room < px(pad, _NARROWEST):
        return
    limit, line = max(map(abs, values)) or 1.0, _line(pad)
    is_signed = min(values) < 0
    zero, reach = (left + room / 2, room / 2) if is_signed else (left, room)
    for place, value in enumerate(values):
        y, end = top + (place + 1) * line, zero + value / limit * reach
        pad.canvas.create_rectangle(
            min(zero, end), y + 3, max(zero, end), y + line - 3, width=0,
            fill=color_of(255 if value > 0 else 1) if is_signed else theme.palette().train,
            tags="bar",
        )  # fmt: skip
