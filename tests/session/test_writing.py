"""Own writing: kept at once, readable as a stroke file, never lost, and taken back on request."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from digitdesk.errors import DataError, DigitDeskError, SaveError
from digitdesk.evaluation.labelled_sets import labelled_strokes
from digitdesk.files.paths import UserPaths
from digitdesk.ink.stroke_file import read_stroke_file
from digitdesk.messages.exam import ExamData
from digitdesk.messages.model import READER
from digitdesk.session.session import Session
from digitdesk.session.writing import Writing

FOUR = (((80.123, 60), (70, 150), (190, 150)), ((150, 90), (150, 220)))


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path / "writing")


def test_a_drawing_is_in_the_file_at_once(writing: Writing) -> None:
    kept = writing.keep("4", FOUR)
    assert (kept.class_name, kept.count) == ("4", 1)
    (sample,) = read_stroke_file(writing.path())
    assert (sample.label, sample.writer, sample.class_name) == (4, "me", "4")
    assert sample.strokes == (((80.12, 60), (70, 150), (190, 150)), ((150, 90), (150, 220)))
    assert writing.keep("7", FOUR).count == 2
    (mine,) = writing.all()
    assert (mine.writer, mine.count, dict(mine.counts)) == ("me", 2, {"4": 1, "7": 1})


def test_it_can_be_evaluated(tmp_path: Path) -> None:
    session = Session(UserPaths.under(tmp_path), environ={})
    for _ in range(3):
        session.writing.keep("4", FOUR)
    data = ExamData("strokes", str(session.writing.path()))
    evaluation = session.exams.examine(READER, data).evaluation
    assert (evaluation.n, evaluation.accuracy) == (3, 1.0)


def test_the_last_one_is_taken_back_whatever_came_after(writing: Writing) -> None:
    first = writing.keep("4", FOUR)
    writing.keep("5", FOUR)
    assert writing.take_back(first)
    assert [sample.label for sample in read_stroke_file(writing.path())] == [5]
    assert not writing.take_back(first)


def test_times_and_names_of_classes_are_kept(writing: Writing) -> None:
    timed = [[(1, 2, 0), (3, 4, 16.7)]]
    writing.keep("Ä", timed, writer="Anna: left/hand")
    writing.keep("3", timed, writer="Anna: left/hand")
    path = writing.path("Anna: left/hand")
    assert path.parent == writing.path().parent
    entry = json.loads(path.read_text(encoding="utf-8"))[0]
    assert entry["strokes"] == [[[1, 2, 0], [3, 4, 16.7]]]
    assert (entry["label"], entry["writer"]) == ("Ä", "Anna: left/hand")
    assert entry["written"].endswith("+00:00")
    labelled = labelled_strokes(path)
    assert labelled.labels is not None and labelled.class_names is not None
    assert [labelled.class_names[label] for label in labelled.labels] == ["Ä", "3"]


@pytest.mark.parametrize(
    ("name", "strokes"), [("", FOUR), ("\n", FOUR), ("x" * 101, FOUR), ("4", ()), ("4", ((),))]
)
def test_what_cannot_be_kept_is_one_sentence(writing: Writing, name: str, strokes) -> None:
    with pytest.raises(DataError):
        writing.keep(name, strokes)
    assert not writing.path().exists()


def test_a_damaged_file_is_never_written_over(writing: Writing) -> None:
    path = writing.path()
    path.parent.mkdir()
    path.write_text('[{"label": 4')
    with pytest.raises(DataError, match=r"me\.json"):
        writing.keep("4", FOUR)
    assert path.read_text() == '[{"label": 4'
    (mine,) = writing.all()
    assert mine.problem is not None
    assert mine.count == 0


def test_a_full_disk_loses_nothing(writing: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    writing.keep("4", FOUR)
    before = writing.path().read_bytes()

    def refuse(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(SaveError, match="the disk is full"):
            writing.keep("5", FOUR)
    assert writing.path().read_bytes() == before
    assert writing.keep("6", FOUR).count == 2


def test_two_windows_lose_nothing_of_each_other(tmp_path: Path) -> None:
    windows = [Writing(tmp_path), Writing(tmp_path)]

    def write(window: Writing, digit: str) -> None:
        for _ in range(20):
            window.keep(digit, FOUR)

    threads = [
        threading.Thread(target=write, args=pair) for pair in zip(windows, "12", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict(windows[0].all()[0].counts) == {"1": 20, "2": 20}


def test_what_somebody_else_wrote_into_it_stays(writing: Writing) -> None:
    writing.keep("4", FOUR)
    entries = json.loads(writing.path().read_text())
    entries[0]["note"] = "by hand"
    writing.path().write_text(json.dumps(entries))
    writing.keep("5", FOUR)
    assert json.loads(writing.path().read_text())[0]["note"] == "by hand"


def test_a_kill_loses_at_most_the_drawing_being_written(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from digitdesk.session.writing import Writing\n"
        "writing = Writing(pathlib.Path(sys.argv[1]))\n"
        "while True:\n"
        "    kept = writing.keep('4', [[(k, k) for k in range(200)]])\n"
        "    print(kept.count, flush=True)\n"
    )
    for _ in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        said = process.stdout.readline()
        time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        said = [said, *process.stdout.readlines()][-1]
        process.wait()
        process.stdout.close()
        there = len(read_stroke_file(tmp_path / "me.json"))
        assert there in (int(said), int(said) + 1)


def test_a_file_that_somebody_holds_is_a_sentence(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    from digitdesk.files import file_lock

    monkeypatch.setattr(file_lock, "_PATIENCE_SECONDS", 0.05)
    writing.keep("4", FOUR)
    with file_lock.held(writing.path()), pytest.raises(DigitDeskError, match="Another DigitDesk"):
        writing.keep("5", FOUR)
