"""What an export starts from: a model's networks as they were written, with its card.

A model may hold four networks: one for pictures, two that are averaged with it, for strokes and for
strokes that were traced in pictures, and one that reads whole lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import ConfigError, DigitDeskError, ModelFileError
from digitdesk.ink.line_picture import WIDTHS
from digitdesk.ink.stroke_planes import PLANES
from digitdesk.messages.model import ModelCard, by_network
from digitdesk.nn.core.backend import Shape, cpu_backend
from digitdesk.nn.core.parameters import check_arrays
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.network import Network
from digitdesk.nn.spec.build import INPUT_SHAPE, build_network, declared_shapes
from digitdesk.recognition.line_network import LineNetwork
from digitdesk.recognition.test_time_augmentation import VIEW_MATRICES

Arrays = Mapping[str, NDArray[Any]]
T = TypeVar("T")

PICTURES_NETWORK = "pictures"
STROKES_NETWORK = "strokes"
LINES_NETWORK = "lines"
TRACED_NETWORK = "traced"


@dataclass(frozen=True, slots=True)
class Part:
    """One of a model's networks.

    Attributes:
        name: ``pictures``, or ``strokes`` and ``traced`` for those that are shown the pen's
            direction, too, or ``lines`` for one that is shown a whole line, here one of the first
            of ``WIDTHS``.
        network: It, with its weights.
    """

    name: str
    network: Network

    @property
    def shape(self) -> Shape:
        """Of one sample, (C, H, W)."""
        return self.network.input_shape


@dataclass(frozen=True, slots=True)
class ExportContent:
    """A model that is to be written for another program.

    Attributes:
        card: What it says about itself.
        parts: Its networks; that for pictures is the first where there are several.
    """

    card: ModelCard
    parts: tuple[Part, ...]

    @property
    def outputs(self) -> tuple[str, ...]:
        """What each output means: the classes, and then what is none."""
        return (*self.card.class_names, *self.card.reject_names)

    @property
    def digit_parts(self) -> tuple[Part, ...]:
        """Those of its networks that read single digits, as they are drawn."""
        others = LINES_NETWORK, TRACED_NETWORK
        return tuple(part for part in self.parts if part.name not in others)

    @property
    def parts_for_drawing(self) -> tuple[Part, ...]:
        """Those of its networks that are asked of what is drawn: none traces pictures."""
        return tuple(part for part in self.parts if part.name != TRACED_NETWORK)

    @property
    def views(self) -> tuple[tuple[float, float, float, float], ...]:
        """How each further view of a picture is made; see ``VIEW_MATRICES``."""
        return VIEW_MATRICES if self.card.test_time_averaging else ()

    def part(self, name: str) -> Part | None:
        """The network of that name, where there is one."""
        return next((part for part in self.parts if part.name == name), None)

    @classmethod
    def of(cls, card: ModelCard, arrays: Arrays) -> ExportContent:
        """Build the networks of a model.

        Raises:
            ModelFileError: They cannot be built, or the arrays are not their own.
        """
        found = by_network(arrays)
        first = PICTURES_NETWORK if card.input_planes == 1 else STROKES_NETWORK
        outputs = len(card.class_names) + len(card.reject_names)
        try:
            parts = [Part(first, _network(card.spec, found.first, card.input_planes, outputs))]
            if card.strokes is not None:
                network = _network(card.strokes.spec, found.strokes, PLANES, outputs)
                parts.append(Part(STROKES_NETWORK, network))
            if card.lines is not None:
                lines = LineNetwork(card.lines, found.lines)
                parts.append(Part(LINES_NETWORK, lines.network(WIDTHS[0])))
            if card.traced is not None:
                network = _network(card.traced.spec, found.traced, PLANES, outputs)
                parts.append(Part(TRACED_NETWORK, network))
        except DigitDeskError as error:
            raise ModelFileError.about(
                f"The model {card.title} cannot be exported", error
            ) from None
        return cls(card, tuple(parts))


def operation(
    table: Mapping[type[Layer], Callable[..., T]], layer: Layer, target: str
) -> Callable[..., T]:
    """What a target's table says of a layer.

    Raises:
        ConfigError: It knows no such layer.
    """
    found = table.get(type(layer))
    if found is None:
        known = ", ".join(sorted(kind.__name__ for kind in table))
        raise ConfigError(
            f"The layer {layer.path} cannot be exported to {target}",
            expected=f"one of {known}",
            received=type(layer).__name__,
            hint="Export it as csv or npz: those hold the weights of any network",
        )
    return found


def _network(spec: str, arrays: Arrays, planes: int, outputs: int) -> Network:
    shape, backend = (planes, *INPUT_SHAPE[1:]), cpu_backend()
    check_arrays(declared_shapes(spec, input_shape=shape, classes=outputs, backend=backend), arrays)
    network = build_network(spec, input_shape=shape, classes=outputs, backend=backend)
    network.load_arrays({name: np.asarray(value) for name, value in arrays.items()})
    return network
