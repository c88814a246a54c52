"""The log catches what would vanish, and the folders are where the user expects them."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitdesk.files.atomic import shortened
from digitdesk.files.logs import Repeats, folder_of_log, start_logging, take_in
from digitdesk.files.paths import UserPaths, assets_folder, with_tilde


@pytest.fixture
def hooks_restored() -> Iterator[None]:
    before = sys.excepthook, threading.excepthook
    yield
    sys.excepthook, threading.excepthook = before


def test_an_error_in_a_thread_reaches_the_log_file(
    tmp_path: Path, hooks_restored: None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = start_logging(tmp_path / "logs")
    assert path is not None and folder_of_log() == path.parent
    thread = threading.Thread(target=lambda: 1 / 0, name="broken")
    thread.start()
    thread.join()
    text = path.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert "broken" in text


def test_what_a_library_says_is_in_the_log_and_not_on_standard_error(
    tmp_path: Path, hooks_restored: None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = start_logging(tmp_path / "logs")
    assert path is not None
    for _twice in range(2):
        take_in("a_library")
    logging.getLogger("a_library.fonts").warning("Failed to find a font")
    assert path.read_text(encoding="utf-8").count("a_library.fonts: Failed to find a font") == 1
    assert not logging.getLogger("a_library").propagate
    assert capsys.readouterr().err == ""


def test_an_error_that_comes_again_and_again_does_not_fill_the_log() -> None:
    now = 0.0
    repeats = Repeats(lambda: now)
    logger = logging.getLogger("digitdesk.test")
    told: list[int] = []

    def fail(number: int) -> None:
        try:
            [][number]
        except IndexError as error:
            kind, trace = type(error), error.__traceback__
            record = logger.makeRecord(
                logger.name, logging.ERROR, "", 0, "A timer failed", (), (kind, error, trace)
            )
            if repeats.filter(record):
                told.append(number)

    for number in range(1000):
        fail(number)
        now += 0.25  # as often as the chart is drawn
    assert told == [0, 240, 480, 720, 960]
    plain = logger.makeRecord(logger.name, logging.INFO, "", 0, "Ready", (), None)
    assert all(repeats.filter(plain) for _ in range(3))


def test_a_folder_that_cannot_be_made_is_no_obstacle(tmp_path: Path, hooks_restored: None) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert start_logging(blocked) is None and folder_of_log() is None


def test_user_folders_follow_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITDESK_HOME", str(tmp_path))
    assert UserPaths.default() == UserPaths.under(tmp_path)
    assert not (tmp_path / "data").exists(), "nothing is created before it is needed"


def test_the_assets_are_found() -> None:
    assert (assets_folder() / "reader.npz").is_file()


def test_a_path_that_is_shown_tells_nobody_s_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "anna")
    assert with_tilde(tmp_path / "anna" / "data" / "mnist") == str(Path("~/data/mnist"))
    assert with_tilde(tmp_path / "anna") == "~"
    assert with_tilde(tmp_path / "data") == str(tmp_path / "data")

    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    assert with_tilde(tmp_path) == str(tmp_path)


def test_a_long_path_keeps_its_ends_in_a_sentence() -> None:
    path = f"/home/somebody/{'deep/' * 40}digits.csv"
    told = shortened(path)
    assert len(told) < 90
    assert told.startswith("/home/somebody/") and told.endswith("digits.csv") and "…" in told
    assert shortened("digits.csv") == "digits.csv"
