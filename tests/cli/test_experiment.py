"""``digitdesk experiment`` as it is typed: a plan made to its end, shown and exported; mistakes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.process import answer, refusal, run
from tests.training.small_runs import write_idx_folder

PLAN = """\
title = "Rates"
seeds = 2
[settings]
model = "flatten dense(8) relu dense(10)"
data = "stripes"
epochs = 2
device = "cpu"
[grid]
learning_rate = [0.01, 0.0001]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write_idx_folder(home / "stripes", train_count=400, test_count=100)
    (home / "plan.toml").write_text(PLAN)
    done = run("experiment", "run", "plan.toml", "--out", "out", home=home)
    assert done.returncode == 0, done.stderr
    (home / "said.txt").write_text(done.stdout)
    (home / "told.txt").write_text(done.stderr)
    return home


def test_a_plan_ends_with_its_table(home: Path) -> None:
    said = (home / "said.txt").read_text().splitlines()
    assert said[0] == "Rates (4 of 4 runs, finished)"
    assert said[1].split() == ["row", "learning_rate", "test", "accuracy", "runs", "seconds", "p"]
    assert said[2].split()[:2] == ["1", "0.01"] and "base" in said[2]
    told = (home / "told.txt").read_text().splitlines()
    assert sorted(line.split()[1] for line in told) == ["1", "2", "3", "4"]


def test_it_is_shown_again_and_exported(home: Path) -> None:
    found = answer("experiment", "show", "out", "--measure", "validation_accuracy", home=home)
    assert found["state"] == "finished"
    assert [row["count"] for row in found["table"]["rows"]] == [2, 2]
    assert run("experiment", "show", "out", "--export", "runs.csv", home=home).returncode == 0
    with (home / "runs.csv").open() as stream:
        lines = list(csv.DictReader(stream))
    assert [line["learning_rate"] for line in lines] == ["0.01", "0.01", "0.0001", "0.0001"]


def test_one_that_is_over_can_be_gone_on_with(home: Path) -> None:
    before = json.dumps(answer("experiment", "show", "out", home=home)["table"])
    again = answer("experiment", "run", "plan.toml", "--out", "out", "--resume", home=home)
    assert json.dumps(again["table"]) == before


def test_how_long_it_takes_is_measured(home: Path) -> None:
    found = answer("experiment", "estimate", "plan.toml", home=home)
    assert found["runs"] == 4 and 0 < found["seconds"] < 60
    assert "4 runs: about" in run("experiment", "estimate", "plan.toml", home=home).stdout


def test_mistakes_are_told_in_a_line(home: Path) -> None:
    line = refusal("experiment", "run", "plan.toml", "--out", "out", home=home)
    assert "There is an experiment in" in line and "--resume" in line
    (home / "wrong.toml").write_text(PLAN.replace("epochs = 2", "epochs = 0"))
    assert "wrong.toml, line 6: epochs" in refusal("experiment", "run", "wrong.toml", home=home)
    (home / "other.toml").write_text(PLAN.replace("epochs = 2", "epochs = 3"))
    line = refusal("experiment", "run", "other.toml", "--out", "out", "--resume", home=home)
    assert "another plan" in line
    assert "Cannot read none.toml" in refusal("experiment", "run", "none.toml", home=home)
    assert "Perhaps optimizers" in refusal("experiment", "run", "optimizer", home=home)
    assert "plan.toml" in refusal("experiment", "show", "stripes", home=home)
    assert "from 1 to 2" in refusal("experiment", "show", "out", "--base", "7", home=home)


def test_the_plans_that_come_along_are_listed_and_printed(home: Path) -> None:
    listed = run("experiment", "plans", home=home).stdout
    assert "article-he" in listed
    text = run("experiment", "plans", "optimizers", home=home).stdout
    assert text.startswith('title = "Optimizers')
