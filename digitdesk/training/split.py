"""Splits a data set: what is trained on, what choices are made by, what is only measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.dataset import Dataset
from digitdesk.errors import ConfigError
from digitdesk.messages.run import TrainingConfig


@dataclass(frozen=True, slots=True)
class ChosenImages:
    """Some images of a set, looked up when they are wanted: a copy of them all would be large.

    Attributes:
        of: Images (M, 28, 28).
        places: (N,) where those that are chosen lie among them.
    """

    of: NDArray[np.uint8]
    places: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, which: slice | NDArray[np.intp]) -> NDArray[np.uint8]:
        """A copy of some of those chosen, (n, 28, 28)."""
        return self.of[self.places[which]]


Images = NDArray[np.uint8] | ChosenImages
"""(N, 28, 28) bytes, of which some are asked for at a time."""


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Images (N, 28, 28) of bytes and labels (N,), split; validation and test may be empty."""

    train_images: Images
    train_labels: NDArray[np.uint8]
    validation_images: Images
    validation_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


def split(dataset: Dataset, config: TrainingConfig) -> TrainingData:
    """Hold out a random part of the training images; the test set is passed on whole.

    Args:
        dataset: The images as loaded.
        config: ``limit`` keeps that many training images, before ``validation_fraction`` of
            them are held out; ``seed`` decides which.

    Raises:
        ConfigError: Nothing would be left to train on.
    """
    order = np.random.default_rng([config.seed, 0]).permutation(len(dataset.train_labels))
    if config.limit is not None:
        order = order[: config.limit]
    held_out = round(len(order) * config.validation_fraction)
    validation, train = order[:held_out], order[held_out:]
    if not len(train):
        raise ConfigError(
            "There is nothing to train on",
            expected="at least one training image",
            received=f"{len(order)} images, of which {held_out} are held out",
            hint="Raise the limit or lower the validation part",
        )
    train.sort()
    validation.sort()
    return TrainingData(
        ChosenImages(dataset.train_images, train),
        dataset.train_labels[train],
        ChosenImages(dataset.train_images, validation),
        dataset.train_labels[validation],
        dataset.test_images,
        dataset.test_labels,
    )
