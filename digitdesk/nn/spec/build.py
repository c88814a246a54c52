"""Networks as text: ``conv(8, 3) relu maxpool(2) flatten dense(10)``.

The text is checked before anything is built, and every complaint names the place it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from digitdesk.errors import SpecError, nearest
from digitdesk.nn.core.backend import Backend, Shape, cpu_backend
from digitdesk.nn.core.parameters import ParameterBuffer
from digitdesk.nn.core.random_stream import RandomStream
from digitdesk.nn.layers.layer import BuildContext, Layer, ShapeError, build_layers
from digitdesk.nn.layers.residual import Residual
from digitdesk.nn.network import Network
from digitdesk.nn.spec.architectures import ARCHITECTURES, architecture_spec
from digitdesk.nn.spec.grammar import Call, Value, parse_calls
from digitdesk.nn.spec.registry import ALIASES, KINDS, REQUIRED, WORDS, count

__all__ = [
    "WORDS",
    "build_network",
    "check_spec",
    "declared_shapes",
    "format_layers",
    "parse_layers",
]

INPUT_SHAPE: Shape = (1, 28, 28)
MAX_LAYERS = 200


def build_network(
    spec: str,
    *,
    input_shape: Shape = INPUT_SHAPE,
    classes: int = 10,
    backend: Backend,
    dtype: str = "float32",
    seed: int = 0,
) -> Network:
    """Build a network from its text or its name.

    Args:
        spec: A named network (``cnn-light``, ``mlp(300, 100)``) or layers in a row.
        input_shape: Shape of one sample, (C, H, W).
        classes: How many outputs the last layer must give.
        backend: Where to compute.
        dtype: Number type.
        seed: Decides the starting values.

    Raises:
        SpecError: The text cannot be read or built; the sentence names the position.
    """
    layers = parse_layers(spec, classes=classes)
    text = format_layers(layers)
    try:
        network = Network(
            text,
            lambda: parse_layers(text),
            input_shape=input_shape,
            backend=backend,
            dtype=dtype,
            seed=seed,
        )
    except ShapeError as error:
        raise _misfit(error, layers) from None
    if network.output_shape != (classes,):
        raise SpecError(
            f"position {len(layers)}: the last layer must give {classes} numbers, one per class, "
            f"and gives {_outside(network.output_shape)}",
            hint=f"End with dense({classes})",
        )
    return network


def declared_shapes(
    spec: str, *, input_shape: Shape = INPUT_SHAPE, classes: int = 10, backend: Backend
) -> dict[str, Shape]:
    """Shapes of the arrays that a network will hold, by dotted name, with no memory asked for.

    A text of one line may describe a network of a hundred gigabytes; whoever has its arrays from
    a file compares them with these first. Arguments are those of ``build_network``.

    Raises:
        SpecError: The text cannot be read or built; the sentence names the position.
    """
    layers = parse_layers(spec, classes=classes)
    parameters, statistics = (
        ParameterBuffer(backend, "float32"),
        ParameterBuffer(backend, "float32"),
    )
    rng, random = np.random.default_rng(0), RandomStream(backend, 0)
    context = BuildContext(backend, "float32", parameters, statistics, rng, random)
    try:
        build_layers(layers, input_shape, context)
    except ShapeError as error:
        raise _misfit(error, layers) from None
    return {array.name: array.shape for arrays in (parameters, statistics) for array in arrays}


def _misfit(error: ShapeError, layers: Sequence[Layer]) -> SpecError:
    """The sentence for a layer that cannot take what comes to it."""
    word = KINDS[type(layers[error.position - 1])]
    return SpecError(
        f"position {error.position}: {word}(…) needs {error.needs}, "
        f"received {_outside(error.received)}",
        hint=error.hint[:1].upper() + error.hint[1:],
    )


def check_spec(spec: str, *, input_shape: Shape = INPUT_SHAPE, classes: int = 10) -> str:
    """The canonical text of a network that can be built.

    Raises:
        SpecError: It cannot.
    """
    return build_network(spec, input_shape=input_shape, classes=classes, backend=cpu_backend()).spec


def parse_layers(spec: str, *, classes: int = 10) -> tuple[Layer, ...]:
    """Layers from text, named and not yet built.

    Raises:
        SpecError: The text cannot be read.
    """
    calls = parse_calls(spec)
    if len(calls) == 1 and calls[0].name in ARCHITECTURES and str(calls[0]) != "softmax()":
        (call,) = calls
        hidden = tuple(_argument("1", "mlp", "units", count, value) for value in call.arguments)
        if call.keywords:
            raise SpecError(f"position 1: {call.name} takes plain numbers only")
        calls = parse_calls(architecture_spec(call.name, classes=classes, hidden=hidden))
    return _make_layers(calls)


def _make_layers(calls: Sequence[Call], within: str = "") -> tuple[Layer, ...]:
    if len(calls) > MAX_LAYERS:
        raise SpecError("The network is too long", expected=f"up to {MAX_LAYERS} layers")
    counts: dict[str, int] = {}
    layers = []
    for position, call in enumerate(calls, start=1):
        layer = _make_layer(call, f"{within}{position}")
        word = KINDS[type(layer)]
        counts[word] = counts.get(word, 0) + 1
        layer.name = f"{word}{counts[word]}"
        layers.append(layer)
    return tuple(layers)


def _make_layer(call: Call, position: str) -> Layer:
    name = ALIASES.get(call.name, call.name)
    if name == "residual":
        inner = [value for value in call.arguments if isinstance(value, Call)]
        if call.keywords or len(inner) != len(call.arguments) or not inner:
            raise SpecError(
                f"position {position}: residual(…) takes layers",
                expected="for example residual(conv(16, 3) relu conv(16, 3))",
            )
        return Residual(_make_layers(inner, within=f"{position}."))
    if name not in WORDS:
        hint = nearest(name, [*WORDS, "residual", *ALIASES, *ARCHITECTURES])
        if name in ARCHITECTURES:
            hint = f"{name} is a whole network; write it alone"
        raise SpecError(
            f"position {position}: there is no layer {call.name}",
            expected=", ".join([*WORDS, "residual"]),
            hint=hint,
        )
    settings = _settings(position, name, _given(position, name, call))
    if settings.get("padding", "same") == "same" and settings.get("kernel_size", 1) % 2 == 0:
        raise SpecError(
            f"position {position}: conv with padding=same needs an odd kernel_size",
            received=str(settings["kernel_size"]),
            hint="Write padding=valid for an even kernel",
        )
    return WORDS[name].layer(**settings)


def _given(position: str, name: str, call: Call) -> dict[str, Value]:
    """Arguments by name, those by place included."""
    names = [argument.name for argument in WORDS[name].arguments]
    if len(call.arguments) > len(names):
        most = len(names)
        raise SpecError(
            f"position {position}: {name} takes {most or 'no'} argument{'s' * (most != 1)}",
            received=str(len(call.arguments)),
        )
    given = dict(zip(names, call.arguments, strict=False))
    for key, value in call.keywords:
        if key not in names:
            raise SpecError(
                f"position {position}: {name} has no argument {key}",
                expected=", ".join(names) or "none",
                hint=nearest(key, names),
            )
        if key in given:
            raise SpecError(f"position {position}: {name} is given {key} twice")
        given[key] = value
    return given


def _settings(position: str, name: str, given: dict[str, Value]) -> dict[str, Any]:
    """Checked arguments, as the layer takes them."""
    settings = {}
    for argument in WORDS[name].arguments:
        if argument.name in given:
            value = given[argument.name]
            settings[argument.name] = _argument(
                position, name, argument.name, argument.check, value
            )
        elif argument.default is REQUIRED:
            raise SpecError(f"position {position}: {name}(…) needs {argument.name}")
    return settings


def _argument(
    position: str, word: str, name: str, check: Callable[[Value], Any], value: Value
) -> Any:
    try:
        return check(value)
    except ValueError as error:
        raise SpecError(
            f"position {position}: {word}'s {name} is wrong",
            expected=str(error),
            received=str(value),
        ) from None


def format_layers(layers: Sequence[Layer]) -> str:
    """The canonical text of layers: required arguments by place, others by name if not usual."""
    text = " ".join(_format_layer(layer) for layer in layers)
    # Alone, the word softmax is the network of that name; brackets make it the layer.
    return "softmax()" if text == "softmax" else text


def _format_layer(layer: Layer) -> str:
    if isinstance(layer, Residual):
        return f"residual({format_layers(layer.layers)})"
    name = KINDS[type(layer)]
    parts = []
    for argument in WORDS[name].arguments:
        value = getattr(layer, argument.name)
        text = repr(value) if isinstance(value, float) else str(value)
        if argument.default is REQUIRED:
            parts.append(text)
        elif value != argument.default:
            parts.append(f"{argument.name}={text}")
    return f"{name}({', '.join(parts)})" if parts else name


def _outside(shape: Shape) -> str:
    """A shape as people write it: images as (H, W, C)."""
    return str((*shape[1:], shape[0])) if len(shape) == 3 else str(shape)
