"""When the answer is "not sure", why, and that held-out digits are refused as rarely as stated."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.evaluation.evaluate import evaluate
from digitdesk.evaluation.labelled_sets import LabelledSet
from digitdesk.evaluation.scores import scores
from digitdesk.messages.model import ModelCard
from digitdesk.recognition.calibration import calibrate
from digitdesk.recognition.reader import Reader
from digitdesk.recognition.refusal import sureness
from tests.number_support import DRAWINGS, paper_with

CARD = ModelCard(
    title="t",
    spec="flatten dense(5)",
    class_names=("0", "1", "2"),
    reject_names=("letter", "scribble"),
    refusal_threshold=0.5,
)


class Says:
    """Gives the logits it was made with, whatever it sees."""

    def __init__(self, *logits: tuple[float, ...]) -> None:
        self._logits = np.array(logits, dtype=np.float64)

    def predict_logits(self, images: np.ndarray, /) -> np.ndarray:
        return self._logits[: len(images)]


PICTURE = np.ones((28, 28), dtype=np.float32)


@pytest.mark.parametrize(
    ("logits", "reason"),
    [
        ((0, 9, 0, 0, 0), ""),
        ((0, 2, 0, 5, 1), "letter"),
        ((0, 2, 0, 1, 5), "scribble"),
        ((2, 2, 2, 0, 0), "unsure"),
    ],
)
def test_the_reason_names_what_it_looks_like(logits: tuple[float, ...], reason: str) -> None:
    prediction = Reader(Says(logits), CARD).read_preprocessed(PICTURE)
    assert prediction.reason == reason
    assert prediction.is_refused == bool(reason)
    assert len(prediction.probabilities) == 3
    assert sum(prediction.probabilities) == pytest.approx(1), "the best guess is there all the same"


def test_a_card_without_threshold_never_refuses() -> None:
    card = ModelCard(title="t", spec="flatten dense(3)", class_names=("0", "1", "2"))
    assert Reader(Says((0.1, 0.1, 0.1)), card).read_preprocessed(PICTURE).reason == ""


def test_the_threshold_refuses_one_held_out_digit_in_a_hundred() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 5, 5000)
    logits = rng.normal(0, 1.5, (5000, 5))
    logits[np.arange(5000), labels] += 5
    temperature, threshold = calibrate(logits, labels, classes=3)
    sure = sureness(logits[labels < 3] / temperature, 3)
    assert (sure < threshold).mean() == pytest.approx(0.01, abs=0.002)
    refused = sureness(logits[labels >= 3] / temperature, 3) < threshold
    assert refused.mean() > 0.8


def test_an_evaluation_counts_refusals_and_what_was_answered() -> None:
    reader = Reader(Says((9, 0, 0, 0, 0), (0, 9, 0, 0, 0), (1, 0, 0, 5, 0), (0, 0, 9, 0, 0)), CARD)
    pictures = np.stack([PICTURE, PICTURE, PICTURE, PICTURE])
    result = scores(evaluate(reader, LabelledSet.of(pictures, np.array([0, 2, 1, 2]))))
    assert result.refusals is not None
    assert (result.accuracy, result.refusals.count, result.refusals.rate) == (0.5, 1, 0.25)
    assert result.refusals.reasons == {"letter": 1}
    assert result.refusals.answered_accuracy == pytest.approx(2 / 3)
    assert result.refusals.risk_coverage[-1] == (1.0, 0.5)
    assert result.calibration_error is not None


@pytest.mark.parametrize(
    ("contrast", "logits", "reason"),
    [
        (0.03, (0, 9, 0, 0, 0), "faint"),
        (0.08, (0, 9, 0, 0, 0), ""),
        (0.08, (0, 2, 0, 1, 5), "faint"),
        (0.6, (0, 2, 0, 1, 5), "scribble"),
    ],
)
def test_a_faint_picture_is_named_so_where_it_is_not_read(
    contrast: float, logits: tuple[float, ...], reason: str
) -> None:
    photo = paper_with(DRAWINGS[7], contrast=contrast, noise=0.004)
    assert Reader(Says(logits), CARD).read_picture(photo).reason == reason


def test_blank_paper_is_empty_and_not_faint() -> None:
    assert Reader(Says((0, 9, 0, 0, 0)), CARD).read_picture(paper_with(())).reason == "empty"
