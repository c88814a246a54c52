"""Softmax, step by step: as a layer, and as what turns logits into an answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digitdesk.inspection.grids import floats
from digitdesk.inspection.trace import Numbers, Trace
from digitdesk.messages.inside.explanation import SoftmaxParts, Window
from digitdesk.messages.inside.look import Place
from digitdesk.nn.layers.activations import Softmax


def softmax_parts(
    logits: Numbers, temperature: float = 1.0, names: Sequence[str] = ()
) -> SoftmaxParts:
    """Logits z as z / T, less the largest, as powers of e, and divided by their sum."""
    z = logits.astype(np.float64)
    scaled = z / temperature
    shifted = scaled - scaled.max()
    exponentials = np.exp(shifted)
    total = exponentials.sum()
    return SoftmaxParts(
        tuple(names),
        floats(z),
        floats(scaled),
        floats(shifted),
        floats(exponentials),
        float(total),
        floats(exponentials / total),
        temperature,
    )


def softmax_layer(
    trace: Trace, layer: Softmax, place: Place
) -> tuple[SoftmaxParts, tuple[Window, ...]]:
    """Each output depends on all inputs."""
    x = trace.input_of(layer.path)
    return softmax_parts(x), (Window(trace.walked(layer.path).before, 0, len(x)),)
