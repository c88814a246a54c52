"""What heights the panels of the chart span, so that the points that matter fill them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

Points = tuple[list[float], list[float]]
Lines = Mapping[str, Points]
"""The points of a run's lines, by the names of those."""

_MEANS = ("train_loss", "validation_loss", "test_loss")
_HELD_OUT = ("validation_loss", "test_loss")
#: Highest loss while there is no mean yet: that of a guess among ten classes, and a little.
_FIRST_LOSS = 2.4
#: This part of the smoothed losses is shown; what is above may be cut, once an epoch is done.
_SHOWN_PART = 0.95
_CUT_ABOVE = 1.4
#: The accuracy panel spans this much at least, so that noise does not look big.
_LEAST_AIR = 0.02


def loss_range(runs: Sequence[Lines], *, is_log: bool) -> tuple[float, float]:
    """Lowest and highest loss to show: from 0, or on a logarithmic scale below the lowest point.

    The first steps of a run may stand out above, once it has finished an epoch: they would take all
    the height. So may losses of single steps.

    Args:
        runs: The present run, and those drawn with it.
        is_log: Whether the scale is logarithmic; there is room for everything then.
    """
    heights = [highest_loss(run) if is_log else _robust_height(run) for run in runs]
    highest = max(heights, default=0.0) or _FIRST_LOSS
    lowest = min(map(_below, runs), default=0.1) if is_log else 0.0
    return lowest, _even_step_above(highest * 1.02)


def highest_loss(run: Lines) -> float:
    """The highest mean loss of a run; 0 where there is none yet."""
    return max(_heights(run, _MEANS), default=0.0)


def accuracy_range(runs: Sequence[Lines]) -> tuple[float, float]:
    """Lowest and highest accuracy to show: up to 100 %.

    The mean over the first epoch, when the network knew nothing yet, may fall below the panel: the
    points that matter need its height.
    """
    lowest = min((low for low in map(_lowest_accuracy, runs) if low is not None), default=0.0)
    return max(0.0, lowest - max(_LEAST_AIR, (1 - lowest) * 0.25)), 1.0


def cut_below(points: Points, floor: float) -> Points:
    """Where a line falls through the floor: its points there, put onto the floor."""
    xs = [x for x, y in zip(*points, strict=True) if y < floor]
    return xs, [floor] * len(xs)


def _robust_height(run: Lines) -> float:
    """The highest mean loss, but for first steps that are far above all others."""
    highest = highest_loss(run)
    losses = sorted(run["train_loss"][1])
    if not any(run[name][0] for name in (*_HELD_OUT, "train_accuracy")) or not losses:
        return highest
    most = losses[min(len(losses) - 1, int(_SHOWN_PART * len(losses)))]
    shown = max(_CUT_ABOVE * most, *(y for name in _HELD_OUT for y in run[name][1]), 0.0)
    return min(highest, shown)


def _lowest_accuracy(run: Lines) -> float | None:
    held_out = min(_heights(run, ("validation_accuracy", "test_accuracy")), default=None)
    return min(run["train_accuracy"][1], default=None) if held_out is None else held_out


def _heights(run: Lines, names: Iterable[str]) -> Iterable[float]:
    return (y for name in names for y in run[name][1])


def _below(run: Lines) -> float:
    """A quarter of a power of ten below the lowest loss above 0."""
    positive = (y for y in _heights(run, ("step_loss", *_MEANS)) if y > 0)
    lowest = max(min(positive, default=0.1), 1e-6)
    return math.pow(10.0, math.floor(math.log10(lowest) * 4) / 4)


def _even_step_above(value: float) -> float:
    """The next even step, so that a maximum which creeps up seldom moves the axis."""
    if value <= 0:
        return 1.0
    step = 10.0 ** math.floor(math.log10(value)) / 4
    return math.ceil(value / step) * step
