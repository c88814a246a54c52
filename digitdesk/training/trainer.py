"""The training loop: synchronous, without threads of its own and without a screen.

It is handed everything it needs, reports through ``emit`` and asks ``should_stop`` before every
step, so the same loop serves the window, the command line and the tests.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.augmentation import augment
from digitdesk.data.batches import shuffled_batches
from digitdesk.errors import TrainingError
from digitdesk.intervals import wilson_interval
from digitdesk.messages import (
    EpochFinished,
    Progress,
    RunEvent,
    RunFinished,
    RunStarted,
    TrainingConfig,
)
from digitdesk.nn.losses import SoftmaxCrossEntropy
from digitdesk.nn.network import Network
from digitdesk.nn.optimizers import DEFAULT_LEARNING_RATES, WeightAverage, make_optimizer
from digitdesk.nn.schedules import make_schedule
from digitdesk.training.metrics import RunningMean, Throttle
from digitdesk.training.shards import DataParallelStep
from digitdesk.training.split import TrainingData

REPORT_SECONDS = 0.05
PUBLISH_SECONDS = 0.25

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Score:
    """Mean loss and accuracy of a network on one set."""

    loss: float
    accuracy: float
    correct: int
    count: int


class Trainer:
    """One run: trains ``network`` on ``data`` as ``config`` says.

    Args:
        config: The settings; the same settings give the same weights.
        data: The images, already split.
        network: Built, with its first weights; trained in place.
        emit: Receives the run's events, except the last one, which ``run`` returns.
        should_stop: Asked before each step; may block while the run is paused.
        publish: Receives ``(step, weights)`` a few times a second, for reading while it learns.
        run_id: Written into every event.
        clock: Seconds, monotonic.
    """

    def __init__(
        self,
        config: TrainingConfig,
        data: TrainingData,
        network: Network,
        *,
        emit: Callable[[RunEvent], None],
        should_stop: Callable[[], bool],
        publish: Callable[[int, Weights], None],
        run_id: int = 0,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._config = config
        self._data = data
        self._network = network
        self._emit = emit
        self._should_stop = should_stop
        self._publish = publish
        self._run_id = run_id
        self._clock = clock
        self._steps_per_epoch = math.ceil(len(data.train_labels) / config.batch_size)
        self._total_steps = self._steps_per_epoch * config.epochs
        peak = config.learning_rate or DEFAULT_LEARNING_RATES[config.optimizer]
        self._schedule = make_schedule(config.schedule, peak=peak, total_steps=self._total_steps)
        self._average = (
            WeightAverage(config.average, network.parameters) if config.average else None
        )
        self._step = 0
        self._train_seconds = 0.0
        self._images_seen = 0
        self._since_report = RunningMean()
        self._report_throttle = Throttle(REPORT_SECONDS, clock)
        self._publish_throttle = Throttle(PUBLISH_SECONDS, clock)
        self._test_score: Score | None = None

    def run(self) -> RunFinished:
        """Train until all epochs are done or the run is told to stop.

        Raises:
            TrainingError: The loss is no longer a number.
        """
        config = self._config
        self._emit(self._started())
        optimizer = make_optimizer(
            config.optimizer,
            momentum=config.momentum,
            weight_decay=config.weight_decay,
            clip_norm=config.clip_norm,
        )
        step = DataParallelStep(
            self._network,
            SoftmaxCrossEntropy(label_smoothing=config.label_smoothing),
            optimizer,
            threads=config.threads,
        )
        # Separate streams, so that switching augmentation on does not change the order of images.
        order_rng = np.random.default_rng([config.seed, 1])
        augmentation_rng = np.random.default_rng([config.seed, 2])
        epochs_done = 0
        try:
            while epochs_done < config.epochs:
                if not self._train_epoch(epochs_done + 1, step, order_rng, augmentation_rng):
                    break
                epochs_done += 1
        finally:
            step.close()
        return self._finished(epochs_done)

    @property
    def step(self) -> int:
        """Steps done so far."""
        return self._step

    def _train_epoch(
        self,
        epoch: int,
        step: DataParallelStep,
        order_rng: np.random.Generator,
        augmentation_rng: np.random.Generator,
    ) -> bool:
        """One pass over the training set; False when told to stop on the way."""
        config, data = self._config, self._data
        epoch_started = self._clock()
        whole_epoch = RunningMean()
        batches = shuffled_batches(len(data.train_labels), config.batch_size, order_rng)
        for indices in batches:
            if self._should_stop():
                return False
            started = self._clock()
            images = data.train_images[indices].astype(np.float32) / np.float32(255)
            if config.augmentation:
                images = augment(images, augmentation_rng, strength=config.augmentation)
            learning_rate = float(self._schedule(self._step))
            result = step.run(images, data.train_labels[indices], learning_rate)
            if self._average is not None:
                self._average.update()
            self._train_seconds += self._clock() - started
            self._step += 1
            self._images_seen += result.count
            whole_epoch.add(result.loss, result.correct, result.count)
            self._since_report.add(result.loss, result.correct, result.count)
            self._report(epoch, learning_rate)
        self._emit(self._epoch_finished(epoch, whole_epoch, self._clock() - epoch_started))
        return True

    def _check(self, loss: float, learning_rate: float) -> None:
        if not math.isfinite(loss):
            raise TrainingError(
                f"Training diverged before step {self._step}: the loss is no longer a number",
                received=f"learning rate {learning_rate:.3g}",
                hint="Start again with a learning rate ten times smaller",
            )

    def _report(self, epoch: int, learning_rate: float) -> None:
        """Tell the screen and hand over weights, each at its own pace."""
        if not self._report_throttle.is_due() and self._step % self._steps_per_epoch:
            return
        # Looked at only here: on a GPU, asking for a loss waits for all work before it.
        self._check(self._since_report.loss, learning_rate)
        if self._publish_throttle.is_due():
            self._publish(self._step, self._weights())
        pace = self._train_seconds / self._step
        self._emit(
            Progress(
                self._run_id,
                epoch,
                self._step,
                self._total_steps,
                self._since_report.loss,
                self._since_report.accuracy,
                learning_rate,
                self._images_seen / max(self._train_seconds, 1e-9),
                pace * (self._total_steps - self._step),
            )
        )
        self._since_report.reset()

    def _weights(self) -> Weights:
        """The weights to read with."""
        with self._averaged():
            return self._network.snapshot()

    def _score(self, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Score | None:
        """Loss and accuracy of the weights as they would be saved now."""
        if not len(labels):
            return None
        with self._averaged():
            return score(self._network, images, labels)

    @contextlib.contextmanager
    def _averaged(self) -> Iterator[None]:
        """Put the weight average into the network for a while, where one is kept."""
        if self._average is None:
            yield
            return
        self._average.swap_in()
        try:
            yield
        finally:
            self._average.swap_out()

    def _started(self) -> RunStarted:
        return RunStarted(
            self._run_id,
            self._config,
            self._network.backend.description,
            self._network.parameter_count,
            len(self._data.train_labels),
            len(self._data.validation_labels),
            len(self._data.test_labels),
            self._steps_per_epoch,
        )

    def _epoch_finished(self, epoch: int, train: RunningMean, seconds: float) -> EpochFinished:
        data = self._data
        validation = self._score(data.validation_images, data.validation_labels)
        test = self._test_score = self._score(data.test_images, data.test_labels)
        self._publish(self._step, self._weights())
        return EpochFinished(
            self._run_id,
            epoch,
            self._step,
            train.loss,
            train.accuracy,
            validation.loss if validation else None,
            validation.accuracy if validation else None,
            test.loss if test else None,
            test.accuracy if test else None,
            seconds,
        )

    def _finished(self, epochs_done: int) -> RunFinished:
        completed = epochs_done == self._config.epochs
        if not completed:  # stopped inside an epoch: measure what the user would save
            self._test_score = self._score(self._data.test_images, self._data.test_labels)
        if self._average is not None:
            self._average.swap_in()
        test = self._test_score
        return RunFinished(
            self._run_id,
            "completed" if completed else "stopped",
            epochs=epochs_done,
            test_accuracy=test.accuracy if test else None,
            test_interval=wilson_interval(test.correct, test.count) if test else None,
            train_seconds=self._train_seconds,
            images_per_second=self._images_seen / max(self._train_seconds, 1e-9),
        )


def score(
    network: Network,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    *,
    chunk: int = 2000,
) -> Score:
    """Mean cross-entropy and accuracy of ``network`` on bytes (N, 28, 28) and labels (N,)."""
    loss_sum, correct = 0.0, 0
    for first in range(0, len(labels), chunk):
        part = images[first : first + chunk].astype(np.float32) / np.float32(255)
        wanted = labels[first : first + chunk].astype(np.intp)
        logits = network.predict_logits(part).astype(np.float64)
        logits -= logits.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(logits).sum(axis=1))
        loss_sum += float((log_sum - logits[np.arange(len(wanted)), wanted]).sum())
        correct += int((logits.argmax(axis=1) == wanted).sum())
    count = len(labels)
    return Score(loss_sum / count, correct / count, correct, count)
