"""Why a network gives an answer: where it looks, and what would change its mind."""

from __future__ import annotations

from dataclasses import dataclass

from digitdesk.messages.inside.tiles import Tiles
from digitdesk.messages.picture import Picture


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for an output, and what against it, pixel by pixel.

    Attributes:
        label: Place of the output among the outputs.
        logit: What the network gives for it.
        gradient: One tile: the gradient of that by each pixel, times the pixel.
        occlusion: One tile: by how much it falls where a patch around each pixel is wiped off.
        patch: Side of that patch, in pixels.
    """

    label: int
    logit: float
    gradient: Tiles
    occlusion: Tiles
    patch: int


@dataclass(frozen=True, slots=True)
class Turned:
    """A drawing changed until the network takes it for something else.

    Attributes:
        label: Place of the wanted output among the outputs.
        is_reached: Whether it became the most probable.
        picture: The changed picture, ink = 255.
        change: One tile: ink that was added, and ink that was taken away as less than 0.
        changed_ink: How much that is of all the ink there was, 0 … 1 and more.
        before: Probability of each output before.
        after: The same of the changed picture.
        steps: How many steps along the gradient were made.
    """

    label: int
    is_reached: bool
    picture: Picture
    change: Tiles
    changed_ink: float
    before: tuple[float, ...]
    after: tuple[float, ...]
    steps: int
