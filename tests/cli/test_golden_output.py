"""What machines read of the command line is the same to the byte as version 0.1.0 wrote it."""

from __future__ import annotations

from pathlib import Path

from digitdesk.cli import output
from digitdesk.messages.dataset import DatasetInfo
from digitdesk.messages.evaluation import Evaluation, Refusals
from digitdesk.messages.inspection import GradientRow
from digitdesk.messages.prediction import NumberReading, Prediction
from digitdesk.messages.run import RunFinished

NAMES = ("0", "1")
ONE = Prediction((0.25, 0.75), NAMES, b"\x07", reason="letter", source="A model", step=3)
REFUSALS = Refusals(2, 0.2, 0.875, {"letter": 2}, ((0.5, 0.0), (1.0, 0.125)))
EVALUATION = Evaluation(
    0.9, 10, 9, (0.6, 0.98), (1.0, None), ((9, 1), (0, 0)), NAMES, 0.03, REFUSALS
)
NUMBER = NumberReading("11", (ONE, ONE), ((1.0, 2.0, 3.0, 4.0), (5.0, 6.0, 7.0, 8.5)), 0.5, "x")
FINISHED = RunFinished(7, "completed", "", 2, 0.93, (0.9, 0.95), 0.5, 4000.0, 50, True)
ROWS = [
    GradientRow("dense(1)", "input", 3, 1e-9, True),
    GradientRow("tanh", "input", 2, 0.5, False),
]
SETS = [DatasetInfo("mnist", "MNIST — digits", "missing", "Not here.", "", True)]
FILE = Path("one.png")
GOLDEN = Path(__file__).parent / "golden" / "objects.jsonl"


def test_objects_are_as_they_always_were() -> None:
    said = [
        output.training_json(FINISHED, 3, Path("m.npz")),
        output.training_json(RunFinished(1, "completed"), 0, None),
        output.evaluation_json(EVALUATION, "m.npz"),
        output.evaluation_json(Evaluation(None, 3, 0, None, (), (), ()), "reader"),
        output.prediction_json(FILE, ONE),
        output.prediction_json(FILE, Prediction((), NAMES, b"", "empty")),
        output.number_json(FILE, NUMBER),
        output.number_json(FILE, NumberReading("", reason="empty")),
        output.datasets_json(SETS),
        output.gradients_json(ROWS),
    ]
    lines = [output.as_json(value) for value in said]
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines()
