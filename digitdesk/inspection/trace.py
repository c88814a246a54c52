"""One picture's way through a network, forward and backward, with every layer's numbers kept.

The layers run as they are written, not fused, and each tells what it gave: blocks, too, run by
their own code. Layers use their arrays again, so what they tell is copied.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.inspection.walk import Walked, walk
from digitdesk.messages.inside.look import INPUT
from digitdesk.nn.core.backend import Array
from digitdesk.nn.network import Network

Numbers = NDArray[Any]
"""Of one picture: (C, H, W) or (D,), in the network's own number type."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """What every layer made of one picture.

    Attributes:
        layers: In the order in which they ran.
        outputs: By path, that of ``INPUT`` included.
    """

    layers: tuple[Walked, ...]
    outputs: dict[str, Numbers]

    @property
    def logits(self) -> Numbers:
        """What the last layer gave."""
        return self.outputs[self.layers[-1].path]

    def walked(self, path: str) -> Walked:
        """The layer of that path.

        Raises:
            KeyError: There is none.
        """
        return next((each for each in self.layers if each.path == path), None) or _missing(path)

    def input_of(self, path: str) -> Numbers:
        """What a layer was given."""
        return self.outputs[self.walked(path).before]


@dataclass(frozen=True, slots=True, eq=False)
class BackwardTrace:
    """A loss's gradients on their way back.

    Attributes:
        by_output: By each layer's output, and that by the picture under ``INPUT``.
        by_parameter: By dotted name.
    """

    by_output: dict[str, Numbers]
    by_parameter: dict[str, Numbers]


def trace(network: Network, image: Numbers) -> Trace:
    """Run a picture forward, as when it is read.

    Args:
        network: For this caller alone meanwhile; on the processor.
        image: (C, H, W), ink 1 and paper 0.
    """
    x = _as_batch(network, image)
    walked = tuple(walk(network.layers))
    outputs = {INPUT: _alone(x)}
    with listening(walked, "forward", lambda path, _, y: outputs.update({path: _alone(y)})):
        for layer in network.layers:
            x = layer.forward(x, training=False)
    return Trace(walked, outputs)


def trace_back(
    network: Network, image: Numbers, grad_of: Callable[[Array], Array]
) -> tuple[Trace, BackwardTrace]:
    """Run a picture forward as when it is read, and a gradient back.

    Batch normalization keeps its statistics and dropout drops nothing: the gradients are those of
    the numbers that are seen. Also the first layer passes its gradient on, to the picture.

    Args:
        network: For this caller alone meanwhile; its gradients are overwritten.
        image: (C, H, W), ink 1 and paper 0.
        grad_of: From logits (K, 1) to the gradient of the loss by them.
    """
    forward = trace(network, image)
    grads: dict[str, Numbers] = {}
    with (
        all_pass_on(forward.layers),
        listening(
            forward.layers, "backward", lambda path, grad_y, _: grads.update({path: _alone(grad_y)})
        ),
    ):
        grad = grad_of(forward.logits[..., np.newaxis])
        for layer in reversed(network.layers):
            grad = layer.backward(grad)
    grads[INPUT] = _alone(grad)
    by_parameter = {parameter.name: parameter.grad.copy() for parameter in network.parameters}
    return forward, BackwardTrace(grads, by_parameter)


def _as_batch(network: Network, image: Numbers) -> Array:
    """(C, H, W) → (C, H, W, 1), an array that nobody else has."""
    return np.array(image, dtype=network.dtype).reshape(*network.input_shape, 1)


def _alone(batch: Array) -> Numbers:
    """The one sample of a batch, copied: (…, 1) → (…)."""
    sample: Numbers = batch[..., 0].copy()
    return sample


@contextlib.contextmanager
def listening(
    walked: Sequence[Walked], method: str, hear: Callable[[str, Array, Array], object]
) -> Iterator[None]:
    """Meanwhile, have every layer tell what it is given and what it gives.

    Args:
        walked: The layers.
        method: ``forward`` or ``backward``.
        hear: Told the layer's path, what goes in and what comes out.
    """

    def telling(path: str, usual: Callable[..., Array]) -> Callable[..., Array]:
        def run(given: Array, **options: Any) -> Array:
            result = usual(given, **options)
            hear(path, given, result)
            return result

        return run

    for each in walked:
        # On this object, in front of its class's method.
        vars(each.layer)[method] = telling(each.path, getattr(each.layer, method))
    try:
        yield
    finally:
        for each in walked:
            del vars(each.layer)[method]


@contextlib.contextmanager
def all_pass_on(walked: Sequence[Walked]) -> Iterator[None]:
    """Meanwhile, no layer keeps the gradient by its input to itself."""
    usual = [each.layer.input_grad_needed for each in walked]
    for each in walked:
        each.layer.input_grad_needed = True
    try:
        yield
    finally:
        for each, needed in zip(walked, usual, strict=True):
            each.layer.input_grad_needed = needed


def _missing(path: str) -> Walked:
    raise KeyError(path)
