"""Labelled sets in files: digits with labels, and pictures of no digits without."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from digitdesk.cli import json_output, text_output
from digitdesk.errors import DataError
from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.labelled_sets import labelled_images
from digitdesk.evaluation.scores import scores
from digitdesk.files.paths import assets_folder
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.recognition.reader import Reader
from digitdesk.storage.model_file import load_model


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.from_stored(load_model(assets_folder() / "reader.npz"), cpu_backend())


def noise(count: int, side: int) -> np.ndarray:
    rng = np.random.default_rng(4)
    return rng.integers(0, 256, (count, side, side)).astype(np.uint8)


def test_pictures_without_labels_are_only_refused_or_not(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "noise.npz"
    np.savez(path, images=noise(20, 32))
    result = scores(evaluate(reader, labelled_images(path)))
    assert result.accuracy is None and result.interval is None and result.n == 20
    assert result.refusals is not None
    assert result.refusals.rate >= 0.9, "noise is no digit"
    assert result.refusals.answered_accuracy is None
    text = text_output.evaluation(result, "Noise")
    assert "20 pictures of no digits" in text and "Not sure of" in text
    assert json.loads(json_output.evaluation(result, "reader"))["accuracy"] is None


def test_labels_count_where_they_are_given(reader: Reader, tmp_path: Path) -> None:
    images = np.zeros((6, 16, 16), dtype=np.uint8)
    images[:3, 2:14, 7:9] = 255  # three times a 1
    y, x = np.ogrid[-7.5:8.5, -7.5:8.5]
    images[3:, (y / 6) ** 2 + (x / 4.5) ** 2 <= 1] = 255
    images[3:, (y / 4) ** 2 + (x / 2.5) ** 2 <= 1] = 0  # three times a 0
    path = tmp_path / "small.npz"
    np.savez(path, images=images, labels=np.array([1, 1, 1, 0, 0, 0]))
    result = scores(evaluate(reader, labelled_images(path)))
    assert result.accuracy == 1.0
    assert "Wrong when only the surest are answered: 50 %: 0.00 %" in text_output.evaluation(
        result, ""
    )


@pytest.mark.parametrize("labels", [np.array([0.5, 1.0]), np.array([1]), np.array([-1, 3])])
def test_labels_that_do_not_fit_are_refused(
    reader: Reader, tmp_path: Path, labels: np.ndarray
) -> None:
    path = tmp_path / "wrong.npz"
    np.savez(path, images=noise(2, 28), labels=labels)
    with pytest.raises(DataError, match="label"):
        evaluate(reader, labelled_images(path))
