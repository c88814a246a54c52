"""Everything of a run that changes while it runs, in one place, so that none of it is forgotten.

The trainer moves it on step by step; ``capture`` and ``restore`` carry it over an interruption.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any, SupportsFloat, SupportsInt

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.batches import shuffled_batches
from digitdesk.errors import ArraysError, ModelFileError
from digitdesk.messages.run import EpochFinished, SettingChanged, TrainingConfig
from digitdesk.nn.network import Network
from digitdesk.nn.optim.optimizers import ExponentialMovingAverage
from digitdesk.training.best_epoch import BestEpoch
from digitdesk.training.checkpoint import (
    Checkpoint,
    RunFacts,
    change_table,
    history_table,
    loss_table,
    pack_generator,
    unpack_generator,
)
from digitdesk.training.history.loss_samples import LossSamples
from digitdesk.training.running_mean import RunningMean
from digitdesk.training.settings import LiveSettings, optimizer_of


class TrainingState:
    """A run between two steps.

    Args:
        config: The settings the run begins with.
        network: Built, with its first weights.
        train_count: Images to train on.

    Attributes:
        settings: Present values of the settings that may change.
        epoch: Epochs finished and validated.
        batch: Batches trained in the epoch after that.
        step: Steps done in all.
        history: The finished epochs as reported.
        changes: The changes of settings as reported.
        epoch_mean: Loss and accuracy of the begun epoch.
        losses: Of single steps, as reported.
        best: The best epoch so far.
    """

    def __init__(self, config: TrainingConfig, network: Network, train_count: int) -> None:
        self._config = config
        self._train_count = train_count
        self.steps_per_epoch = math.ceil(train_count / config.batch_size)
        self.network = network
        self.optimizer = optimizer_of(config)
        self.settings = LiveSettings.of(config)
        self.average = (
            ExponentialMovingAverage(config.average, network.parameters) if config.average else None
        )
        # Separate streams, so that switching augmentation on does not change the order of images.
        self._order_rng = np.random.default_rng([config.seed, 1])
        self.augmentation_rng = np.random.default_rng([config.seed, 2])
        self.epoch = 0
        self.batch = 0
        self.step = 0
        self.train_seconds = 0.0
        self.images_seen = 0
        self.epoch_mean = RunningMean()
        self.history: list[EpochFinished] = []
        self.changes: list[SettingChanged] = []
        self.losses = LossSamples()
        self.best = BestEpoch(config)
        # The optimizer shows what it remembers only after its first step.
        self._untouched_optimizer: tuple[int, Mapping[str, NDArray[Any]]] | None = None
        self._begin_epoch()

    @property
    def total_steps(self) -> int:
        """Steps of the whole run as now planned."""
        return self.steps_per_epoch * self.settings.epochs

    @property
    def epoch_is_trained(self) -> bool:
        """Every batch of the begun epoch is done; what is missing is its validation."""
        return self.batch == self.steps_per_epoch

    @property
    def is_complete(self) -> bool:
        """All planned epochs are finished."""
        return self.epoch >= self.settings.epochs

    def next_batch(self) -> NDArray[np.intp]:
        """Indices of the images of the next step."""
        return next(self._batches)

    def count_step(
        self, loss: SupportsFloat, correct: SupportsInt, count: int, seconds: float
    ) -> None:
        """Note that a step is done."""
        self.step += 1
        self.batch += 1
        self.images_seen += count
        self.train_seconds += seconds
        self.epoch_mean.add(loss, correct, count)

    def finish_epoch(self, report: EpochFinished) -> None:
        """Note that an epoch is validated, and begin another."""
        self.history.append(report)
        self.epoch += 1
        self.batch = 0
        self.epoch_mean.reset()
        self._begin_epoch()

    def _begin_epoch(self) -> None:
        # Kept from before the shuffle: resuming shuffles again, the same way.
        self._order_start = pack_generator(self._order_rng)
        self._batches: Iterator[NDArray[np.intp]] = shuffled_batches(
            self._train_count, self._config.batch_size, self._order_rng
        )

    def capture(self) -> Checkpoint:
        """Copies of everything, on the host."""
        facts = RunFacts(
            config=self._config,
            settings=self.settings,
            spec=self.network.spec,
            epoch=self.epoch,
            batch=self.batch,
            step=self.step,
            steps_per_epoch=self.steps_per_epoch,
            average_steps=self.average.steps if self.average else 0,
            epoch_sums=self.epoch_mean.sums,
            train_seconds=self.train_seconds,
            images_seen=self.images_seen,
        )
        arrays: dict[str, NDArray[Any]] = {
            "order_rng": self._order_start,
            "augmentation_rng": pack_generator(self.augmentation_rng),
            "history": history_table(self.history),
            "changes": change_table(self.changes),
            "losses": loss_table(self.losses.all),
        }
        weights, optimizer = self.network.snapshot(), self._optimizer_arrays()
        arrays |= {f"weights.{name}": array for name, array in weights.items()}
        arrays |= {f"optimizer.{name}": array for name, array in optimizer.items()}
        arrays |= {f"best.{name}": array for name, array in self.best.weights.items()}
        if self.average is not None:
            arrays["average"] = np.array(self.network.backend.to_host(self.average.values))
        return Checkpoint(facts, arrays)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from what ``capture`` gave, for the same config, network and data.

        Raises:
            ModelFileError: Something is missing or does not belong to this run.
        """
        try:
            self._restore(checkpoint)
        except ArraysError as error:
            raise ModelFileError.about("The saved run cannot be used", error) from error

    def _restore(self, checkpoint: Checkpoint) -> None:
        facts = checkpoint.facts
        self._check(facts)
        self.history = list(checkpoint.history)
        self.changes = list(checkpoint.changes)
        self.losses.add(checkpoint.losses)
        weights, best = checkpoint.part("weights"), checkpoint.part("best")
        for name, array in checkpoint.arrays.items():
            if name.startswith(("weights.", "best.")):
                checkpoint.array(name, self.network.dtype, array.shape)
        if best:
            # Loaded for a moment, to be checked as the others are.
            self.network.load_arrays(best)
            self.best.weights = best
        self.network.load_arrays(weights)
        self._restore_optimizer(checkpoint)
        if self.average is not None:
            buffer = self.network.parameters
            values = checkpoint.array("average", buffer.dtype, buffer.values.shape)
            self.average.values[...] = self.network.backend.asarray(values)
            self.average.steps = facts.average_steps
        self.settings = facts.settings
        self.epoch, self.batch, self.step = facts.epoch, facts.batch, facts.step
        self.train_seconds, self.images_seen = facts.train_seconds, facts.images_seen
        self.epoch_mean.restore(*facts.epoch_sums)
        unpack_generator(
            checkpoint.array("augmentation_rng", "uint64", (6,)), self.augmentation_rng
        )
        unpack_generator(checkpoint.array("order_rng", "uint64", (6,)), self._order_rng)
        self._begin_epoch()
        # Passed over, not only counted: the first one taken shuffles.
        for _ in itertools.islice(self._batches, self.batch):
            pass

    def _restore_optimizer(self, checkpoint: Checkpoint) -> None:
        arrays, buffer = checkpoint.part("optimizer"), self.network.parameters
        numbers = {"steps": "int64", "scale": "float64"}
        for name in arrays:
            shape = () if name in numbers else buffer.values.shape
            dtype = numbers.get(name, buffer.dtype)
            checkpoint.array(f"optimizer.{name}", dtype, shape)
        self.optimizer.load_state_arrays(arrays)
        if self.optimizer.steps != checkpoint.facts.step:
            raise ModelFileError("The saved run's optimizer is from another step")
        self._untouched_optimizer = (self.optimizer.steps, arrays)

    def _optimizer_arrays(self) -> Mapping[str, NDArray[Any]]:
        untouched = self._untouched_optimizer
        if untouched is not None and untouched[0] == self.optimizer.steps:
            return untouched[1]
        return self.optimizer.state_arrays()

    def _check(self, facts: RunFacts) -> None:
        """Compare the facts with each other and with this run's data."""
        loss_sum, correct, count = facts.epoch_sums
        begun = min(facts.batch * self._config.batch_size, self._train_count)
        holds = (
            0 <= facts.epoch <= facts.settings.epochs
            and 0 <= facts.batch <= self.steps_per_epoch
            and facts.step == facts.epoch * self.steps_per_epoch + facts.batch
            and (count == begun and 0 <= correct <= count and math.isfinite(loss_sum))
            and facts.average_steps in (0, facts.step)
            and 0 <= facts.train_seconds < math.inf
            and facts.images_seen >= 0
            and facts.spec == self.network.spec
            and facts.steps_per_epoch == self.steps_per_epoch
        )
        if not holds:
            raise ModelFileError("The saved run does not fit its own data and settings")
