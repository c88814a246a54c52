"""What the core notices of a run is said on the command line, too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.process import run
from tests.idx_files import write_split
from tests.training.small_runs import stripes, write_idx_folder


@pytest.mark.parametrize("epochs", [1, 3])
def test_much_too_large_steps_are_said(tmp_path: Path, epochs: int) -> None:
    write_idx_folder(tmp_path / "stripes", train_count=2000, test_count=100)
    words = ("--model", "flatten dense(32) relu dense(10)", "--batch-size", "16")
    done = run(
        *("train", "--data", "stripes", *words, "--optimizer", "sgd", "--learning-rate", "10"),
        *("--epochs", str(epochs), "--schedule", "constant", "--threads", "1"),
        home=tmp_path,
    )
    (said,) = [line for line in done.stderr.splitlines() if "guesses as at the start" in line]
    assert said.startswith("digitdesk: ")
    assert said.endswith("Try --learning-rate 0.01.") or said.endswith("Try --learning-rate 0.1.")
    assert "\n  Why: Whoever always names the most frequent class" in done.stderr


def test_two_classes_well_told_apart_are_no_guesses(tmp_path: Path) -> None:
    images, labels = stripes(2000, 1)
    noise = np.random.default_rng(0).random(2000) < 0.07
    two = (labels % 2) ^ noise
    write_split(tmp_path / "two", images, two)
    words = ("--data", "two", "--model", "softmax", "--batch-size", "16", "--epochs", "4")
    done = run("train", *words, "--threads", "1", home=tmp_path)
    assert done.returncode == 0
    assert "guesses" not in done.stderr


@pytest.mark.parametrize("batch", [("--batch-size", "1"), ("--limit", "1")])
def test_one_picture_a_step_under_batch_normalization_is_said(
    tmp_path: Path, batch: tuple[str, str]
) -> None:
    write_idx_folder(tmp_path / "stripes", train_count=100, test_count=50)
    words = ("train", "--data", "stripes", "--model", "flatten dense(8) batchnorm relu dense(10)")
    done = run(*words, *batch, "--epochs", "1", "--threads", "1", home=tmp_path)
    assert "Batch normalization makes zeros of a single picture" in done.stderr


def test_dropout_is_advised_where_it_is_written(tmp_path: Path) -> None:
    write_idx_folder(tmp_path / "stripes", train_count=2000, test_count=100)
    words = ("--model", "flatten dense(8) relu dropout(0.9) dense(10)", "--batch-size", "32")
    done = run(*("train", "--data", "stripes", *words, "--threads", "1"), home=tmp_path)
    assert "Try dropout(0.25) in the network." in done.stderr


def test_what_an_exam_gives_to_think_about_is_said_with_its_reason(tmp_path: Path) -> None:
    write_idx_folder(tmp_path / "stripes", train_count=200, test_count=50)
    words = ("train", "--data", "stripes", "--model", "softmax", "--threads", "1")
    assert run(*words, "--out", "m.npz", home=tmp_path).returncode == 0
    done = run("evaluate", "m.npz", "--data", "stripes", home=tmp_path)
    assert done.returncode == 0
    assert "digitdesk: These are only 50 pictures" in done.stderr
    assert "\n  Why: Nineteen times of twenty" in done.stderr
    as_json = run("evaluate", "m.npz", "--data", "stripes", "--json", home=tmp_path)
    assert as_json.stderr == ""
