"""Numbers, places and layers as the Inside tab writes them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from digitdesk.messages.inside.look import ANSWER, INPUT, LayerView
from digitdesk.ui.i18n.text import Sentence, _, joined

_MINUS = "−"
_SMALLEST, _LARGEST = 1e-3, 1e4


def number(value: float, digits: int = 4) -> str:
    """A number with a fixed number of decimals; with its order where that would hide it."""
    size = abs(value)
    if not math.isfinite(value):
        text = f"{value}"
    elif size and (size < max(_SMALLEST, 10.0**-digits) or size >= _LARGEST):
        text = f"{value:.{max(1, digits - 1)}e}"
    else:
        text = f"{value + 0.0:.{digits}f}"  # adding 0 makes −0 a plain 0
    return text.replace("-", _MINUS)


def fixed(value: float) -> str:
    """A number beside a bar, with four decimals whatever its size."""
    return f"{value:.4f}".replace("-", _MINUS)


def short_number(value: float) -> str:
    """A number in a cell of a matrix: two decimals, or fewer where it is large."""
    size = abs(value)
    if not size:
        return "0.00"  # a number times nothing may be −0
    if size < 0.005:
        return "+0" if value > 0 else f"{_MINUS}0"
    text = f"{value:.2f}" if size < 10 else f"{value:.1f}" if size < 100 else f"{value:.0f}"
    return text.replace("-", _MINUS)


def shape_text(shape: Sequence[int]) -> str:
    """The shape of a layer's output: ``32×26×26``."""
    return "×".join(map(str, shape))


def layer_name(path: str) -> str:
    """What a layer is called: by its path, but for what stands at both ends."""
    if path == INPUT:
        return _("input")
    return _("answer") if path == ANSWER else path


def short_name(path: str) -> str:
    """The same without the block that it is in."""
    return layer_name(path).rpartition(".")[2]


def output_name(name: str) -> str:
    """What an output stands for: a class, or something that is none."""
    known = {
        "letter": _("letter"),
        "scribble": _("scribble"),
        "two-digits": _("two digits"),
    }
    return known.get(name, name)


def place_text(layer: LayerView, place: Sequence[int]) -> Sentence:
    """Where a number is in its layer, in words, all counted from 0."""
    if len(place) == 3:
        return _("{layer}, channel {c}, row {y}, column {x}").format(
            layer=layer_name(layer.path), c=place[0], y=place[1], x=place[2]
        )
    return joined(", ", (layer_name(layer.path), _("unit {n}").format(n=place[0])))
