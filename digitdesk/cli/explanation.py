"""``digitdesk explain``: what a network makes of a picture, layer by layer, and one number of it.

The arithmetic is printed as it is done: products, sums, and the lines of the program behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from digitdesk.cli import json_output
from digitdesk.cli.text_output import table
from digitdesk.errors import ConfigError, ImageError
from digitdesk.messages.grid import Grid
from digitdesk.messages.inside.explanation import (
    ConvolutionParts,
    CurveParts,
    DenseParts,
    DropoutParts,
    Explanation,
    FlattenParts,
    InputParts,
    NormalizationParts,
    Parts,
    PoolParts,
    SoftmaxParts,
    SourceLines,
    SumParts,
    Window,
)
from digitdesk.messages.inside.look import Look, NetworkView, Place
from digitdesk.messages.percent import percent

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

    from digitdesk.messages.inside.tiles import Tiles
    from digitdesk.session.session import Session

_EVERY_TILE = 2**20


def explain(session: Session, picture: Path | bytes, model_key: str, arguments: Namespace) -> str:
    """What is asked for, as text, or as an object for machines.

    Raises:
        ConfigError: There is no such layer or place.
        ImageError: There is no ink in the picture.
    """
    if arguments.at is not None and arguments.layer is None:
        raise ConfigError("A place is in a layer", expected="--at with --layer")
    look = look_at(session, picture, model_key)
    if arguments.layer is not None:
        page = session.inside.tiles(look.key, arguments.layer, 0, _EVERY_TILE)
        told = session.inside.explain(look.key, arguments.layer, place_in(arguments.at, page))
        return json_output.explanation(told) if arguments.json else explanation_text(told)
    view = session.inside.layers(model_key)
    if arguments.json:
        return json_output.layers(view, look)
    pages = [session.inside.tiles(look.key, each.path, 0, _EVERY_TILE) for each in view.layers]
    return layers_text(view, look, pages)


def look_at(session: Session, picture: Path | bytes, model_key: str) -> Look:
    """Run the digit of a picture through a model.

    Raises:
        ImageError: There is no ink in the picture.
    """
    prepared = session.read_image_file(picture, model_key).preprocessed
    if prepared is None:
        raise ImageError("There is no ink in the picture", hint="Choose one with a digit in it")
    return session.inside.look_at_picture(model_key, prepared)


def place_in(words: str | None, page: Tiles) -> Place:
    """The place that is asked for, or that of the largest number there is.

    Args:
        words: Numbers with commas between.
        page: All tiles of the layer.

    Raises:
        ConfigError: They are no numbers.
    """
    if words is None:
        return _largest(page)
    try:
        return tuple(int(word) for word in words.split(","))
    except ValueError:
        raise ConfigError(
            "A place is whole numbers with commas between",
            expected="channel,row,column or unit, each from 0",
            received=words,
        ) from None


def _largest(page: Tiles) -> Place:
    numbers = memoryview(page.values.values).cast("f")
    index = max(range(len(numbers)), key=numbers.__getitem__)
    tile, rest = divmod(index, page.height * page.width)
    is_flat = page.height == page.width == 1
    return (tile,) if is_flat else (tile, *divmod(rest, page.width))


def layers_text(view: NetworkView, look: Look, pages: Sequence[Tiles]) -> str:
    """All layers, what they gave, and the answer."""
    rows = [("layer", "written as", "gives", "largest", "zeros")]
    for layer, page in zip(view.layers, pages, strict=True):
        numbers = memoryview(page.values.values).cast("f")
        zeros = percent(page.silent / max(1, len(numbers)))
        shape = "×".join(map(str, layer.shape))
        rows.append((layer.path, layer.text, shape, f"{max(numbers):.6g}", zeros))
    answer = sorted(zip(look.probabilities, look.outputs, strict=True), reverse=True)[:3]
    said = ", ".join(f"{name} {percent(probability)}" for probability, name in answer)
    views = f" ({view.views} views are read; this is the first)" if view.views > 1 else ""
    return f"{table(rows, (False, False, True, True, True))}\n\n{view.title}: {said}{views}"


def explanation_text(told: Explanation) -> str:
    """How one number came about."""
    place = ", ".join(map(str, told.place))
    lines = [f"{told.layer} ({place}) = {_number(told.value)}", "", f"    {told.formula}", ""]
    is_flat = len(told.place) == 1 and told.kind != "flatten"
    lines += [f"reads {window.layer}: {_window(window, is_flat)}" for window in told.reads]
    lines += ["", *_parts(told.parts), ""]
    for source in told.sources:
        lines += [*_source(source), ""]
    return "\n".join(lines).rstrip()


def _parts(parts: Parts) -> Iterable[str]:
    match parts:
        case ConvolutionParts():
            return _convolution(parts)
        case DenseParts():
            return _dense(parts)
        case PoolParts():
            return _pool(parts)
        case SoftmaxParts():
            return _softmax(parts)
        case CurveParts():
            return _named(x=parts.x, y=parts.result, slope=parts.slope)
        case NormalizationParts():
            return _normalization(parts)
        case DropoutParts():
            part = percent(parts.rate)
            dropped = f"while training, {part} become 0 by chance, and"
            return [*_named(x=parts.x), f"{dropped} x becomes {_number(parts.scaled)}"]
        case FlattenParts():
            before = ", ".join(map(str, parts.place_before))
            return [*_named(x=parts.x), f"from ({before}) to {parts.index}"]
        case SumParts():
            return _named(**{"F(x)": parts.inner, "S(x)": parts.outer, "sum": parts.result})
        case InputParts():
            return [f"{parts.grey} / 255 = {_number(parts.result)}"]


def _convolution(parts: ConvolutionParts) -> list[str]:
    channels, size, _ = parts.patch.shape
    lines = []
    for channel in range(channels):
        lines.append(f"channel {channel}: patch, kernel, products; sum of products at the end")
        for row in range(size):
            cells = (
                "  ".join(f"{grid.view[channel, row, column]:9.5f}" for column in range(size))
                for grid in (parts.patch, parts.kernel, parts.products)
            )
            lines.append("   |".join(cells))
        lines[-1] += f"   = {_number(parts.sums_by_channel[channel])}"
    lines += _named(**{"sum of products": parts.total, "bias": parts.bias, "y": parts.result})
    matrix = (
        f"as matrices: row {parts.kernel_row} of the kernel ({parts.rows}×{parts.row_length}) "
        f"times column {parts.column} of the patches ({parts.row_length}×{parts.columns})"
    )
    return [*lines, matrix]


def _dense(parts: DenseParts) -> list[str]:
    rows = [("input", "x", "weight", "product")]
    rows += [
        (
            ",".join(map(str, term.place)),
            _number(term.input),
            _number(term.weight),
            _number(term.product),
        )
        for term in parts.terms
    ]
    rows.append((f"{parts.rest_count} others", "", "", _number(parts.rest_sum)))
    sums = {"sum of products": parts.total, "bias": parts.bias, "y": parts.result}
    return [*table(rows, (False, True, True, True)).splitlines(), *_named(**sums)]


def _pool(parts: PoolParts) -> list[str]:
    height, width = parts.window.shape
    lines = [_row(parts.window, row, width) for row in range(height)]
    if parts.winner is not None:
        row, column = parts.winner
        return [*lines, f"the first of the largest: row {row}, column {column}"]
    return [*lines, f"{_number(parts.total)} / {height * width} = {_number(parts.result)}"]


def _row(grid: Grid, row: int, width: int) -> str:
    return "  ".join(f"{grid.view[row, column]:9.5f}" for column in range(width))


def _softmax(parts: SoftmaxParts) -> list[str]:
    names = parts.names or tuple(map(str, range(len(parts.logits))))
    rows = [("output", "z", "z / T", "less the largest", "e to it", "p")]
    rows += [
        (name, *map(_number, numbers))
        for name, *numbers in zip(
            names,
            parts.logits,
            parts.scaled,
            parts.shifted,
            parts.exponentials,
            parts.probabilities,
            strict=True,
        )
    ]
    lines = table(rows, (False, True, True, True, True, True)).splitlines()
    return [*lines, *_named(T=parts.temperature, sum=parts.total)]


def _normalization(parts: NormalizationParts) -> list[str]:
    return _named(
        x=parts.x,
        mean=parts.mean,
        variance=parts.variance,
        deviation=parts.deviation,
        normalized=parts.normalized,
        gamma=parts.gamma,
        beta=parts.beta,
        y=parts.result,
    )


def _source(source: SourceLines) -> list[str]:
    if not source.lines:
        return [f"{source.file}, line {source.first_line}"]
    numbered = (f"{source.first_line + k:5}  {line}" for k, line in enumerate(source.lines))
    return [source.file, *(line.rstrip() for line in numbered)]


def _named(**numbers: float) -> list[str]:
    width = max(map(len, numbers))
    return [f"{name:<{width}}  {_number(number)}" for name, number in numbers.items()]


def _window(window: Window, is_flat: bool) -> str:
    """What was read, in words."""
    if is_flat:
        return _range(window.channel, window.channels, "unit")
    channels = _range(window.channel, window.channels, "channel")
    rows = _range(window.top, window.height, "row")
    return f"{channels}, {rows}, {_range(window.left, window.width, 'column')}"


def _range(first: int, count: int, name: str) -> str:
    return f"{name} {first}" if count == 1 else f"{name}s {first} to {first + count - 1}"


def _number(number: float) -> str:
    return f"{number:.6g}"
