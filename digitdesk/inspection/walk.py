"""A network's layers in the order in which they run, those inside blocks too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from digitdesk.messages.inside.look import INPUT
from digitdesk.nn.core.backend import Shape
from digitdesk.nn.layers.activations import Softmax
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.flatten import Flatten
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.residual import Residual


@dataclass(frozen=True, slots=True)
class Walked:
    """A layer on the way through a network.

    Attributes:
        before: Path of the layer whose output it reads.
        depth: How many blocks it is in.
    """

    layer: Layer
    before: str
    depth: int

    @property
    def path(self) -> str:
        """Dotted name of the layer."""
        return self.layer.path


def walk(layers: Iterable[Layer], before: str = INPUT, depth: int = 0) -> Iterator[Walked]:
    """All layers; a block comes after the layers in it, whose outputs it adds up."""
    for layer in layers:
        if isinstance(layer, Residual):
            yield from walk(layer.layers, before, depth + 1)
            if layer.shortcut is not None:
                yield Walked(layer.shortcut, before, depth + 1)
        yield Walked(layer, before, depth)
        before = layer.path


def image_behind(walked: Sequence[Walked], path: str) -> Shape | None:
    """The shape (C, H, W) of the image whose numbers a flat layer reads, each at its place.

    Args:
        walked: All layers.
        path: Of the layer.

    Returns:
        ``None`` where something lies between that mixes the numbers.
    """
    by_path = {each.path: each for each in walked}
    at = by_path[path].before
    while at in by_path:
        layer = by_path[at].layer
        if isinstance(layer, Flatten):
            return layer.input_shape if len(layer.input_shape) == 3 else None
        if isinstance(layer, Dense | Softmax | Residual):
            return None
        at = by_path[at].before
    return None
