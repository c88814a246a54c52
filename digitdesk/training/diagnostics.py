"""Looks at a run before its first step and after each epoch: what seems to go wrong, what helps.

It only watches: a run gives the same weights with and without it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.run import DiagnosisLifted, EpochFinished, RunDiagnosis, Suggestion
from digitdesk.nn.layers import activations
from digitdesk.nn.layers.activations import ReLU
from digitdesk.nn.layers.convolution import Conv2D
from digitdesk.nn.layers.dense import Dense
from digitdesk.nn.layers.dropout import dropout_layers
from digitdesk.nn.layers.layer import Layer
from digitdesk.nn.layers.normalization import BatchNorm
from digitdesk.nn.network import Network
from digitdesk.training.settings import LiveSettings
from digitdesk.training.split import Images

_WATCHED_EPOCHS = 3
_LITTLE_PROGRESS = 0.02
_GOOD_ENOUGH = 0.98
_LOSS_RISE = 1.1
_GUESSING = 0.1
"""Part of the way from blind guessing to all right below which nothing was learned; and the part
of blind guessing's loss that must be gone."""

_FEWEST_STEPS = 100
_FEWEST_WATCHED_STEPS = 50
"""Of a few pictures an epoch is one step, and three steps say nothing."""

_MUCH_SLOWER = 0.1
_DEAD_PART = 0.4
_PROBE_COUNT = 256


class Diagnostics:
    """Finds each kind of trouble once in a run, and when it is over.

    Args:
        network: The network that learns; it is only read.
        images: Some images (N, 28, 28) to look at units with.
        run_id: Written into every diagnosis.
        labels: (N,) class numbers of all training images, for how well one guesses blindly;
            ``None`` where all outputs are as frequent.
        usual_rate: The learning rate that the run's optimizer usually works with.
    """

    def __init__(
        self,
        network: Network,
        images: Images,
        run_id: int,
        usual_rate: float = math.inf,
        *,
        labels: NDArray[np.uint8] | None = None,
    ) -> None:
        self._network = network
        self._usual_rate = usual_rate
        self._images = images[:_PROBE_COUNT]
        self._run_id = run_id
        self._given: set[str] = set()
        self._standing: dict[str, str] = {}
        outputs = network.output_shape[0]
        counts = np.ones(outputs) if labels is None else np.bincount(labels, minlength=outputs)
        shares = counts[counts > 0] / counts.sum()
        self._blind_accuracy = float(shares.max())
        self._blind_loss = float(-(shares * np.log(shares)).sum())

    def after_epoch(
        self, history: Sequence[EpochFinished], settings: LiveSettings
    ) -> tuple[RunDiagnosis | DiagnosisLifted, ...]:
        """What is new to say after the last epoch of ``history``, and what holds no longer."""
        found = (
            self._plateau(history, settings),
            self._overfitting(history, settings),
            self._dead_units(history, settings),
        )
        holding = {one.kind: one.sentence_id for one in found if one}
        over = [kind for kind, said in self._standing.items() if holding.get(kind) != said]
        for kind in over:
            del self._standing[kind]
        new = [one for one in found if one and one.kind not in self._given]
        self._given |= {one.kind for one in new}
        self._standing |= {one.kind: one.sentence_id for one in new}
        return (*(DiagnosisLifted(self._run_id, kind) for kind in over), *new)

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
        if self._guesses(last) and (len(history) >= 2 or last.epoch == settings.epochs):
            return self._slower("plateau", "never-learned", last.epoch, settings, _MUCH_SLOWER)
        earlier = [
            epoch.train_loss
            for epoch in history[:-_WATCHED_EPOCHS]
            if last.step - epoch.step >= _FEWEST_WATCHED_STEPS
        ]
        if not earlier or last.train_accuracy >= _GOOD_ENOUGH:
            return None
        if earlier[-1] - last.train_loss < _LITTLE_PROGRESS * earlier[-1]:
            return self._slower("plateau", "plateau", last.epoch, settings, 0.3)
        return None

    def _guesses(self, last: EpochFinished) -> bool:
        """Whether a network does no better than one that names the most frequent class."""
        blind = self._blind_accuracy
        return (
            last.step >= _FEWEST_STEPS
            and last.train_accuracy < blind + _GUESSING * (1 - blind)
            and last.train_loss > (1 - _GUESSING) * self._blind_loss
        )

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
        is_said_for_good = "dead-relu" in self._given - self._standing.keys()
        if is_said_for_good or dead_part(self._network, self._images) < _DEAD_PART:
            return None
        return self._slower("dead-relu", "dead-relu", history[-1].epoch, settings, 0.3)

    def _slower(
        self, kind: str, sentence_id: str, epoch: int, settings: LiveSettings, factor: float
    ) -> RunDiagnosis:
        suggestion = Suggestion("learning_rate", self.better_rate(settings, factor))
        return RunDiagnosis(self._run_id, kind, sentence_id, suggestion, epoch)


def before_training(network: Network, batch_size: int, run_id: int) -> list[RunDiagnosis]:
    """What is wrong with a network although it can be built.

    Args:
        network: As it is to be trained, under a loss that takes the softmax.
        batch_size: Images in a step.
        run_id: Written into every diagnosis.
    """
    said = []
    *_, last = network.layers
    if type(last).__module__ == activations.__name__:
        kind = type(last).__name__.lower()
        said.append(
            f"The network ends in {kind}, and the loss takes the softmax itself. "
            "Leave that layer out: it learns better without."
        )
    if batch_size == 1 and any(map(_normalizes_single_numbers, network.layers)):
        said.append(
            "Batch normalization makes zeros of a single picture, and nothing is learned. "
            "Take a batch size of 2 or more."
        )
    return [RunDiagnosis(run_id, "network", sentence) for sentence in said]


def _normalizes_single_numbers(layer: Layer) -> bool:
    """Whether a layer finds one number of each channel in a picture, not a whole area."""
    return isinstance(layer, BatchNorm) and math.prod(layer.output_shape[1:]) == 1


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
