"""A split keeps no image twice, and gives those of each part in the order of the set."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from digitdesk.data.dataset import Dataset
from digitdesk.messages.run import TrainingConfig
from digitdesk.training.split import ChosenImages, split
from tests.training.small_runs import stripes

CONFIG = TrainingConfig(seed=3, validation_fraction=0.2)


@pytest.fixture
def dataset() -> Dataset:
    return Dataset.of("t", "T", stripes(50, 1), stripes(20, 2), class_names=tuple("0123456789"))


def test_no_image_is_copied(dataset: Dataset) -> None:
    data = split(dataset, CONFIG)
    for chosen in (data.train_images, data.validation_images):
        assert isinstance(chosen, ChosenImages)
        assert chosen.of is dataset.train_images
    assert data.test_images is dataset.test_images


def test_every_image_is_in_one_part_with_its_label(dataset: Dataset) -> None:
    data = split(dataset, CONFIG)
    assert (len(data.train_images), len(data.validation_images)) == (40, 10)
    pairs = {
        (image.tobytes(), int(label))
        for images, labels in (
            (data.train_images, data.train_labels),
            (data.validation_images, data.validation_labels),
        )
        for image, label in zip(images[:], labels, strict=True)
    }
    wanted = zip(dataset.train_images, dataset.train_labels, strict=True)
    assert pairs == {(image.tobytes(), int(label)) for image, label in wanted}


def test_a_limit_is_kept_and_some_can_be_asked_for(dataset: Dataset) -> None:
    data = split(dataset, dataclasses.replace(CONFIG, limit=10))
    images = data.train_images[:]
    assert images.shape == (8, 28, 28)
    np.testing.assert_array_equal(data.train_images[1::3], images[1::3])
    np.testing.assert_array_equal(data.train_images[np.array([7, 0])], images[[7, 0]])
