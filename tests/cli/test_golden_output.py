"""What machines read of the command line is the same to the byte as version 0.1.0 wrote it.

Evaluations have come to say more since; that follows what was promised.
"""

from __future__ import annotations

from pathlib import Path

from digitdesk.cli import json_output, text_output
from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.evaluation import Evaluation, Refusals
from digitdesk.messages.inspection import GradientRow
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import NumberReading, Prediction
from digitdesk.messages.run import RunFinished

NAMES = ("0", "1")
ONE = Prediction(
    (0.25, 0.75), NAMES, Picture(1, 1, b"\x07"), reason="letter", source="A model", step=3
)
NOTHING = Prediction((), NAMES, None, reason="empty")
REFUSALS = Refusals(2, 0.2, 0.875, {"letter": 2}, ((0.5, 0.0), (1.0, 0.125)))
EVALUATION = Evaluation(
    0.9, 10, 9, (0.6, 0.98), (1.0, None), ((9, 1), (0, 0)), NAMES, 0.03, REFUSALS
)
NUMBER = NumberReading("11", (ONE, ONE), ((1.0, 2.0, 3.0, 4.0), (5.0, 6.0, 7.0, 8.5)), 0.5, "x")
FINISHED = RunFinished(7, "completed", None, 2, 0.93, (0.9, 0.95), 0.5, 4000.0, 50, True)
ROWS = [
    GradientRow("dense(1)", "input", 3, 1e-9, True),
    GradientRow("tanh", "input", 2, 0.5, False),
]
SETS = [DatasetInfo("mnist", "MNIST — digits", "missing", "Not here.", "", True)]
FILE = "one.png"
EVALUATIONS = (2, 3)
"""Among the lines."""
GOLDEN = Path(__file__).parent / "golden" / "objects.jsonl"


def test_objects_are_as_they_always_were() -> None:
    lines = [
        json_output.training(FINISHED, 3, Path("m.npz")),
        json_output.training(RunFinished(1, "completed"), 0, None),
        json_output.evaluation(EVALUATION, "m.npz"),
        json_output.evaluation(Evaluation(None, 3, 0, None, (), (), ()), "reader"),
        json_output.predictions([(FILE, ONE), (FILE, NOTHING)], "m.npz"),
        json_output.numbers([(FILE, NUMBER), (FILE, NumberReading("", reason="empty"))], "reader"),
        json_output.datasets(SETS),
        json_output.gradients(ROWS),
    ]
    promised = GOLDEN.read_text(encoding="utf-8").splitlines()
    for place in EVALUATIONS:
        assert lines[place].startswith(promised[place].removesuffix("}") + ", ")
        lines[place] = promised[place]
    assert lines == promised


def test_people_are_promised_no_more_than_machines() -> None:
    nearly = Evaluation(0.99999, 100_000, 99_999, (0.9999, 0.999999), (), (), ())
    assert "Accuracy 99.99 %" in text_output.evaluation(nearly, "m.npz")
    assert "interval 99.99 to 99.99 %" in text_output.evaluation(nearly, "m.npz")
