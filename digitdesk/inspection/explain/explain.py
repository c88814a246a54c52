"""Explains any number of any layer: a table says how, and with which formula and lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from digitdesk.errors import ConfigError, nearest
from digitdesk.inspection.explain import each, probabilities, sums
from digitdesk.inspection.source import source_of
from digitdesk.inspection.trace import Trace
from digitdesk.messages.inside.explanation import Explanation, InputParts, Parts, Window
from digitdesk.messages.inside.look import ANSWER, INPUT, Place
from digitdesk.nn.layers import activations
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.dropout import Dropout
from digitdesk.nn.layers.flatten import Flatten
from digitdesk.nn.layers.im2col import im2col
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.pooling import AveragePool2D, MaxPool2D
from digitdesk.nn.layers.residual import Residual
from digitdesk.nn.losses import softmax
from digitdesk.nn.network import Network
from digitdesk.nn.spec.registry import KINDS

Explain = Callable[[Trace, Any, Place], tuple[Parts, tuple[Window, ...]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of layer is explained.

    Attributes:
        explain: From a trace, the layer and a place to the parts of the number there.
        formula: What the layer computes.
        helpers: Functions that its ``forward`` calls and that are worth reading.
    """

    explain: Explain
    formula: str
    helpers: tuple[Callable[..., Any], ...] = ()


EXPLAINED: dict[type[Layer], Kind] = {
    Conv2D: Kind(
        sums.convolution,
        "y[f, h, w] = b[f] + Σ kernel[f, c, i, j] · x[c, s·h + i − p, s·w + j − p]",
        (im2col,),
    ),
    Dense: Kind(sums.dense, "y[u] = b[u] + Σ W[u, d] · x[d]"),
    Residual: Kind(sums.block, "y = F(x) + S(x)"),
    MaxPool2D: Kind(each.pool, "y[c, h, w] = max x[c, s·h + i, s·w + j]"),
    AveragePool2D: Kind(each.pool, "y[c, h, w] = Σ x[c, s·h + i, s·w + j] / K²"),
    Flatten: Kind(each.flatten, "y[(c·H + h)·W + w] = x[c, h, w]"),
    Dropout: Kind(each.dropout, "y = x;  while training y = x · m / (1 − rate), m = 0 or 1"),
    BatchNorm: Kind(each.normalization, "y = (x − μ) / √(σ² + ε) · γ + β"),
    activations.ReLU: Kind(each.curve, "y = max(x, 0)"),
    activations.LeakyReLU: Kind(each.curve, "y = max(x, slope · x)"),
    activations.ELU: Kind(each.curve, "y = max(x, 0) + α (e^min(x, 0) − 1)"),
    activations.Swish: Kind(each.curve, "y = x σ(x)", (activations.sigmoid,)),
    activations.GELU: Kind(each.curve, "y = x/2 (1 + tanh u),  u = √(2/π) (x + 0.044715 x³)"),
    activations.Sigmoid: Kind(each.curve, "y = 1 / (1 + e⁻ˣ)", (activations.sigmoid,)),
    activations.Tanh: Kind(each.curve, "y = tanh x"),
    activations.Softmax: Kind(probabilities.softmax_layer, "y[k] = e^x[k] / Σ e^x[i]"),
}
"""Every kind of layer that a spec can name."""

_ANSWER_FORMULA = "p[k] = e^(z[k]/T) / Σ e^(z[i]/T)"
_INPUT_FORMULA = "x[c, h, w] = grey / 255"


def explain(trace: Trace, path: str, place: Place) -> Explanation:
    """How a number of a layer, or of the picture, came about.

    Args:
        trace: What the layers made of a picture.
        path: Of the layer, or ``INPUT``.
        place: Where in its output.

    Raises:
        ConfigError: There is no such layer or place.
    """
    check_place(trace, path, place)
    value = float(trace.outputs[path][place])
    if path == INPUT:
        parts = InputParts(round(value * 255), value)
        sources = (source_of(Network.to_inside),)
        return Explanation(path, INPUT, place, value, _INPUT_FORMULA, sources, parts)
    layer = trace.walked(path).layer
    kind = EXPLAINED[type(layer)]
    told, reads = kind.explain(trace, layer, place)
    functions = (type(layer).forward, *kind.helpers)
    return Explanation(
        path,
        KINDS[type(layer)],
        place,
        value,
        kind.formula,
        tuple(source_of(function) for function in functions),
        told,
        reads,
    )


def explain_answer(
    trace: Trace, place: Place, names: tuple[str, ...], temperature: float
) -> Explanation:
    """How logits became a probability.

    Raises:
        ConfigError: There is no such output.
    """
    last = trace.layers[-1].path
    check_place(trace, last, place)
    parts = probabilities.softmax_parts(trace.logits, temperature, names)
    return Explanation(
        ANSWER,
        ANSWER,
        place,
        parts.probabilities[place[0]],
        _ANSWER_FORMULA,
        (source_of(softmax),),
        parts,
        (Window(last, 0, len(names)),),
    )


def check_layer(trace: Trace, path: str) -> None:
    """Refuse a layer that is not there.

    Raises:
        ConfigError: The sentence says which there are.
    """
    known, asked = [*trace.outputs, ANSWER], path[:40]
    if path not in trace.outputs:
        raise ConfigError(
            f"The network has no layer '{asked}'",
            expected=", ".join(known),
            hint=nearest(asked, known),
        )


def check_place(trace: Trace, path: str, place: Place) -> None:
    """Refuse what is not there.

    Raises:
        ConfigError: There is no such layer or place; the sentence says which there are.
    """
    check_layer(trace, path)
    shape = trace.outputs[path].shape
    is_there = len(place) == len(shape) and all(
        0 <= at < size for at, size in zip(place, shape, strict=True)
    )
    if not is_there:
        names = ("channel", "row", "column") if len(shape) == 3 else ("unit",)
        ranges = (f"{name} 0 to {size - 1}" for name, size in zip(names, shape, strict=True))
        raise ConfigError(
            f"There is no such number in {path}",
            expected=", ".join(ranges),
            received=",".join(map(str, place)) or "none",
        )
