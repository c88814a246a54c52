"""Numbers of every other kind of layer on a pad: what they are made of, from top to bottom."""

from __future__ import annotations

import math

from digitdesk.messages.inside.explanation import (
    CurveParts,
    DenseParts,
    DropoutParts,
    FlattenParts,
    InputParts,
    NormalizationParts,
    PoolParts,
    SoftmaxParts,
    SumParts,
)
from digitdesk.ui.charts.signed_colors import ZERO, color_of, colored, level_of
from digitdesk.ui.i18n.text import Sentence, _, percent
from digitdesk.ui.inside.widgets.pad import Matrix, Pad
from digitdesk.ui.inside.widgets.table import write_rest, write_table
from digitdesk.ui.inside.words import number, output_name
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

_CURVE = 168
_DOT = 4
_MASK_SIDE = 112
#: Of more outputs, the likeliest are written.
_MOST_OUTPUTS = 16


def _result(pad: Pad, value: float) -> None:
    pad.line(_("= result: {n}").format(n=number(value)), "figures", tag="result")


def write_dense(pad: Pad, parts: DenseParts) -> None:
    """The products that count most, the rest, the sum."""
    rows = [
        (",".join(map(str, term.place)), number(term.input), number(term.weight),
         number(term.product))
        for term in parts.terms
    ]  # fmt: skip
    heads = (_("from"), _("input"), _("× weight"), _("= product"))
    write_table(pad, heads, rows, bars=[term.product for term in parts.terms])
    write_rest(pad, parts.rest_count, parts.rest_sum)
    pad.gap(GAP / 2)
    pad.line(_("sum of all products: {n}").format(n=number(parts.total)), "figures", tag="sum")
    pad.line(_("+ bias: {n}").format(n=number(parts.bias)), "figures", tag="bias")
    _result(pad, parts.result)


def write_pool(pad: Pad, parts: PoolParts) -> None:
    """The window, and who won in it."""
    view, (high, wide) = parts.window.view, parts.window.shape
    rows = [[float(view[i, j]) for j in range(wide)] for i in range(high)]
    limit = max(abs(value) for row in rows for value in row) or 1.0
    pad.row((Matrix(rows, _("window"), limit, parts.winner, tag="window"),))
    pad.gap(GAP / 2)
    if parts.winner is not None:
        said = _("The largest wins: row {i}, column {j} of the window. Only it gets a gradient.")
        pad.line(said.format(i=parts.winner[0], j=parts.winner[1]), "muted", tag="winner")
    else:
        said = _("sum {sum}, divided by {n}")
        pad.line(said.format(sum=number(parts.total), n=high * wide), "figures", tag="sum")
    _result(pad, parts.result)


def write_curve(pad: Pad, parts: CurveParts) -> None:
    """The curve with the number on it."""
    _draw_curve(pad, parts)
    pad.line(_("x = {n}").format(n=number(parts.x)), "figures", tag="x")
    _result(pad, parts.result)
    said = _("slope here: {n} (what a gradient is multiplied by on its way back)")
    pad.line(said.format(n=number(parts.slope)), "muted", tag="slope")


def _draw_curve(pad: Pad, parts: CurveParts) -> None:
    colors, canvas, side = theme.palette(), pad.canvas, int(px(pad, _CURVE))
    top, wide = pad.take(side + int(px(pad, GAP))), min(pad.width - 4, 2 * side)
    view, count = parts.curve.view, parts.curve.shape[0]
    points = [(float(view[k, 0]), float(view[k, 1])) for k in range(count)]
    low_x, high_x = points[0][0], points[-1][0]
    ys = [y for _x, y in points]
    low_y, high_y = min(*ys, parts.result, 0.0), max(*ys, parts.result, 0.0)
    reach = (high_y - low_y) or 1.0

    def at(x: float, y: float) -> tuple[float, float]:
        return (2 + (x - low_x) / (high_x - low_x) * (wide - 4),
                top + side - 2 - (y - low_y) / reach * (side - 4))  # fmt: skip

    zero_x, zero_y = at(0.0, 0.0)
    canvas.create_line(0, zero_y, wide, zero_y, fill=colors.border)
    canvas.create_line(zero_x, top, zero_x, top + side, fill=colors.border)
    flat = [part for point in points for part in at(*point)]
    canvas.create_line(*flat, fill=colors.train, width=px(pad, 2))
    x, y = at(parts.x, parts.result)
    for axis in ((x, zero_y), (zero_x, y)):
        canvas.create_line(x, y, *axis, fill=colors.muted, dash=(3, 3))
    dot = px(pad, _DOT)
    canvas.create_oval(x - dot, y - dot, x + dot, y + dot, width=0, fill=colors.positive,
                       tags="point")  # fmt: skip


def write_normalization(pad: Pad, parts: NormalizationParts) -> None:
    """Step by step."""
    steps: tuple[tuple[Sentence, float, str], ...] = (
        (_("x = {n}"), parts.x, "x"),
        (_("− mean of the training pictures: {n}"), parts.mean, "mean"),
        (_("÷ deviation √(variance + ε): {n}"), parts.deviation, "deviation"),
        (_("= normalized: {n}"), parts.normalized, "normalized"),
        (_("× γ: {n}"), parts.gamma, "gamma"),
        (_("+ β: {n}"), parts.beta, "beta"),
    )
    for said, value, tag in steps:
        pad.line(said.format(n=number(value)), "figures", tag=tag)
    _result(pad, parts.result)


def write_dropout(pad: Pad, parts: DropoutParts) -> None:
    """What it does while training, and that it does nothing now."""
    pad.line(_("x = {n}").format(n=number(parts.x)), "figures", tag="x")
    _result(pad, parts.x)
    pad.gap(GAP / 2)
    said = _("Reading, it changes nothing. While training, each number is set to 0 with a "
             "probability of {rate}, and what is kept is divided by {kept}: {n}.")  # fmt: skip
    rate, kept = percent(parts.rate, 0), f"{1 - parts.rate:g}"
    pad.line(said.format(rate=rate, kept=kept, n=number(parts.scaled)), "muted", tag="scaled")
    pad.line(_("One draw, red where a number is kept:"), "muted")
    pad.gap(GAP / 2)
    high, wide = parts.mask.shape
    values = memoryview(parts.mask.values).cast("f")
    levels = bytes(ZERO if value == 0 else 255 for value in values)
    if high == 1:
        # A long row of units is folded, so that it can be seen.
        wide = min(wide, math.ceil(1.5 * math.sqrt(len(levels))))
        high = -(-len(levels) // wide)
        levels = levels.ljust(high * wide, b"\0")
    zoom = max(1, int(px(pad, _MASK_SIDE)) // max(high, wide))
    photo, top = pad.photo(), pad.take(high * zoom)
    photo.show_bytes(colored(levels, wide, high), zoom)
    pad.canvas.create_image(0, top, anchor="nw", image=photo.image)


def write_flatten(pad: Pad, parts: FlattenParts) -> None:
    """Where the number was."""
    place = ", ".join(map(str, parts.place_before))
    said = _("The same number at another place: it was at {place}, and is number {n} of the row.")
    pad.line(said.format(place=place, n=parts.index), tag="place")
    _result(pad, parts.x)


def write_softmax(pad: Pad, parts: SoftmaxParts, unit: int) -> None:
    """All outputs side by side, step by step."""
    count = len(parts.logits)
    shown = list(range(count))
    if count > _MOST_OUTPUTS:
        shown = sorted(shown, key=lambda k: -parts.probabilities[k])[:_MOST_OUTPUTS]
    rows = [
        (
            output_name(parts.names[k]) if parts.names else str(k),
            number(parts.logits[k], 3),
            number(parts.shifted[k], 3),
            number(parts.exponentials[k]),
            percent(parts.probabilities[k]),
        )
        for k in shown
    ]
    heads = ("", "z", _("z/T − max"), "exp", "p")
    write_table(pad, heads, rows, strong=shown.index(unit) if unit in shown else -1)
    pad.gap(GAP / 2)
    pad.line(_("sum of exp: {n}").format(n=number(parts.total)), "figures", tag="sum")
    _result(pad, parts.probabilities[unit])


def write_sum(pad: Pad, parts: SumParts) -> None:
    """What the block computed, and what came in."""
    pad.line(_("what the block's layers made of it: {n}").format(n=number(parts.inner)), "figures",
             tag="inner")  # fmt: skip
    said = _("+ what came in: {n}")
    if parts.shortcut:
        said = _("+ what came in, through {layer}: {n}")
    pad.line(said.format(layer=parts.shortcut, n=number(parts.outer)), "figures", tag="outer")
    _result(pad, parts.result)


def write_input(pad: Pad, parts: InputParts) -> None:
    """A pixel as a number."""
    color = color_of(level_of(parts.result, 1.0))
    side = int(px(pad, 24))
    top = pad.take(side + int(px(pad, GAP / 2)))
    pad.canvas.create_rectangle(0, top, side, top + side, width=0, fill=color)
    pad.line(_("grey {n} of 255").format(n=parts.grey), "figures", tag="grey")
    _result(pad, parts.result)
