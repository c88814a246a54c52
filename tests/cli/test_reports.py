"""Reports and damages on the command line, in a process of its own, as a user would type them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.cli.process import answer, refusal, run
from tests.training.small_runs import write_idx_folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_idx_folder(tmp_path / "stripes", train_count=20, test_count=40)
    return tmp_path


def test_a_report_is_one_page_or_a_folder(home: Path) -> None:
    words = ("evaluate", "reader", "--data", "stripes", "--damage", "blur,patch")
    done = run(*words, "--report", "r.html", "--json", home=home)
    found = json.loads(done.stdout)
    assert [entry["name"] for entry in found["damage"]] == ["blur", "patch"]
    assert len(found["damage"][0]["points"]) == 7
    assert sum(part["count"] for part in found["calibration_bins"]) == found["n"] == 40
    page = (home / "r.html").read_text(encoding="utf-8")
    assert "What breaks it" in page and page.count("<svg") == 6
    assert "The report is in r.html" in done.stderr
    run("evaluate", "reader", "--data", "stripes", "--report", "out", home=home)
    assert {path.suffix for path in (home / "out").iterdir()} == {".html", ".csv", ".svg"}


def test_pictures_without_labels_are_not_spoiled(home: Path) -> None:
    np.savez(home / "noise.npz", images=np.full((3, 28, 28), 200, np.uint8))
    done = run("evaluate", "--images", "noise.npz", "--damage", "--report", "r.html", home=home)
    assert done.returncode == 0 and "3 pictures of no digits" in done.stdout
    assert "no labels" in done.stderr
    assert "no known class" in (home / "r.html").read_text(encoding="utf-8")


def test_what_cannot_be_is_refused_in_a_sentence(home: Path) -> None:
    words = ("evaluate", "reader", "--data", "stripes")
    assert "Perhaps blur was meant" in refusal(*words, "--damage", "blurr", home=home)
    assert "the folder does not exist" in refusal(*words, "--report", "no/r.html", home=home)
    assert "ending in .html" in refusal(*words, "--report", "r.pdf", home=home)


def test_the_window_remembers_its_own_exam_only(home: Path) -> None:
    answer("evaluate", "reader", "--data", "stripes", home=home)
    assert not list(home.rglob("last.npz"))
