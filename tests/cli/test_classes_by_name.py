"""Evaluating on sets whose classes are not the model's, or not in its order: names decide."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from digitdesk.data.synthetic import handwriting
from tests.cli.process import answer, refusal, run
from tests.idx_files import write_split

DRAWN = handwriting.generate(400, seed=3)


def write_digits(
    folder: Path, digits: range, *, shift: int = 0, classes: str | None = None
) -> None:
    """Drawn digits of some kinds only, as train and test part, zero perhaps labelled as ten."""
    images, labels = DRAWN
    chosen = np.isin(labels, list(digits))
    labels = np.where((labels == 0) & (shift > 0), shift, labels)
    for split in ("train", "t10k"):
        write_split(folder, images[chosen], labels[chosen], split)
    if classes is not None:
        (folder / "classes.txt").write_text(classes, encoding="utf-8")


@pytest.mark.parametrize("digits", [range(1, 10), range(5, 10), range(10)])
def test_a_set_of_some_digits_is_read_as_well_as_one_of_all(tmp_path: Path, digits: range) -> None:
    write_digits(tmp_path / "some", digits)
    found = answer("evaluate", "reader", "--data", "some", home=tmp_path)
    assert found["accuracy"] > 0.97
    assert [k for k, share in enumerate(found["per_class_accuracy"]) if share is not None] == [
        *digits
    ]
    said = run("evaluate", "reader", "--data", "some", home=tmp_path).stdout
    counted = f"It shows {len(digits)} of the model's 10 classes"
    assert (counted in said) == (len(digits) < 10)


def test_ten_for_zero_is_refused_until_it_is_named(tmp_path: Path) -> None:
    write_digits(tmp_path / "ten", range(10), shift=10)
    said = refusal("evaluate", "reader", "--data", "ten", home=tmp_path)
    assert "received 10" in said and "classes.txt" in said
    write_digits(tmp_path / "ten", range(10), shift=10, classes="1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n")
    assert answer("evaluate", "reader", "--data", "ten", home=tmp_path)["accuracy"] > 0.97


def test_a_model_of_letters_is_not_scored_on_digits(tmp_path: Path) -> None:
    letters = "".join(f"{letter}\n" for letter in "ABCDEFGHIJ")
    write_digits(tmp_path / "letters", range(10), classes=letters)
    trained = ("train", "--data", "letters", "--model", "softmax", "--epochs", "1")
    assert run(*trained, "--out", "letters.npz", home=tmp_path).returncode == 0
    for source in (("--data", "handwriting"), ("--images", "digits.npz")):
        np.savez(tmp_path / "digits.npz", images=DRAWN[0][:20], labels=DRAWN[1][:20])
        said = refusal("evaluate", "letters.npz", *source, home=tmp_path)
        assert "expected A, B, C, D, E, F, G, H … (10 in all)" in said
        assert "received 0, 1, 2" in said
    assert answer("evaluate", "letters.npz", "--data", "letters", home=tmp_path)["n"] == 400


def test_an_archive_may_name_its_classes(tmp_path: Path) -> None:
    images, labels = DRAWN
    backwards = np.array([str(digit) for digit in range(9, -1, -1)])
    np.savez(tmp_path / "a.npz", images=images, labels=9 - labels, class_names=backwards)
    assert answer("evaluate", "reader", "--images", "a.npz", home=tmp_path)["accuracy"] > 0.97
    np.savez(tmp_path / "a.npz", images=images, labels=9 - labels, class_names=backwards[:5])
    assert "a label has no name" in refusal("evaluate", "--images", "a.npz", home=tmp_path)
    twice = np.array(["same"] * 10)
    np.savez(tmp_path / "a.npz", images=images, labels=9 - labels, class_names=twice)
    assert "'class_names' has another form" in refusal(
        "evaluate", "--images", "a.npz", home=tmp_path
    )
