"""Goes on with a network that has learned already: a short run on what is new, mixed with the old.

The loop is that of every run, with a low rate, so that little is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from digitdesk.messages.model import ModelCard
from digitdesk.messages.run import Progress, RunEvent, TrainingConfig
from digitdesk.nn.network import Network
from digitdesk.training.run import Run
from digitdesk.training.split import TrainingData
from digitdesk.training.trainer import Trainer

BATCH = 128
_RATE = 0.0006
_AVERAGE = 0.99


def teach(
    network: Network,
    card: ModelCard,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    *,
    epochs: int,
    seed: int,
    tell: Callable[[int, int], None],
) -> None:
    """Train a network further, in place.

    Args:
        network: With the weights it has.
        card: What is known of it.
        images: (N, 28, 28), or (N, 10, 28, 28) of strokes.
        labels: (N,) outputs of the network.
        epochs: How often each is shown.
        seed: Decides their order.
        tell: Told how many steps are done, and of how many; raises to stop.

    Raises:
        TrainingError: The loss or a weight is no longer a number.
    """

    def emit(event: RunEvent) -> None:
        if isinstance(event, Progress):
            tell(event.step, event.total_steps)

    config = TrainingConfig(
        model=network.spec,
        epochs=epochs,
        batch_size=BATCH,
        optimizer="adamw",
        learning_rate=_RATE,
        schedule="one-cycle",
        weight_decay=0.01,
        label_smoothing=0.05,
        # Planes of direction would no longer fit a picture that is turned.
        augmentation=0.3 if images.ndim == 3 else 0.0,
        average=_AVERAGE,
        seed=seed,
        device="cpu",
    )
    nothing = images[:0], labels[:0]
    data = TrainingData(images, labels, *nothing, *nothing)
    Trainer(Run(config=config, emit=emit), data, network, card).run()
