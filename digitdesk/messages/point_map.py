"""Pictures as points of a plane: what a network takes for alike lies together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MapMethod = Literal["pca", "tsne"]

PIXELS = "pixels"
"""The source of a map that asks no layer."""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One picture of an exam.

    Attributes:
        index: Its place in the set, from 0.
        label: Name of the class it shows; empty where the set says of none.
        answer: Name of the class it was read as.
    """

    x: float
    y: float
    index: int
    label: str
    answer: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class PointMap:
    """Points of a plane, both axes from about -1 to 1.

    Attributes:
        key: By which the session knows it, to place further pictures.
        source: ``PIXELS``, or the name of the layer whose outputs were taken.
        explained: By PCA, the part of all variance along each axis.
    """

    key: str
    points: tuple[MapPoint, ...]
    method: MapMethod
    source: str
    explained: tuple[float, float] | None = None
