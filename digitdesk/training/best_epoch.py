"""The epoch of a run that read held-out images best: which one it is, and its weights.

It is judged by the part of the training images that nothing is learned from, never by the test set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.run import EpochFinished, SettingChanged, TrainingConfig
from digitdesk.training.settings import judges_epochs

Weights = Mapping[str, NDArray[Any]]


class BestEpoch:
    """Keeps the weights of the best epoch so far, and says when to wait for no better one.

    Args:
        config: Of the run; where it asks for no best epoch, none is kept.

    Attributes:
        weights: Of that epoch, by name; empty as long as there is none.
    """

    def __init__(self, config: TrainingConfig) -> None:
        self._is_wanted = judges_epochs(config)
        self._patience = config.patience
        self.weights: Weights = {}

    def consider(self, history: Sequence[EpochFinished], snapshot: Callable[[], Weights]) -> None:
        """Keep the weights of the last epoch where it is the best.

        Args:
            history: All epochs so far.
            snapshot: Copies the weights as they were judged.
        """
        if self._is_wanted and best_of(history) == history[-1].epoch:
            self.weights = snapshot()

    def is_too_long_ago(
        self,
        history: Sequence[EpochFinished],
        changes: Sequence[SettingChanged] = (),
        steps_per_epoch: int = 1,
    ) -> bool:
        """Whether the run's patience is over.

        Epochs that somebody asked for are all trained: they count from the last time anybody did.
        """
        if self._patience is None or not history:
            return False
        asked = (c.step // steps_per_epoch for c in changes if c.name == "epochs")
        since = max(best_of(history), *asked, 0)
        return history[-1].epoch - since >= self._patience


def best_of(history: Sequence[EpochFinished]) -> int:
    """The number of the epoch with the most right answers on held-out images; 0 for none.

    Of several as good, it is the one with the lowest loss, and of those the first.
    """
    judged = [epoch for epoch in history if epoch.validation_accuracy is not None]
    return max(judged, key=_goodness).epoch if judged else 0


def _goodness(epoch: EpochFinished) -> tuple[float, float]:
    loss = np.inf if epoch.validation_loss is None else epoch.validation_loss
    return epoch.validation_accuracy or 0.0, -loss
