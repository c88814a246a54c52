"""Weighs two opinions of one digit: of its own networks, and of the network for lines.

A digit is the shortest line. The network for lines sees it in another frame and was taught other
hands; what one takes for another digit, the other seldom does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.ink.line_picture import picture_of_digit
from digitdesk.ink.strokes import without_taps
from digitdesk.messages.prediction import Stroke
from digitdesk.nn.losses import softmax
from digitdesk.recognition.line_network import LineNetwork

WEIGHT = 0.15
"""Of the line's logarithms in the mean with the digit's own. The likelihood of the drawings of 20
and of 231 writers that no network was taught is greatest at 0.1 and at 0.15."""

_LEAST = 1e-12
"""However sure a reader is, its logarithm is a number."""


def seen_as_lines(
    own: NDArray[np.float64],
    drawings: Sequence[tuple[Stroke, ...]],
    names: Sequence[str],
    lines: LineNetwork,
) -> NDArray[np.float64]:
    """How probable each digit is by both opinions.

    Args:
        own: (N, classes) probabilities by the networks for digits.
        drawings: N drawings in board units; of one without ink, the own opinion stays.
        names: The classes, all of which the network for lines knows.
        lines: That network.

    Returns:
        (N, classes), each row summing to 1.
    """
    logs = np.log(np.maximum(own, _LEAST))
    for row, drawing in enumerate(drawings):
        line = _likelihoods(drawing, names, lines)
        if line is not None:
            logs[row] += WEIGHT * (line - logs[row])
    both: NDArray[np.float64] = softmax(logs, axis=1)
    return both


def _likelihoods(
    drawing: tuple[Stroke, ...], names: Sequence[str], lines: LineNetwork
) -> NDArray[Any] | None:
    """What the network for lines says of a drawing, as logarithms; None where it cannot tell."""
    inked = without_taps(drawing)
    reading = lines.read(picture_of_digit(inked)) if inked else None
    return None if reading is None else reading.log_likelihoods(names)
