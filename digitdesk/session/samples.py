"""A few pictures to look at: a test image for the board, and what augmentation makes of some.

Sets that are made up are made up only as far as they are shown; the others are read once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from digitdesk.data.augmentation import augment
from digitdesk.data.dataset import Dataset
from digitdesk.data.datasets import load_dataset
from digitdesk.data.synthetic import handwriting
from digitdesk.errors import DataError, DigitDeskError
from digitdesk.ink.arrays import UInt8Array
from digitdesk.ink.picture.grey_picture import as_bytes
from digitdesk.messages.dataset import TestSample
from digitdesk.messages.model import DIGITS
from digitdesk.messages.picture import Picture

_Key = tuple[str, Path | None]
"""A data set's name and the folder it was looked for in."""

_MADE_UP = "handwriting"
_KEPT_IMAGES = 512


@dataclass(frozen=True, slots=True, eq=False)
class TestSet:
    """Test images (N, 28, 28), their labels (N,), and a name for each class."""

    __test__ = False  # no test, whatever its name says to pytest

    images: UInt8Array
    labels: UInt8Array
    class_names: tuple[str, ...]


class Samples:
    """Pictures of data sets, kept once read: of the last one asked for.

    Several threads may ask at once: what is kept is replaced whole.

    Args:
        user_data: The user's data folder.
    """

    def __init__(self, user_data: Path) -> None:
        self._user_data = user_data
        self._test: tuple[_Key, TestSet] | None = None
        self._train: tuple[_Key, UInt8Array] | None = None

    def test_sample(self, name: str, data_dir: Path | None, rng_seed: int) -> TestSample:
        """A picture of a test set, or a made-up one where the set is not on this computer."""
        try:
            found = self.test_set(name, data_dir)
        except DigitDeskError:
            name = _MADE_UP
            found = TestSet(*handwriting.generate(1, seed=rng_seed), DIGITS)
        place = int(np.random.default_rng(rng_seed).integers(len(found.labels)))
        label = found.class_names[int(found.labels[place])]
        return TestSample(Picture.of(found.images[place]), label, name)

    def test_set(self, name: str, data_dir: Path | None) -> TestSet:
        """The test part of a data set.

        Raises:
            DigitDeskError: The set is not there, damaged, or has no test part.
        """
        key, kept = (name, data_dir), self._test
        if kept is not None and kept[0] == key:
            return kept[1]
        dataset = self.test_part(name, data_dir)
        found = TestSet(dataset.test_images, dataset.test_labels, dataset.class_names)
        if not len(found.labels):
            raise DataError(f"{name} has no test part", hint="Choose mnist or an IDX folder")
        self._test = (key, found)
        return found

    def augmentation_preview(
        self, name: str, data_dir: Path | None, strength: float, count: int, seed: int
    ) -> tuple[tuple[Picture, Picture], ...]:
        """Training images before and after augmentation.

        Raises:
            DigitDeskError: The set is not there or damaged.
        """
        images = self._train_images(name.split("+")[0].strip(), data_dir, count)
        rng = np.random.default_rng([seed, 2])
        places = np.random.default_rng(seed).permutation(len(images))[:count]
        chosen = images[places]
        changed = augment(chosen.astype(np.float32) / np.float32(255), rng, strength=strength)
        return tuple(
            (Picture.of(before), Picture.of(after))
            for before, after in zip(chosen, as_bytes(changed), strict=True)
        )

    def _train_images(self, name: str, data_dir: Path | None, count: int) -> UInt8Array:
        if name == _MADE_UP:
            return handwriting.generate(count, seed=0)[0]
        key, kept = (name, data_dir), self._train
        if kept is not None and kept[0] == key:
            return kept[1]
        images = self.train_images(name, data_dir, _KEPT_IMAGES, made_up=count)
        self._train = (key, images)
        return images

    def train_images(
        self, name: str, data_dir: Path | None, count: int, *, made_up: int | None = None
    ) -> UInt8Array:
        """The first training images (N, 28, 28) of a data set.

        Args:
            name: The data set.
            data_dir: The folder of data sets.
            count: At most so many.
            made_up: At most so many of those that take time to draw; ``count`` where ``None``.

        Raises:
            DigitDeskError: The set is not there or damaged.
        """
        limit = count if made_up is None else made_up
        whole = load_dataset(name, data_dir=data_dir, user_data=self._user_data, limit=limit)
        # Copied, so that the whole set is not held for the sake of a few.
        return whole.train_images[:count].copy()

    def test_part(self, name: str, data_dir: Path | None) -> Dataset:
        """A data set without its training images, as far as it can do without them.

        Raises:
            DigitDeskError: The set is not there or damaged.
        """
        return load_dataset(
            name, data_dir=data_dir, user_data=self._user_data, limit=1, test_only=True
        )
