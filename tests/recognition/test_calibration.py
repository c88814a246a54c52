"""The temperature is the best one there is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from digitdesk.errors import DataError
from digitdesk.metrics import expected_calibration_error
from digitdesk.nn.losses import softmax
from digitdesk.recognition.calibration import (
    MAX_TEMPERATURE,
    MIN_TEMPERATURE,
    fit_temperature,
)


def drawn(temperature: float, n: int = 20_000) -> tuple[Any, Any]:
    """Logits, and labels drawn with the probabilities these logits have at a temperature."""
    rng = np.random.default_rng(5)
    logits = rng.normal(0, 4, (n, 10))
    gumbel = rng.gumbel(size=logits.shape)
    return logits, (logits / temperature + gumbel).argmax(axis=1)


def mean_loss(logits: Any, labels: Any, temperature: float) -> float:
    probabilities = softmax(logits / temperature, axis=1)
    return float(-np.log(probabilities[np.arange(len(labels)), labels]).mean())


@pytest.mark.parametrize("temperature", [0.3, 1.0, 1.7, 6.0])
def test_the_temperature_that_made_the_labels_is_found(temperature: float) -> None:
    logits, labels = drawn(temperature)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.04)


def test_no_neighbor_is_better() -> None:
    logits, labels = drawn(1.7, n=300)
    best = fit_temperature(logits, labels)
    least = mean_loss(logits, labels, best)
    for factor in (0.5, 0.99, 0.999, 1.001, 1.01, 2):
        assert mean_loss(logits, labels, best * factor) > least


def test_float32_offsets_and_scale_change_nothing_they_should_not() -> None:
    logits, labels = drawn(1.7, n=2000)
    best = fit_temperature(logits, labels)
    assert fit_temperature(logits.astype(np.float32), labels) == pytest.approx(best, rel=1e-5)
    assert fit_temperature(logits + 1000, labels) == pytest.approx(best, rel=1e-9)
    assert fit_temperature(logits * 3, labels) == pytest.approx(best * 3, rel=1e-6)


def test_what_has_no_best_temperature_ends_at_the_edge() -> None:
    logits = np.eye(4) * 9
    assert fit_temperature(logits, np.arange(4)) == MIN_TEMPERATURE
    assert fit_temperature(logits, np.array([1, 2, 3, 0])) == MAX_TEMPERATURE


def test_where_every_temperature_is_as_good_it_stays_1() -> None:
    assert fit_temperature(np.zeros((4, 4)), np.arange(4)) == 1
    assert fit_temperature(np.eye(4) * 1e30, np.arange(4)) == 1


@pytest.mark.parametrize(
    ("logits", "labels"),
    [(np.zeros((0, 3)), []), (np.zeros((2, 3)), [1]), (np.array([[np.nan, 1.0]]), [0])],
)
def test_what_cannot_be_fitted_is_refused(logits: Any, labels: list[int]) -> None:
    with pytest.raises(DataError, match="temperature"):
        fit_temperature(logits, np.array(labels, np.int64))


def test_fitting_lowers_the_calibration_error() -> None:
    logits, labels = drawn(2.5)
    before = expected_calibration_error(softmax(logits, axis=1), labels)
    best = fit_temperature(logits, labels)
    after = expected_calibration_error(softmax(logits / best, axis=1), labels)
    assert before > 0.1
    assert after < 0.01
