"""``digitdesk hand``, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from digitdesk.cli import main as cli
from digitdesk.files.paths import UserPaths
from digitdesk.session.session import Session
from tests.session.made_up_people import keep, make_lessons_short, take_exam


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Of somebody who has written twenty drawings; the command line finds them."""
    monkeypatch.setenv("DIGITDESK_HOME", str(tmp_path))
    monkeypatch.delenv("DIGITDESK_DATA", raising=False)
    session = Session(UserPaths.under(tmp_path), environ={})
    keep(session, 20, "Ann")
    return session


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["hand", *words]) == 0
    return capsys.readouterr().out


def test_models_read_an_exam_side_by_side(
    session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["hand", "exam", "--person", "Ann"]) == 2
    assert "Ann has no sealed exam" in capsys.readouterr().err
    key = take_exam(session, person="Ann").key
    listed = said(capsys, "list")
    assert listed.splitlines()[0].startswith("Ann: 20 drawings, 0:2 1:2")
    assert f"exam {key}: sealed 10 drawings of Ann" in listed
    told = json.loads(said(capsys, "exam", "--person", "Ann", "--model", "reader", "--json"))
    (score,) = told["scores"]
    assert (told["exam"], score["count"]) == (key, 10)
    assert len(score["wrong"]) == 10 - score["right"]
    text = said(capsys, "exam", key)
    assert f"{score['right']} of 10 right" in text
    wrong = score["wrong"][0]
    assert f"{wrong['label']}→{wrong['said']}" in text


def test_a_model_is_taught(
    session: Session, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lessons_short(monkeypatch)
    key = take_exam(session, person="Ann").key
    told = json.loads(said(capsys, "teach", "--person", "Ann", "--title", "Mine", "--json"))
    assert Path(told["path"]).name == "Mine.npz"
    assert Path(told["path"]).is_file()
    assert (told["samples"], told["unseen_exams"]) == (20, [key])
    assert [pair["data"] for pair in told["scores"]] == [key]
    assert cli.main(["hand", "teach"]) == 2
    assert "There are too few drawings" in capsys.readouterr().err


def test_drawings_are_taken_away_and_brought_back(
    session: Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "ann.json", tmp_path / "ann"
    assert said(capsys, "take-away", str(file), "--person", "Ann").startswith("20 drawings of Ann")
    said(capsys, "take-away", str(folder), "--person", "Ann", "--form", "png")
    assert len(list(folder.glob("*/*.png"))) == 20
    assert said(capsys, "bring-back", str(file), "--person", "Bob").startswith("20 drawings")
    assert session.writing.of("Bob").count == 20
    assert said(capsys, "bring-back", str(file), "--person", "Bob").startswith("0 drawings")
