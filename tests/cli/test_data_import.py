"""``digitdesk data import``, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.process import refusal, run
from tests.data.importing.made_sources import digits, table, write_emnist_letters


def test_a_table_becomes_a_set_that_a_run_takes(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(table(*digits()))
    done = run("data", "import", "train.csv", "--out", "mine", "--name", "Mine", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "60 pictures of 10 classes (0, 1, 2, 3, 4, 5, 6, 7, 8, 9) are in mine" in done.stdout
    shown = done.stderr.splitlines()
    assert "A table (CSV); pictures 28×28." in shown
    assert any(line.split() == ["0", "1", "2", "3", "4"] for line in shown)
    assert any("@" in line for line in shown)
    assert json.loads((tmp_path / "mine" / "card.json").read_text())["name"] == "Mine"
    train = ("--data", "mine", "--model", "softmax", "--epochs", "1", "--threads", "1")
    assert run("train", *train, home=tmp_path).returncode == 0


def test_what_was_done_is_told_to_programs(tmp_path: Path) -> None:
    write_emnist_letters(tmp_path / "gzip", each=2)
    done = run("data", "import", "gzip", "--out", "letters", "--json", home=tmp_path)
    told = json.loads(done.stdout)
    assert told["class_names"][:3] == ["A", "B", "C"]
    assert sum(told["counts"]["train"]) == 52
    assert any("turned upright" in note for note in told["notes"])


def test_a_table_that_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    rows = table(*digits()).splitlines()
    rows[6] = rows[6].rpartition(",")[0]
    (tmp_path / "train.csv").write_text("\n".join(rows))
    said = refusal("data", "import", "train.csv", "--out", "mine", home=tmp_path)
    assert "Row 7 of train.csv has another number of columns" in said
    assert not (tmp_path / "mine").exists()
