"""Folders of data as people have them: unpacked by other programs, with names from Windows."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from digitdesk.data.synthetic import handwriting
from tests.cli.process import answer, refusal, run
from tests.idx_files import idx_bytes, write_split

TRAIN = handwriting.generate(1500, seed=3)
TEST = handwriting.generate(300, seed=7)
QUICKLY = ("--model", "softmax", "--epochs", "2", "--learning-rate", "0.02", "--threads", "1")
CHINESE = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"]


def write_digits(folder: Path, *, prefix: str = "", shift: int = 0) -> Path:
    write_split(folder, TRAIN[0], TRAIN[1] + shift, "train", prefix)
    write_split(folder, TEST[0], TEST[1] + shift, "t10k", prefix)
    return folder


def lines(names: list[str]) -> str:
    return "".join(f"{name}\r\n" for name in names)


# Names of classes


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le"])
def test_names_as_windows_writes_them_are_names(tmp_path: Path, encoding: str) -> None:
    write_digits(tmp_path / "set")
    (tmp_path / "set" / "classes.txt").write_bytes(lines(CHINESE).encode(encoding))
    done = run("train", "--data", "set", *QUICKLY, "--out", "m.npz", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert answer("evaluate", "m.npz", "--data", "set", home=tmp_path)["class_names"] == CHINESE


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lines([*CHINESE[:9], "一"]).encode(), "gives two classes the same name"),
        (lines(["x" * 40 + str(k) for k in range(10)]).encode(), "in their first 40 letters"),
        (lines(["x\x07", *CHINESE[1:]]).encode(), "a name that cannot be shown"),
        (lines(CHINESE[:9]).encode(), "does not fit the labels; expected 10 names"),
        (b"caf\xe9\n" * 10, "is no text; expected UTF-8, UTF-16 or GBK"),
        (b"name\n" * 30_000, "classes.txt is too large"),
    ],
)
def test_names_that_no_model_could_have_are_refused_before_the_first_step(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    write_digits(tmp_path / "set")
    (tmp_path / "set" / "classes.txt").write_bytes(content)
    assert sentence in refusal("train", "--data", "set", *QUICKLY, home=tmp_path)


# Places


def test_a_set_of_test_files_only_can_be_evaluated_on(tmp_path: Path) -> None:
    write_split(tmp_path / "test-only", *TEST, "t10k")
    assert answer("evaluate", "--data", "test-only", home=tmp_path)["accuracy"] > 0.97
    said = refusal("train", "--data", "test-only", *QUICKLY, home=tmp_path)
    assert "The train images are missing" in said


@pytest.mark.mnist
def test_mnist_is_found_where_torchvision_and_kaggle_put_it(
    tmp_path: Path, mnist_dir: Path
) -> None:
    """With both variants of torchvision's files, and in folders named like the files."""
    torchvision, kaggle = tmp_path / "t" / "MNIST" / "raw", tmp_path / "k"
    torchvision.mkdir(parents=True)
    for path in mnist_dir.glob("*ubyte*"):
        (torchvision / path.name).symlink_to(path)
        folder = kaggle / path.name.removesuffix(".gz")
        folder.mkdir(parents=True)
        (folder / path.name).symlink_to(path)
    softly = ("--model", "softmax", "--epochs", "1", "--threads", "1", "--out", "m.npz")
    for words in (
        ("--data", "mnist", "--data-dir", "t"),
        ("--data", "mnist", "--data-dir", "t/MNIST"),
        ("--data", "mnist", "--data-dir", "k"),
        ("--data", "t/MNIST"),
        ("--data", "k"),
    ):
        trained = answer("train", *words, *softly, home=tmp_path)
        assert trained["test_accuracy"] > 0.85
    # By the network at hand: the reader would take a minute for as many pictures.
    found = answer("evaluate", "m.npz", "--data", "t/MNIST/raw", home=tmp_path)
    assert found["accuracy"] == trained["test_accuracy"]


def test_a_folder_of_several_sets_lists_them(tmp_path: Path) -> None:
    for prefix in ("emnist-digits-", "emnist-letters-"):
        write_digits(tmp_path / "emnist", prefix=prefix, shift=prefix == "emnist-letters-")
    said = refusal("train", "--data", "emnist", *QUICKLY, home=tmp_path)
    assert "holds 2 data sets" in said and "received emnist-digits, emnist-letters" in said
    assert "emnist/emnist-letters" in said
    mapping = "".join(f"{k} {64 + k} {96 + k}\n" for k in range(1, 11))
    (tmp_path / "emnist" / "emnist-letters-mapping.txt").write_text(mapping)
    words = ("train", "--data", "emnist/emnist-letters", *QUICKLY, "--out", "m.npz")
    assert run(*words, home=tmp_path).returncode == 0
    found = answer("evaluate", "m.npz", "--data", "emnist/emnist-letters", home=tmp_path)
    assert found["class_names"] == list("ABCDEFGHIJ")
    file = "emnist/emnist-digits-t10k-images-idx3-ubyte"
    assert answer("evaluate", "--data", file, home=tmp_path)["n"] == 300


def test_emnist_is_turned_upright_and_that_is_said(tmp_path: Path) -> None:
    lying = TEST[0].transpose(0, 2, 1)
    write_split(tmp_path / "digits", lying, TEST[1], "train", "emnist-digits-")
    write_split(tmp_path / "digits", lying, TEST[1], "test", "emnist-digits-")
    done = run("evaluate", "reader", "--data", "digits", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "lie on their side in its files; they were turned upright" in done.stderr
    assert answer("evaluate", "reader", "--data", "digits", home=tmp_path)["accuracy"] > 0.97
    done = run("train", "--data", "digits", *QUICKLY, home=tmp_path)
    assert "turned upright" in done.stderr.split("Epoch 1/")[0]


def test_what_is_no_set_is_called_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.csv").write_text("label,pixel0\n")
    said = refusal("train", "--data", "data/train.csv", home=tmp_path)
    assert "data/train.csv is no data set, but a file of another kind" in said
    assert "There is no data set 'nowhere'" in refusal("train", "--data", "nowhere", home=tmp_path)
    assert "holds no IDX data set" in refusal("train", "--data", "data", home=tmp_path)


def test_a_page_saved_under_the_name_of_a_file_is_called_a_page(tmp_path: Path) -> None:
    write_digits(tmp_path / "set")
    page = tmp_path / "set" / "train-images-idx3-ubyte"
    page.rename(shutil.copy(page, tmp_path / "kept"))
    for start in (b"<!DOCTYPE html>", b"\n <html lang=de>", b"\xef\xbb\xbf<?xml"):
        page.with_name("train-images-idx3-ubyte.gz").write_bytes(start + b"<body>Log in</body>")
        said = refusal("train", "--data", "set", home=tmp_path)
        assert "is a web page, not a file of data" in said and "fetch it again" in said


# What misleads


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda images: 255 - images, "dark ink on bright paper"),
        (lambda images: images > 127, "brightest pixel is 1 of 255. Multiply them by 255"),
        (lambda images: images * 0, "All pictures are empty: every pixel is 0"),
    ],
)
def test_greys_that_mislead_are_said_before_the_first_step(
    tmp_path: Path, change: object, sentence: str
) -> None:
    write_split(tmp_path / "set", change(TRAIN[0]), TRAIN[1])  # type: ignore[operator]
    write_split(tmp_path / "set", change(TEST[0]), TEST[1], "t10k")  # type: ignore[operator]
    done = run("train", "--data", "set", *QUICKLY, home=tmp_path)
    assert done.returncode == 0
    assert sentence in done.stderr.split("Epoch 1/")[0]
    assert sentence in run("evaluate", "--data", "set", home=tmp_path).stderr


def test_labels_with_gaps_are_said_before_the_first_step(tmp_path: Path) -> None:
    write_split(tmp_path / "set", TRAIN[0], 20 * TRAIN[1])
    done = run("train", "--data", "set", *QUICKLY, home=tmp_path)
    assert "Of 181 classes, 171 have no picture: 1, 2, 3" in done.stderr.split("Epoch 1/")[0]


@pytest.mark.parametrize("last", ["softmax", "sigmoid", "relu"])
def test_a_second_softmax_is_said_before_the_first_step(tmp_path: Path, last: str) -> None:
    write_digits(tmp_path / "set")
    words = ("train", "--data", "set", "--epochs", "1")
    done = run(*words, "--model", f"flatten dense(10) {last}", home=tmp_path)
    assert f"The network ends in {last}" in done.stderr.split("Epoch 1/")[0]
    assert "ends in" not in run(*words, "--model", "flatten dense(10)", home=tmp_path).stderr


def test_a_good_set_gets_no_word(tmp_path: Path) -> None:
    write_digits(tmp_path / "set")
    done = run("train", "--data", "set", *QUICKLY, home=tmp_path)
    assert [line for line in done.stderr.splitlines() if not line.startswith("Epoch")] == []
    assert run("evaluate", "--data", "set", home=tmp_path).stderr == ""
    ink = np.full((20, 28, 28), 40, np.uint8)
    ink[:, 5:20, 10:12] = 255
    (tmp_path / "set" / "train-images-idx3-ubyte").write_bytes(idx_bytes(np.tile(ink, (75, 1, 1))))
    done = run("train", "--data", "set", *QUICKLY, home=tmp_path)
    assert "digitdesk:" not in done.stderr
