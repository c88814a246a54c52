"""What can be said before the first step: of network, settings and pictures that will mislead."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.run import RunDiagnosis, Suggestion, TrainingConfig
from digitdesk.nn.layers import activations
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import DEFAULT_LEARNING_RATES, Momentum
from digitdesk.training.settings import optimizer_of

_FEW_PICTURES = 200
_TINY_BATCH, _MANY_PICTURES = 4, 500
_HIGH_MOMENTUM = 0.97
_UNEVEN, _FREQUENT = 5, 100


def before_training(
    network: Network,
    config: TrainingConfig,
    labels: NDArray[np.uint8],
    class_names: Sequence[str],
    run_id: int,
) -> list[RunDiagnosis]:
    """What is wrong with a run although it can begin.

    Args:
        network: As it is to be trained.
        config: The settings.
        labels: (N,) of all training pictures.
        class_names: By those numbers.
        run_id: Written into every diagnosis.
    """
    batch_size = min(config.batch_size, len(labels))
    said = [
        RunDiagnosis(run_id, "network", one) for one in _of_network(network, batch_size, config)
    ]
    said += [
        RunDiagnosis(run_id, kind, sentence, suggestion)
        for kind, sentence, suggestion in (
            *_of_pictures(labels, class_names, config),
            *_of_settings(config, len(labels)),
        )
    ]
    return said


def _of_network(network: Network, batch_size: int, config: TrainingConfig) -> Iterator[str]:
    *_, last = network.layers
    takes_softmax = config.loss == "cross-entropy"
    if takes_softmax and type(last).__module__ == activations.__name__:
        kind = type(last).__name__.lower()
        yield (
            f"The network ends in {kind}, and the loss takes the softmax itself. "
            "Leave that layer out: it learns better without."
        )
    if batch_size == 1 and any(map(_normalizes_single_numbers, network.layers)):
        yield (
            "Batch normalization makes zeros of a single picture, and nothing is learned. "
            "Take a batch size of 2 or more."
        )


def _of_pictures(
    labels: NDArray[np.uint8], class_names: Sequence[str], config: TrainingConfig
) -> Iterator[tuple[str, str, Suggestion | None]]:
    counts = np.bincount(labels, minlength=len(class_names))[: len(class_names)]
    most, fewest = int(counts.argmax()), int(np.where(counts, counts, len(labels) + 1).argmin())
    if counts[most] >= max(_FREQUENT, _UNEVEN * counts[fewest]):
        yield (
            "uneven-classes",
            f"There are {counts[most]:,} pictures of {class_names[most]} and {counts[fewest]:,} of "
            f"{class_names[fewest]}: accuracy says little of the rare classes.",
            None,
        )
    if len(labels) < _FEW_PICTURES and config.augmentation < 0.5:
        yield "few-pictures", "few-pictures", Suggestion("augmentation", 0.5)


def _of_settings(
    config: TrainingConfig, count: int
) -> Iterator[tuple[str, str, Suggestion | None]]:
    usual = DEFAULT_LEARNING_RATES[config.optimizer]
    rate = usual if config.learning_rate is None else config.learning_rate
    has_momentum = isinstance(optimizer_of(config), Momentum)
    if has_momentum and config.momentum >= _HIGH_MOMENTUM and rate >= usual:
        yield "momentum", "momentum", Suggestion("momentum", 0.9)
    if config.batch_size <= _TINY_BATCH and count >= _MANY_PICTURES:
        yield "tiny-batch", "tiny-batch", None


def _normalizes_single_numbers(layer: Layer) -> bool:
    """Whether a layer finds one number of each channel in a picture, not a whole area."""
    return isinstance(layer, BatchNorm) and math.prod(layer.output_shape[1:]) == 1
