"""Changes a network's weights by hand: switches units off, prunes, adds noise, rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from digitdesk.errors import ConfigError
from digitdesk.inspection.trace import Numbers
from digitdesk.inspection.walk import Walked, walk
from digitdesk.messages.inside.edits import Edit, EditKind
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.flatten import Flatten
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.layers.residual import Residual
from digitdesk.nn.network import Network

_BITS = range(2, 17)
_SEED = 0


def edited(network: Network, edits: Iterable[Edit]) -> Network:
    """A network with weights of its own, changed one way after the other.

    Args:
        network: Stays as it is; on the processor.
        edits: The changes; those with chance in them come out the same each time.

    Raises:
        ConfigError: There is no such layer or unit, or the amount is out of range.
    """
    other = copied(network)
    for edit in edits:
        _CHANGES[edit.kind](other, edit)
    return other


def copied(network: Network) -> Network:
    """A network with the same weights, which are its own from now on."""
    other = network.replica()
    other.use_values(network.parameters.values.copy(), network.statistics.values.copy())
    return other


def _switch_off(network: Network, edit: Edit) -> None:
    """All that the unit learned becomes 0, and so does what normalizes it afterwards."""
    walked = tuple(walk(network.layers))
    owner = _owner(walked, edit)
    unit = _unit(owner, edit)
    for each in walked:
        is_its = each is owner or (
            isinstance(each.layer, BatchNorm) and _comes_of(walked, each, owner)
        )
        if is_its:
            for parameter in network.parameters:
                if parameter.name.startswith(f"{each.path}."):
                    parameter.value[unit] = 0


def _shift(network: Network, edit: Edit) -> None:
    owner = _learner(network, edit)
    name = "beta" if isinstance(owner.layer, BatchNorm) else "bias"
    network.parameters[f"{owner.path}.{name}"].value[_unit(owner, edit)] += edit.amount


def _scale(network: Network, edit: Edit) -> None:
    owner = _learner(network, edit)
    name = "gamma" if isinstance(owner.layer, BatchNorm) else "kernel"
    network.parameters[f"{owner.path}.{name}"].value[_unit(owner, edit)] *= edit.amount


def _prune(network: Network, edit: Edit) -> None:
    """The smallest of all weights together, so that some layers lose more than others."""
    _check_amount(edit, 0, 1)
    kernels = _kernels(network, edit)
    sizes = np.concatenate([np.abs(kernel).ravel() for kernel in kernels])
    count = round(edit.amount * sizes.size)
    smallest = np.argsort(sizes, kind="stable")[:count]
    is_kept = np.ones(sizes.size, dtype=bool)
    is_kept[smallest] = False
    first = 0
    for kernel in kernels:
        kernel *= is_kept[first : first + kernel.size].reshape(kernel.shape)
        first += kernel.size


def _add_noise(network: Network, edit: Edit) -> None:
    _check_amount(edit, 0, 100)
    rng = np.random.default_rng(_SEED)
    for kernel in _kernels(network, edit):
        kernel += rng.normal(0, edit.amount * float(kernel.std()), kernel.shape).astype(
            kernel.dtype
        )


def _quantize(network: Network, edit: Edit) -> None:
    """Each weight becomes the nearest of 2ᵇ − 1 numbers, evenly spaced around 0."""
    _check_amount(edit, _BITS[0], _BITS[-1])
    steps = 2 ** (round(edit.amount) - 1) - 1
    for kernel in _kernels(network, edit):
        step = float(np.abs(kernel).max(initial=0)) / steps
        if step:
            kernel[...] = np.rint(kernel / step) * step


_CHANGES: dict[EditKind, Callable[[Network, Edit], None]] = {
    "off": _switch_off,
    "shift": _shift,
    "scale": _scale,
    "prune": _prune,
    "noise": _add_noise,
    "quantize": _quantize,
}


def _kernels(network: Network, edit: Edit) -> list[Numbers]:
    """The kernels that are meant: one layer's, or all."""
    found = [
        parameter.value
        for parameter in network.parameters
        if parameter.name.endswith(".kernel")
        and (not edit.layer or parameter.name == f"{edit.layer}.kernel")
    ]
    if not found:
        raise ConfigError(
            f"There are no weights in '{edit.layer[:40]}'",
            expected=", ".join(
                name.removesuffix(".kernel")
                for name in (parameter.name for parameter in network.parameters)
                if name.endswith(".kernel")
            ),
        )
    return found


def _learner(network: Network, edit: Edit) -> Walked:
    """The layer that is named, where it has learned something itself; otherwise its owner."""
    walked = tuple(walk(network.layers))
    named = _named(walked, edit)
    return named if isinstance(named.layer, BatchNorm) else _owner(walked, edit)


def _owner(walked: Sequence[Walked], edit: Edit) -> Walked:
    """The layer whose units are seen in the layer that is named, such as in the ReLU behind it."""
    at = _named(walked, edit)
    while not isinstance(at.layer, Conv2D | Dense):
        before = _with_path(walked, at.before)
        if before is None or isinstance(at.layer, Flatten | Residual):
            raise ConfigError(
                f"The units of {edit.layer} have no weights of their own",
                expected="a convolution, a dense layer, or what follows one",
            )
        at = before
    return at


def _comes_of(walked: Sequence[Walked], each: Walked, owner: Walked) -> bool:
    """Whether a layer's channels are those of the owner, with nothing between that mixes them."""
    at = _with_path(walked, each.before)
    while at is not None and at is not owner:
        if isinstance(at.layer, Conv2D | Dense | Flatten | Residual):
            return False
        at = _with_path(walked, at.before)
    return at is owner


def _named(walked: Sequence[Walked], edit: Edit) -> Walked:
    found = _with_path(walked, edit.layer)
    if found is None:
        raise ConfigError(
            f"The network has no layer '{edit.layer[:40]}'",
            expected=", ".join(each.path for each in walked),
        )
    return found


def _with_path(walked: Sequence[Walked], path: str) -> Walked | None:
    return next((each for each in walked if each.path == path), None)


def _unit(owner: Walked, edit: Edit) -> int:
    units = owner.layer.output_shape[0]
    if edit.unit is None or not 0 <= edit.unit < units:
        raise ConfigError(
            f"There is no such unit in {edit.layer}",
            expected=f"0 to {units - 1}",
            received=str(edit.unit),
        )
    return edit.unit


def _check_amount(edit: Edit, low: float, high: float) -> None:
    if not low <= edit.amount <= high:
        raise ConfigError(
            f"'{edit.kind}' cannot be done by that much",
            expected=f"{low:g} to {high:g}",
            received=f"{edit.amount:g}",
        )
