"""What heights the panels of the chart span, so that the points that matter fill them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

Points = tuple[list[float], list[float]]

_MEANS = ("train_loss", "validation_loss", "test_loss")
#: Highest loss while there is no mean yet: that of a guess among ten classes, and a little.
_FIRST_LOSS = 2.4
#: The accuracy panel spans this much at least, so that noise does not look big.
_LEAST_AIR = 0.02


def loss_range(points: Mapping[str, Points], *, is_log: bool) -> tuple[float, float]:
    """Lowest and highest loss to show: from 0, or on a logarithmic scale below the lowest point.

    The losses of single steps may stand out above: at the start they would take all the height.
    """
    highest = max(_heights(points, _MEANS), default=_FIRST_LOSS)
    lowest = _below(points) if is_log else 0.0
    return lowest, _even_step_above(highest * 1.02)


def accuracy_range(points: Mapping[str, Points]) -> tuple[float, float]:
    """Lowest and highest accuracy to show: up to 100 %.

    The mean over the first epoch, when the network knew nothing yet, may fall below the panel: the
    points that matter need its height.
    """
    lowest = min(
        _heights(points, ("validation_accuracy", "test_accuracy")),
        default=min(points["train_accuracy"][1], default=0.0),
    )
    return max(0.0, lowest - max(_LEAST_AIR, (1 - lowest) * 0.25)), 1.0


def _heights(points: Mapping[str, Points], names: Iterable[str]) -> Iterable[float]:
    return (y for name in names for y in points[name][1])


def _below(points: Mapping[str, Points]) -> float:
    """A quarter of a power of ten below the lowest loss above 0."""
    positive = (y for y in _heights(points, ("step_loss", *_MEANS)) if y > 0)
    lowest = max(min(positive, default=0.1), 1e-6)
    return math.pow(10.0, math.floor(math.log10(lowest) * 4) / 4)


def _even_step_above(value: float) -> float:
    """The next even step, so that a maximum which creeps up seldom moves the axis."""
    if value <= 0:
        return 1.0
    step = 10.0 ** math.floor(math.log10(value)) / 4
    return math.ceil(value / step) * step
