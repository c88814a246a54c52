"""What is no digit: made up from a seed, of three kinds, and no kind is a digit's twin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digitdesk.data.datasets import load_dataset
from digitdesk.data.synthetic.not_digits import REJECT_NAMES, generate
from digitdesk.errors import ConfigError


def test_all_three_kinds_from_a_seed() -> None:
    images, labels = generate(600, seed=3)
    again, _ = generate(600, seed=3)
    other, _ = generate(600, seed=4)
    assert images.shape == (600, 28, 28)
    assert set(labels.tolist()) == {10, 11, 12}
    assert np.array_equal(images, again)
    assert not np.array_equal(images, other)
    assert images.any(axis=(1, 2)).all(), "every picture has ink"


def test_rows_of_digits_are_wide_and_letters_are_not_always() -> None:
    images, labels = generate(600, seed=5)
    widths = (images.max(axis=1) > 60).sum(axis=1)
    assert np.median(widths[labels == 12]) > np.median(widths[labels == 10])


def test_it_joins_digits_but_does_not_stand_alone(tmp_path: Path) -> None:
    joined = load_dataset("handwriting+not-digits", data_dir=None, user_data=tmp_path, limit=50)
    assert joined.class_names == tuple("0123456789")
    assert joined.reject_names == REJECT_NAMES
    assert set(np.unique(joined.train_labels)) <= set(range(13))
    assert joined.test_labels.max() <= 9, "what is tested are digits"
    with pytest.raises(ConfigError, match=r"mnist\+not-digits"):
        load_dataset("not-digits", data_dir=None, user_data=tmp_path, limit=50)
