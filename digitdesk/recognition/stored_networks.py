"""The networks that a model's file holds, ready to be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from digitdesk.errors import ModelFileError
from digitdesk.ink.stroke_planes import PLANES
from digitdesk.messages.model import ModelCard, StrokePart, by_network
from digitdesk.nn.core.backend import Backend
from digitdesk.nn.core.parameters import check_arrays
from digitdesk.nn.parallel.network_pool import NetworkPool
from digitdesk.nn.spec.build import INPUT_SHAPE, build_network, declared_shapes
from digitdesk.recognition.line_network import LineNetwork
from digitdesk.recognition.stroke_network import StrokeNetwork


@dataclass(frozen=True, slots=True)
class StoredNetworks:
    """A model's first network, and those beside it.

    Attributes:
        strokes: Asked of what was drawn.
        lines: Asked of whole lines, and of a digit as the shortest line.
        traced: Asked of strokes that were traced in pictures.
    """

    first: NetworkPool
    strokes: StrokeNetwork | None
    lines: LineNetwork | None
    traced: StrokeNetwork | None


def stored_networks(
    card: ModelCard, arrays: Mapping[str, NDArray[Any]], backend: Backend
) -> StoredNetworks:
    """Build them.

    Raises:
        DigitDeskError: One cannot be built, or the arrays are not its own.
    """
    found = by_network(arrays)
    classes = len(card.class_names) + len(card.reject_names)
    first = _network(card.spec, found.first, card.input_planes, classes, backend)
    if card.input_planes != 1:
        # It has learned from strokes alone, and reads nothing else.
        return StoredNetworks(first, StrokeNetwork(first), None, None)
    if card.strokes is None and found.strokes:
        raise ModelFileError("It holds weights for strokes that its card knows nothing of")
    if card.lines is None and found.lines:
        raise ModelFileError("It holds weights for lines that its card knows nothing of")
    if card.traced is None and found.traced:
        raise ModelFileError("It holds weights for traced strokes that its card knows nothing of")
    return StoredNetworks(
        first,
        _of_strokes(card.strokes, found.strokes, classes, backend),
        None if card.lines is None else LineNetwork(card.lines, found.lines),
        _of_strokes(card.traced, found.traced, classes, backend),
    )


def _of_strokes(
    part: StrokePart | None, arrays: dict[str, NDArray[Any]], classes: int, backend: Backend
) -> StrokeNetwork | None:
    if part is None:
        return None
    network = _network(part.spec, arrays, PLANES, classes, backend)
    return StrokeNetwork(network, part.temperature, part.weight)


def _network(
    spec: str,
    arrays: dict[str, NDArray[Any]],
    input_planes: int,
    classes: int,
    backend: Backend,
) -> NetworkPool:
    """A network with these weights.

    Raises:
        DigitDeskError: It cannot be built, or the arrays are not its own.
    """
    shape = (input_planes, *INPUT_SHAPE[1:])
    wanted = declared_shapes(spec, input_shape=shape, classes=classes, backend=backend)
    check_arrays(wanted, arrays)  # before any memory is given to the network
    network = build_network(spec, input_shape=shape, classes=classes, backend=backend)
    network.load_arrays(arrays)
    return NetworkPool(network)
