"""What the rules judge a run by, and what they find."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.run import EpochFinished, Suggestion
from digitdesk.nn.network import Network
from digitdesk.training.settings import LiveSettings
from digitdesk.training.split import Images


@dataclass(frozen=True, slots=True)
class BlindGuessing:
    """How well one does who never looks at a picture.

    Attributes:
        accuracy: By naming the most frequent class.
        loss: By giving each class its share as answer: the entropy of the shares, in nats, or
            their mean squared error.
    """

    accuracy: float
    loss: float

    @classmethod
    def of(
        cls, labels: NDArray[np.uint8] | None, outputs: int, loss: str = "cross-entropy"
    ) -> BlindGuessing:
        """From the labels (N,) of all training pictures; ``None`` where all are as frequent."""
        counts = np.ones(outputs) if labels is None else np.bincount(labels, minlength=outputs)
        shares = counts[counts > 0] / counts.sum()
        if loss == "squared-error":
            return cls(float(shares.max()), float((1 - (shares * shares).sum()) / outputs))
        return cls(float(shares.max()), float(-(shares * np.log(shares)).sum()))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run as it stands after an epoch.

    Attributes:
        history: All epochs so far, one or more.
        settings: In force now.
        network: That learns; it is only read.
        images: Some of its pictures (N, 28, 28), to look at units with.
        blind: What has to be beaten.
        usual_rate: The learning rate that the optimizer usually works with; infinite if unknown.
        usual_decay: The weight decay that it usually works with.
    """

    history: Sequence[EpochFinished]
    settings: LiveSettings
    network: Network
    images: Images
    blind: BlindGuessing
    usual_rate: float = math.inf
    usual_decay: float = 0.0

    @property
    def last(self) -> EpochFinished:
        """The epoch that has just ended."""
        return self.history[-1]

    @property
    def is_at_the_end(self) -> bool:
        """Whether that was the last one."""
        return self.last.epoch == self.settings.epochs

    @property
    def much_below_usual(self) -> bool:
        """Whether the learning rate is a tenth of the usual one or less."""
        return math.isfinite(self.usual_rate) and (
            self.settings.learning_rate <= 0.1 * self.usual_rate * (1 + 1e-9)
        )

    def slower(self, factor: float) -> Suggestion:
        """A lower learning rate, and never more than is usual."""
        return Suggestion(
            "learning_rate", min(self.settings.learning_rate * factor, self.usual_rate)
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found: ``sentence_id`` and ``suggestion`` of a ``RunDiagnosis``."""

    sentence_id: str
    suggestion: Suggestion | None = None
