"""Files dropped from another program, by a pointer that really moves and windows that talk XDND."""

from __future__ import annotations

import builtins
import subprocess
import sys
import tkinter as tk
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_session import FakeSession
from hands import WaitUntil
from PIL import Image
from three_tabs import Window

from digitdesk.ui.toolkit import theme
from digitdesk.ui.window.file_drop import accept_files

pytestmark = pytest.mark.window

SOURCE = Path(__file__).with_name("drag_source.py")
Drop = Callable[..., None]


@pytest.fixture
def drop(root: tk.Tk, wait_until: WaitUntil) -> Drop:
    """Drag files over a widget and let them fall."""

    def do(widget: tk.Misc, *files: Path) -> None:
        # Where the second program's own window is not in the way.
        root.geometry("1120x720+60+60")
        root.update()
        x = widget.winfo_rootx() + widget.winfo_width() // 2
        y = widget.winfo_rooty() + widget.winfo_height() // 2
        command = [sys.executable, str(SOURCE), str(x), str(y), *map(str, files)]
        with subprocess.Popen(command) as source:
            wait_until(lambda: source.poll() is not None, 30)
        assert source.returncode == 0

    return do


@pytest.fixture
def dropped_on(live: Window) -> Window:
    """The window, once it can be dropped on."""
    live._rest_later.cancel()
    live.tabs.load_rest()
    return live


def test_a_picture_dropped_on_the_board_is_read(
    dropped_on: Window, session: FakeSession, drop: Drop, tmp_path: Path
) -> None:
    file = tmp_path / "my séven {1}.png"
    Image.new("L", (40, 60), 255).save(file)
    drop(dropped_on.draw.board, file)
    assert session.shown_pictures == [(40, 60, "reader")]
    assert dropped_on.status.message.cget("text") == f"Reading {file.name}."


def test_models_dropped_on_the_models_tab_are_opened(
    dropped_on: Window, session: FakeSession, drop: Drop, tmp_path: Path
) -> None:
    files = [tmp_path / "first.npz", tmp_path / "second one.pkl"]
    for file in files:
        file.write_bytes(b"model")
    dropped_on.show(dropped_on.models)
    drop(dropped_on.models.card, *files)
    assert set(map(str, files)) <= set(session.entries)
    assert dropped_on.models.selected == str(files[1])
    assert dropped_on.status.message.cget("text") == "Opened second one.pkl."


def test_a_model_dropped_on_the_board_reads_it(
    dropped_on: Window, session: FakeSession, drop: Drop, tmp_path: Path
) -> None:
    file = tmp_path / "mine.npz"
    file.write_bytes(b"model")
    drop(dropped_on.draw.board, file)
    assert dropped_on.draw.source == str(file)


def test_what_is_no_picture_is_said_in_a_sentence(
    dropped_on: Window, drop: Drop, tmp_path: Path
) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear reader", encoding="utf-8")
    drop(dropped_on.draw.board, file)
    assert "letter.txt" in dropped_on.status.message.cget("text")
    assert dropped_on.status.shows_error


def test_without_the_extension_the_window_does_without(
    host: theme.Frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = builtins.__import__

    def no_extension(name: str, *rest: object, **named: object) -> object:
        if name.startswith("tkinterdnd2"):
            raise ImportError("not installed")
        return usual(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", no_extension)
    assert accept_files(host, lambda paths: None, lambda: None) is False


def test_an_unknown_system_does_without(host: theme.Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "abacus")
    assert accept_files(host, lambda paths: None, lambda: None) is False
