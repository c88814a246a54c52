"""The last exam is there when the program is next opened, or there is none: never an error."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitdesk.errors import DataError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.evaluation import EVERY_ITEM
from digitdesk.messages.exam import Exam, ExamData
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.session import Session
from tests.training.small_runs import write_idx_folder

ONE = (((140.0, 60.0), (140.0, 130.0), (138.0, 220.0)),)
SMALL = TrainingConfig(model="mlp(16)", epochs=1, seed=3, device="cpu")


@pytest.fixture
def home(tmp_path: Path) -> UserPaths:
    return UserPaths.under(tmp_path / "home")


@pytest.fixture
def strokes(tmp_path: Path) -> ExamData:
    path = tmp_path / "drawn.json"
    two = [*ONE, ((10.0, 10.0), (20.0, 20.0))]
    drawings = [{"label": 1, "strokes": ONE}, {"label": 7, "strokes": two}]
    path.write_text(json.dumps(drawings))
    return ExamData("strokes", str(path), "drawn.json")


def session(home: UserPaths) -> Session:
    return Session(home, environ={})


def as_told(exam: Exam | None) -> str:
    """An exam without its key, which each session gives anew."""
    assert exam is not None
    return repr(exam).replace(f"'{exam.key}'", "KEY")


def file_of(home: UserPaths) -> Path:
    return home.data / "exams" / "last.npz"


def test_it_is_the_same_when_the_program_is_opened_again(
    home: UserPaths, strokes: ExamData
) -> None:
    first = session(home).exams
    exam = first.examine(READER, strokes)
    details = [first.detail(exam.key, k) for k in range(2)]
    damaged = first.damaged(exam.key, 0, "blur", 1.0)
    again = session(home).exams
    kept = again.last()
    assert as_told(kept) == as_told(exam)
    assert kept is not None and kept is again.last()
    assert [again.detail(kept.key, k) for k in range(2)] == details
    assert again.items(kept.key, 0, 9, EVERY_ITEM) == first.items(exam.key, 0, 9, EVERY_ITEM)
    assert again.damaged(kept.key, 0, "blur", 1.0) == damaged
    assert again.map_choices(kept.key) == first.map_choices(exam.key)


def test_pictures_without_labels_are_kept_too(home: UserPaths, tmp_path: Path) -> None:
    np.savez(tmp_path / "noise.npz", images=np.full((3, 28, 28), 200, np.uint8))
    exam = session(home).exams.examine(READER, ExamData("images", str(tmp_path / "noise.npz")))
    assert as_told(session(home).exams.last()) == as_told(exam)


def test_what_is_examined_in_this_session_comes_first(home: UserPaths, strokes: ExamData) -> None:
    session(home).exams.examine(READER, strokes)
    later = session(home).exams
    exam = later.examine(READER, strokes)
    assert later.last() == exam


def test_a_command_line_changes_nothing(home: UserPaths, strokes: ExamData) -> None:
    session(home).exams.examine(READER, strokes, is_remembered=False)
    assert session(home).exams.last() is None


def test_its_model_is_known_again_by_its_weights(
    home: UserPaths, strokes: ExamData, tmp_path: Path
) -> None:
    write_idx_folder(tmp_path / "stripes", train_count=300, test_count=60)
    first = session(home)
    first.train(
        TrainingConfig(
            model="mlp(16)", epochs=1, seed=3, device="cpu", data=str(tmp_path / "stripes")
        )
    )
    exam = first.exams.examine(TRAINING, strokes)
    damaged = first.exams.damaged(exam.key, 1, "patch", 4)
    lost = session(home).exams
    kept = lost.last()
    assert kept is not None and lost.detail(kept.key, 1).item.label == "7", "pictures stay"
    with pytest.raises(DataError, match="no longer as it was"):
        lost.damaged(kept.key, 1, "patch", 4)
    first.duplicate_model(TRAINING)
    found = session(home).exams
    kept = found.last()
    assert kept is not None
    assert found.damaged(kept.key, 1, "patch", 4) == damaged


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, "directory"])
def test_a_damaged_file_is_no_memory(
    home: UserPaths, strokes: ExamData, place: float | str
) -> None:
    session(home).exams.examine(READER, strokes)
    content = bytearray(file_of(home).read_bytes())
    # Of the directory at its end, the checksum of the last array; its dates and rights say nothing.
    checksum = content.rindex(b"PK\1\2") + 16
    at = checksum if isinstance(place, str) else int(place * len(content))
    content[at] ^= 0xFF
    file_of(home).write_bytes(content)
    exams = session(home).exams
    assert exams.last() is None
    assert exams.examine(READER, strokes).evaluation.n == 2
    assert session(home).exams.last() is not None


def test_a_directory_that_is_damaged_anywhere_tells_nothing_else(
    home: UserPaths, strokes: ExamData
) -> None:
    told = as_told(session(home).exams.examine(READER, strokes))
    content = file_of(home).read_bytes()
    was_read = set()
    for at in range(content.rindex(b"PK\1\2"), len(content)):
        damaged = bytearray(content)
        damaged[at] ^= 0xFF
        file_of(home).write_bytes(damaged)
        last = session(home).exams.last()
        assert last is None or as_told(last) == told, at
        was_read.add(last is not None)
    assert was_read == {True, False}


@pytest.mark.parametrize("content", [b"", b"PK", b"<html>", bytes(5000)])
def test_a_strange_file_is_no_memory(home: UserPaths, content: bytes) -> None:
    file_of(home).parent.mkdir(parents=True)
    file_of(home).write_bytes(content)
    assert session(home).exams.last() is None


def test_another_kind_of_file_is_no_memory(home: UserPaths, strokes: ExamData) -> None:
    copy = session(home).duplicate_model(READER).path
    file_of(home).parent.mkdir(parents=True)
    shutil.copy(str(copy), file_of(home))
    assert session(home).exams.last() is None


def test_a_disk_that_refuses_costs_the_memory_only(home: UserPaths, strokes: ExamData) -> None:
    home.data.mkdir(parents=True)
    (home.data / "exams").write_text("in the way")
    assert session(home).exams.examine(READER, strokes).evaluation.n == 2
    assert session(home).exams.last() is None


def test_too_large_a_set_is_not_kept(
    home: UserPaths, strokes: ExamData, monkeypatch: pytest.MonkeyPatch
) -> None:
    session(home).exams.examine(READER, strokes)
    monkeypatch.setattr("digitdesk.session.exams.exam_file.MOST_BYTES", 1000)
    session(home).exams.examine(READER, strokes)
    assert not file_of(home).exists(), "an older one would be taken for the last"


# What can be examined on


def test_own_writing_is_offered(home: UserPaths) -> None:
    here = session(home)
    here.writing.keep("1", ONE)
    (data,) = (one for one in here.exams.choices() if one.kind == "strokes")
    assert data.name == str(here.writing.path()) and data.count == 1
    exam = here.exams.examine(READER, data)
    assert exam.evaluation.correct == 1
    assert here.exams.detail(exam.key, 0).strokes is not None


def test_a_folder_of_pictures_is_read_class_by_class(home: UserPaths, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    for name in ("0", "1"):
        (folder / name).mkdir(parents=True)
    (folder / "notes").mkdir()
    paper = np.full((60, 60), 255, np.uint8)
    bar, ring = paper.copy(), paper.copy()
    bar[8:52, 27:32] = 0
    ring[8:52, 14:46] = 0
    ring[14:46, 20:40] = 255
    Image.fromarray(bar).save(folder / "1" / "b.png")
    Image.fromarray(ring).save(folder / "0" / "a.png")
    Image.fromarray(paper).save(folder / "0" / "empty.png")
    exams = session(home).exams
    exam = exams.examine(READER, ExamData("folder", str(folder)))
    items = exams.items(exam.key, 0, 9).items
    assert [(item.label, item.reason == "empty") for item in items] == [
        ("0", False), ("0", True), ("1", False),
    ]  # fmt: skip
    assert [items[0].answer, items[2].answer] == ["0", "1"]
    with pytest.raises(DataError, match="no pictures"):
        exams.examine(READER, ExamData("folder", str(folder / "notes")))
    (folder / "1" / "c.png").write_bytes(b"damaged")
    with pytest.raises(DataError, match=r"c\.png"):
        exams.examine(READER, ExamData("folder", str(folder)))


def test_an_idx_folder_is_one_too(home: UserPaths, tmp_path: Path) -> None:
    write_idx_folder(tmp_path / "stripes", train_count=20, test_count=12)
    exam = session(home).exams.examine(READER, ExamData("folder", str(tmp_path / "stripes")))
    assert exam.evaluation.n == 12
