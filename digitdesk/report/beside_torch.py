"""Losses of a network trained here and in PyTorch on one chart, and how far both are apart.

The two curves lie on each other where the derivatives are right; so the second chart shows their
distance, on a scale of powers of ten.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from digitdesk.messages.experiments.beside_torch import TorchComparison
from digitdesk.report.svg import Axis, Plot, Points, alone, element, text

_WIDTH, _HEIGHT = 390, 292
_LEAST = 1e-17
"""Equal to the last bit has no logarithm, and stands at the lower edge."""


def beside_torch_chart(found: TorchComparison) -> str:
    """Both charts as one file of Scalable Vector Graphics.

    Args:
        found: Both runs, of a step at least.
    """
    steps = [row.step for row in found.steps]
    across = Axis(0, steps[-1], "Step", tuple((k, str(k)) for k in (0, steps[-1] // 2, steps[-1])))
    apart = f'<g transform="translate({_WIDTH} 0)">{_apart(found, across)}</g>'
    return alone(element(2 * _WIDTH, _HEIGHT, [_losses(found, across), apart]))


def _losses(found: TorchComparison, across: Axis) -> str:
    most = max(max(row.loss, row.torch_loss) for row in found.steps)
    up = Axis(0, most, "", tuple((most * k / 4, f"{most * k / 4:.2f}") for k in range(5)))
    plot = Plot(across, up, f"Loss, {found.optimizer}")
    plot.line([(row.step, row.torch_loss) for row in found.steps], "second broad", dots=False)
    plot.line([(row.step, row.loss) for row in found.steps], dots=False)
    return _with_names(plot, "DigitDesk", "PyTorch, below it")


def _apart(found: TorchComparison, across: Axis) -> str:
    gradients = _powers((row.step, row.gradient) for row in found.steps)
    weights = _powers((row.step, row.weight) for row in found.steps)
    powers = [power for _, power in (*gradients, *weights)]
    low, high = math.floor(min(powers)), math.ceil(max(powers)) + 1
    ticks = tuple(
        (power, f"1e{power}") for power in range(low, high + 1, max(1, (high - low) // 4))
    )
    plot = Plot(across, Axis(low, high, "", ticks), f"Largest difference ({found.dtype})")
    plot.line(gradients, dots=False)
    plot.line(weights, "second", dots=False)
    return _with_names(plot, "gradient", "weights")


def _powers(points: Iterable[tuple[int, float]]) -> Points:
    return [(step, math.log10(max(value, _LEAST))) for step, value in points]


def _with_names(plot: Plot, first: str, second: str) -> str:
    """The plot with the names of its two lines, in their colors."""
    names = [
        text(290, 46 + 18 * k, f"● {name}", f"dot-{style}", "middle")
        for k, (name, style) in enumerate(((first, "first"), (second, "second")))
    ]
    return plot.svg().replace("</svg>", "".join(names) + "</svg>")
