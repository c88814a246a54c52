"""Looks at a run after each epoch and says, as plain data, what seems to go wrong and what helps.

It only watches: a run gives the same weights with and without it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.run import EpochFinished, RunDiagnosis, Suggestion
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.dropout import dropout_layers
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.network import Network
from digitdesk.training.settings import LiveSettings

_WATCHED_EPOCHS = 3
_LITTLE_PROGRESS = 0.02
_GOOD_ENOUGH = 0.98
_LOSS_RISE = 1.1
_GUESSING = 2.0
"""Times the accuracy of blind guessing below which nothing was learned."""

_MUCH_SLOWER = 0.1
_DEAD_PART = 0.4
_PROBE_COUNT = 256


class Diagnostics:
    """Finds each kind of trouble once in a run.

    Args:
        network: The network that learns; it is only read.
        images: Some images (N, 28, 28) to look at units with.
        run_id: Written into every diagnosis.
        usual_rate: The learning rate that the run's optimizer usually works with.
    """

    def __init__(
        self,
        network: Network,
        images: NDArray[np.uint8],
        run_id: int,
        usual_rate: float = math.inf,
    ) -> None:
        self._network = network
        self._usual_rate = usual_rate
        self._images = images[:_PROBE_COUNT]
        self._run_id = run_id
        self._given: set[str] = set()

    def after_epoch(
        self, history: Sequence[EpochFinished], settings: LiveSettings
    ) -> tuple[RunDiagnosis, ...]:
        """What is new to say after the last epoch of ``history``."""
        found = (
            self._plateau(history, settings),
            self._overfitting(history, settings),
            self._dead_units(history, settings),
        )
        new = tuple(one for one in found if one and one.kind not in self._given)
        self._given |= {one.kind for one in new}
        return new

    def diverged(self, epoch: int, settings: LiveSettings) -> RunDiagnosis:
        """The diagnosis of a run that ends because its numbers are none any more."""
        return self._slower("diverged", "diverged", epoch, settings, _MUCH_SLOWER)

    def better_rate(self, settings: LiveSettings, factor: float = _MUCH_SLOWER) -> float:
        """A lower learning rate, and never more than is usual."""
        return min(settings.learning_rate * factor, self._usual_rate)

    def _plateau(
        self, history: Sequence[EpochFinished], settings: LiveSettings
    ) -> RunDiagnosis | None:
        last = history[-1]
        guessing = _GUESSING / self._network.output_shape[0]
        if len(history) >= 2 and last.train_accuracy < guessing:
            return self._slower("plateau", "never-learned", last.epoch, settings, _MUCH_SLOWER)
        if len(history) <= _WATCHED_EPOCHS or last.train_accuracy >= _GOOD_ENOUGH:
            return None
        before = history[-1 - _WATCHED_EPOCHS].train_loss
        if before - last.train_loss < _LITTLE_PROGRESS * before:
            return self._slower("plateau", "plateau", last.epoch, settings, 0.3)
        return None

    def _overfitting(
        self, history: Sequence[EpochFinished], settings: LiveSettings
    ) -> RunDiagnosis | None:
        """Held-out images are read worse and worse while the training images still improve."""
        losses = [epoch.validation_loss for epoch in history]
        known = [loss for loss in losses if loss is not None]
        if len(known) != len(losses) or len(known) <= 2:
            return None
        best = int(np.argmin(known))
        is_past = len(known) - 1 - best >= 2 and known[-1] > _LOSS_RISE * known[best]
        if not (is_past and history[-1].train_loss < history[best].train_loss):
            return None
        suggestion = Suggestion("weight_decay", max(1e-4, 10 * settings.weight_decay))
        if settings.augmentation < 0.5:
            suggestion = Suggestion("augmentation", 0.5)
        elif next(dropout_layers(self._network.layers), None) is not None:
            suggestion = Suggestion("dropout", 0.5)
        return RunDiagnosis(
            self._run_id, "overfitting", "overfitting", suggestion, history[-1].epoch
        )

    def _dead_units(
        self, history: Sequence[EpochFinished], settings: LiveSettings
    ) -> RunDiagnosis | None:
        if "dead-relu" in self._given or dead_part(self._network, self._images) < _DEAD_PART:
            return None
        return self._slower("dead-relu", "dead-relu", history[-1].epoch, settings, 0.3)

    def _slower(
        self, kind: str, sentence_id: str, epoch: int, settings: LiveSettings, factor: float
    ) -> RunDiagnosis:
        suggestion = Suggestion("learning_rate", self.better_rate(settings, factor))
        return RunDiagnosis(self._run_id, kind, sentence_id, suggestion, epoch)


def dead_part(network: Network, images: NDArray[np.uint8]) -> float:
    """Part of the units that never act, of the layer before a ReLU where it is largest.

    A unit acts on an image if its ReLU gives more than 0 anywhere. The network is read layer by
    layer, as it is written.
    """
    relus = _relus_of_units(network.layers)
    if not relus or not len(images):
        return 0.0
    replica = network.replica()
    acts = dict.fromkeys(relus, network.backend.xp.asarray(False))
    for first in range(0, len(images), replica.micro_batch_size):
        x = replica.to_inside(images[first : first + replica.micro_batch_size])
        for layer in replica.layers:
            x = layer.forward(x, training=True)
            if layer.name in acts:
                acts[layer.name] = acts[layer.name] | (x > 0).reshape(len(x), -1).any(axis=1)
    return max(1 - float(some.mean()) for some in acts.values())


def _relus_of_units(layers: Sequence[Layer]) -> list[str]:
    """Names of the ReLUs that a layer's units go into, blocks' insides left out."""
    names, has_units = [], False
    for layer in layers:
        if isinstance(layer, ReLU):
            names += [layer.name] if has_units else []
            has_units = False
        elif isinstance(layer, Dense | Conv2D):
            has_units = True
    return names
