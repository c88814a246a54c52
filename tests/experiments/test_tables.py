"""The table of an experiment: means, what is better, the front, importance, and exports."""

from __future__ import annotations

import csv
import io

import pytest

from digitdesk.errors import ConfigError
from digitdesk.experiments.folder import TrialRecord
from digitdesk.experiments.plans.rows import listed_rows
from digitdesk.experiments.results.exports import rows_latex, rows_markdown, runs_csv
from digitdesk.experiments.results.importance import importance
from digitdesk.experiments.results.tables import result_table
from digitdesk.messages.experiments.plan import Axis, Plan
from digitdesk.messages.experiments.results import ResultTable, seconds_number
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished

PLAN = Plan("x", grid=(Axis("learning_rate", (0.1, 0.01, 9.0, 1.0)),), seeds=(0, 1, 2))
ROWS = listed_rows(PLAN)
ACCURACIES = {1: (0.90, 0.91, 0.92), 2: (0.95, 0.96, 0.955), 4: (0.70, 0.72, 0.71)}
SECONDS = {1: 1.0, 2: 3.0, 4: 2.0}


def record(row: int, place: int) -> TrialRecord:
    number = (row - 1) * 3 + place + 1
    if row == 3:
        return TrialRecord(number, row, place, "failed", problem=Problem("Training diverged"))
    accuracy = ACCURACIES[row][place]
    epoch = EpochFinished(number, 1, 9, 0.3, 0.9, 0.4, accuracy - 0.01, 0.5, accuracy, 1.0)
    return TrialRecord(
        number, row, place, "finished", (epoch,), test_accuracy=accuracy, seconds=SECONDS[row]
    )


RECORDS = {
    found.number: found for row in range(1, 5) for found in (record(row, k) for k in range(3))
}


def table(measure: str = "test_accuracy", base: int | None = None) -> ResultTable:
    return result_table(PLAN, ROWS, RECORDS, measure, base)


def test_rows_are_compared_with_the_base() -> None:
    first, second, third, fourth = table().rows
    assert (first.mean, first.is_base, first.p) == (pytest.approx(0.91), True, None)
    assert first.sd == pytest.approx(0.01)
    assert second.is_best and second.verdict == "better"
    assert fourth.verdict == "worse"
    assert (third.mean, third.failed, third.count, third.of) == (None, 3, 0, 3)
    assert third.reason == Problem("Training diverged")
    assert table().comparisons == 2
    assert table(base=2).rows[0].verdict == "worse"


def test_no_other_row_of_the_front_is_quicker_and_as_good() -> None:
    assert [row.number for row in table().rows if row.is_fast] == [1, 2]


def test_of_losses_and_times_less_is_better() -> None:
    quickest = table("seconds")
    assert [row.number for row in quickest.rows if row.is_best] == [1]
    assert not quickest.is_higher_better
    assert table("validation_accuracy").rows[0].mean == pytest.approx(0.90)


@pytest.mark.parametrize(
    ("value", "written"), [(0.0431, "0.043"), (0.25, "0.25"), (1.0, "1.0"), (75.26, "75.3")]
)
def test_no_run_takes_no_time(value: float, written: str) -> None:
    assert seconds_number(value) == written


def test_strange_measures_and_rows_are_refused() -> None:
    with pytest.raises(ConfigError, match="no such measure"):
        table("beauty")
    with pytest.raises(ConfigError, match="from 1 to 4"):
        table(base=5)


def test_a_planted_effect_is_found_and_chance_is_not() -> None:
    plan = Plan("x", grid=(Axis("epochs", (1, 2, 3)), Axis("batch_size", (16, 32, 64))))
    rows = listed_rows(plan)
    reached = {n: 0.1 * dict(rows[n - 1])["epochs"] + 0.001 * (n % 2) for n in range(1, 10)}  # type: ignore[operator]
    first, second = importance(rows, reached)
    assert (first.name, second.name) == ("epochs", "batch_size")
    assert first.share > 0.99 > 0.01 > second.share
    assert importance(rows, {1: 0.5, 2: 0.6}) == ()


def test_every_run_is_a_line_of_the_csv() -> None:
    lines = list(csv.DictReader(io.StringIO(runs_csv(ROWS, RECORDS.values()))))
    assert [line["run"] for line in lines] == [str(n) for n in range(1, 13)]
    assert lines[3]["learning_rate"] == "0.01"
    assert float(lines[3]["test_accuracy"]) == 0.95
    assert (lines[6]["state"], lines[6]["reason"]) == ("failed", "Training diverged.")


def test_markdown_has_the_best_in_bold() -> None:
    text = rows_markdown(table())
    assert "| Learning rate | test accuracy, % | runs | seconds | p |" in text
    assert "| **0.01** | **95.50 ± 0.50** | **3/3** |" in text
    assert "| 9.0 | failed | 0/3 |  |  |" in text


def test_latex_can_be_set() -> None:
    text = rows_latex(table())
    assert text.count(r"\\") == 5
    assert r"test accuracy, \%" in text and r"\textbf{95.50 $\pm$ 0.50}" in text
    body = text.replace(r"\%", "").replace(r"\_", "")
    assert body.count("{") == body.count("}")
