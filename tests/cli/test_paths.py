"""Paths that are no plain files: devices, pipes, folders, addresses, names without end."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.cli.process import answer, refusal, run
from tests.training.small_runs import write_idx_folder

TRAIN = ("train", "--data", "stripes", "--model", "softmax", "--epochs", "1", "--threads", "1")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_idx_folder(tmp_path / "stripes", train_count=100, test_count=20)
    return tmp_path


def draw_one(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    picture = Image.new("L", (100, 100), 255)
    ImageDraw.Draw(picture).line([(50, 15), (50, 85)], fill=0, width=8)
    picture.save(path)


# Writing


@pytest.mark.skipif(sys.platform == "win32", reason="makes a pipe and links to a device")
def test_nothing_but_a_file_is_replaced(home: Path) -> None:
    os.mkfifo(home / "pipe.npz")
    (home / "device.npz").symlink_to("/dev/null")
    for name in ("pipe.npz", "device.npz"):
        said = refusal(*TRAIN, "--out", name, home=home)
        assert f"Cannot write {name}: what has this name is no file" in said
        assert "nothing was trained yet" in said
    assert stat.S_ISFIFO((home / "pipe.npz").stat().st_mode)
    assert (home / "device.npz").readlink() == Path("/dev/null")


def test_a_link_to_a_file_stays_a_link(home: Path) -> None:
    (home / "real.npz").write_bytes(b"old")
    (home / "link.npz").symlink_to("real.npz")
    assert run(*TRAIN, "--out", "link.npz", home=home).returncode == 0
    assert (home / "link.npz").is_symlink()
    assert (home / "real.npz").stat().st_size > 100


def test_a_name_of_three_hundred_letters_is_too_long_before_anything_is_trained(
    home: Path,
) -> None:
    said = refusal(*TRAIN, "--out", f"{'x' * 300}.npz", home=home)
    assert "the name is too long" in said and len(said) < 300
    # A name that just fits is written: what is beside it for a moment needs no longer one.
    longest = "七" * 83 + ".npz"
    assert len(os.fsencode(longest)) == 253
    assert run(*TRAIN, "--out", longest, home=home).returncode == 0
    assert (home / longest).is_file()


@pytest.mark.parametrize(
    "words",
    [
        ("evaluate", "x" * 300),
        ("evaluate", "--data", "x" * 300),
        ("evaluate", "--strokes", "x" * 300),
        ("evaluate", "--images", "x" * 300),
        ("predict", "x" * 300),
        ("train", "--data", "x" * 300),
        ("train", "--data", "mnist", "--data-dir", "x" * 300),
        ("train", "--data", "~nobody-here/x"),
        ("train", "--data", "mnist", "--data-dir", "~nobody-here/x"),
        ("predict", "~nobody-here/x"),
        ("evaluate", "~nobody-here/x"),
        ("train", "--out", "~nobody-here/x.npz"),
    ],
)
def test_strange_names_are_sentences(words: tuple[str, ...], home: Path) -> None:
    assert "wrong inside" not in refusal(*words, home=home)


# Reading


def test_a_folder_is_read_picture_by_picture(home: Path) -> None:
    for name in ("b.PNG", "a.jpg"):
        draw_one(home / "photos" / name)
    (home / "photos" / "notes.txt").write_text("no picture")
    found = answer("predict", "photos", home=home)["predictions"]
    assert [entry["file"] for entry in found] == [
        str(Path("photos", "a.jpg")),
        str(Path("photos", "b.PNG")),
    ]
    assert {entry["label"] for entry in found} == {"1"}
    assert "holds no pictures" in refusal("predict", "stripes", home=home)


def test_broken_files_have_their_entry(home: Path) -> None:
    draw_one(home / "one.png")
    (home / "broken.png").write_bytes(b"noise")
    for words in (("predict",), ("predict", "--number")):
        done = run(*words, "--json", "broken.png", "one.png", "missing.png", home=home)
        assert done.returncode == 2
        entries = json.loads(done.stdout)["predictions" if len(words) == 1 else "numbers"]
        assert [entry["file"] for entry in entries] == ["broken.png", "one.png", "missing.png"]
        assert "not a picture" in entries[0]["error"]
        assert "error" not in entries[1]
        assert "Cannot open missing.png" in entries[2]["error"]
        assert all([*entries[1], "error"] == [*entry] for entry in entries[::2])


@pytest.mark.parametrize(
    "words",
    [
        ("predict", "https://example.org/7.png"),
        ("evaluate", "https://example.org/m.npz"),
        ("evaluate", "--data", "http://example.org/mnist"),
        ("evaluate", "--images", "https://example.org/i.npz"),
        ("evaluate", "--strokes", "https://example.org/s.json"),
    ],
)
def test_an_address_is_called_one(words: tuple[str, ...], home: Path) -> None:
    said = refusal(*words, home=home)
    assert "on the network" in said and "opens no addresses" in said


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("predict",), "7.png"),
        (("evaluate",), "m.npz"),
        (("evaluate", "--images"), "i.npz"),
        (("evaluate", "--strokes"), "s.json"),
        (("evaluate", "--strokes"), "s.json.gz"),
    ],
)
def test_a_saved_page_is_called_one(words: tuple[str, ...], name: str, home: Path) -> None:
    (home / name).write_text("<!DOCTYPE html>\n<html><body>Log in first</body></html>")
    said = refusal(*words, name, home=home)
    assert "a web page" in said and "fetch it again" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("evaluate", "stripes"), "It is a folder"),
        (("evaluate", "--strokes", "stripes"), "is a folder"),
        (("evaluate", "--images", "."), "holds no pictures"),
    ],
)
def test_a_folder_is_called_one(words: tuple[str, ...], sentence: str, home: Path) -> None:
    assert sentence.lower() in refusal(*words, home=home).lower()
