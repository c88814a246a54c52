"""The chart of a network trained here and in PyTorch."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from digitdesk.messages.experiments.beside_torch import TorchComparison, TorchStep
from digitdesk.report.beside_torch import beside_torch_chart


def comparison(*steps: TorchStep) -> TorchComparison:
    return TorchComparison(
        "mlp", "sgd", "float32", "2.0", steps, None, None, 1000.0, 900.0, agrees=True
    )


def curves(chart: str) -> dict[str, list[float]]:
    """The heights of each line, by its style; the last of a style counts."""
    lines = re.findall(r'class="curve ([\w ]+)" points="([^"]+)"', chart)
    return {
        style: [float(point.split(",")[1]) for point in points.split()] for style, points in lines
    }


def test_both_losses_and_their_distance_are_drawn() -> None:
    chart = beside_torch_chart(
        comparison(
            TorchStep(1, 2.0, 2.0, 1e-7, 1e-9),
            TorchStep(2, 1.0, 1.0, 1e-6, 1e-8),
            TorchStep(3, 0.5, 0.5, 1e-5, 0.0),
        )
    )
    root = ElementTree.fromstring(chart.encode())
    assert root.tag.endswith("svg")
    found = curves(chart)
    assert found["second broad"] == sorted(found["second broad"]), "a loss that falls goes down"
    gradients, weights = found["first"], found["second"]
    assert gradients == sorted(gradients, reverse=True), "what grows goes up"
    assert weights[-1] == max(weights), "nothing at all is at the lower edge"
    assert ">1e-17<" in chart and "Largest difference (float32)" in chart


def test_a_single_step_is_drawn_too() -> None:
    chart = beside_torch_chart(comparison(TorchStep(1, 0.0, 0.0, 0.0, 0.0)))
    assert ElementTree.fromstring(chart.encode()).tag.endswith("svg")
