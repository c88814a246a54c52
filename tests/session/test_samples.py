"""Pictures to look at: the same seed gives the same, and no large set is made for a few."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from digitdesk.errors import DataError
from digitdesk.messages.picture import Picture
from digitdesk.session.samples import Samples


def test_a_sample_is_made_up_where_there_is_no_mnist(tmp_path: Path) -> None:
    samples = Samples(tmp_path)
    sample = samples.test_sample("mnist", None, 4)
    assert sample == Samples(tmp_path).test_sample("mnist", None, 4)
    assert sample != samples.test_sample("mnist", None, 5)
    assert sample.source == "handwriting"
    assert sample.label in set("0123456789")
    assert (sample.picture.width, sample.picture.height) == (28, 28)
    assert max(sample.picture.pixels) > 128


@pytest.mark.mnist
def test_a_sample_is_one_of_the_test_set(mnist_dir: Path, tmp_path: Path) -> None:
    samples = Samples(tmp_path)
    drawn = [samples.test_sample("mnist", mnist_dir, seed) for seed in range(20)]
    assert {sample.source for sample in drawn} == {"mnist"}
    assert len({sample.picture for sample in drawn}) > 15
    found = samples.test_set("mnist", mnist_dir)
    images, labels = found.images, found.labels
    assert len(labels) == 10_000
    known = {Picture.of(images[k]): str(labels[k]) for k in range(len(labels))}
    assert all(known[sample.picture] == sample.label for sample in drawn)


def test_a_preview_of_made_up_digits_makes_only_what_it_shows(tmp_path: Path) -> None:
    samples = Samples(tmp_path)
    started = time.process_time()
    pairs = samples.augmentation_preview("handwriting", None, 0.7, 6, 0)
    assert time.process_time() - started < 1
    assert len(pairs) == 6
    assert all(picture.width == picture.height == 28 for pair in pairs for picture in pair)
    assert all(before != after for before, after in pairs)
    assert pairs == samples.augmentation_preview("handwriting", None, 0.7, 6, 0)
    # Another strength shows the same pictures, changed otherwise; none leaves them as they are.
    stronger = samples.augmentation_preview("handwriting", None, 1.0, 6, 0)
    assert [p[0] for p in stronger] == [p[0] for p in pairs]
    assert [p[1] for p in stronger] != [p[1] for p in pairs]
    assert all(b == a for b, a in samples.augmentation_preview("handwriting", None, 0.0, 6, 0))


def test_a_preview_of_a_set_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not on this computer"):
        Samples(tmp_path).augmentation_preview("mnist", None, 0.5, 4, 0)
