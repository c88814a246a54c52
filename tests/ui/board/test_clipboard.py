"""Pictures, files and texts that another program has on the clipboard, pasted with Ctrl+V."""

from __future__ import annotations

import random
import subprocess
import sys
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_session import FakeSession
from PIL import Image
from three_tabs import Window

pytestmark = pytest.mark.window

OWNER = Path(__file__).with_name("clipboard_owner.py")
Owner = subprocess.Popen[str]
Own = Callable[..., Owner]


@pytest.fixture
def own(root: tk.Tk) -> Iterator[Own]:
    """Starts another program that has a file on the clipboard."""
    if root.tk.call("tk", "windowingsystem") != "x11":
        pytest.skip("this is how X11's clipboard works")
    started: list[Owner] = []

    def start(file: Path, kind: str, how: str = "whole") -> Owner:
        command = [sys.executable, str(OWNER), str(file), kind, how]
        owner = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(owner)
        assert owner.stdout is not None
        assert owner.stdout.readline() == "ready\n"
        return owner

    yield start
    for owner in started:
        owner.kill()
        owner.communicate()


@pytest.fixture
def large_picture(tmp_path: Path) -> Path:
    """A picture of 2 MB, as a screenshot is."""
    file = tmp_path / "large.png"
    noise = random.Random(3).randbytes(1500 * 1400)
    Image.frombytes("L", (1500, 1400), noise).save(file)
    assert file.stat().st_size > 2_000_000
    return file


def paste(window: Window) -> str:
    window.root.focus_force()
    window.update()
    window.draw.board.event_generate("<Control-v>")
    window.update()
    return str(window.status.message.cget("text"))


@pytest.mark.parametrize("mode", ["digit", "number"])
def test_a_large_picture_is_pasted_and_its_owner_is_not_kept_waiting(
    live: Window, session: FakeSession, own: Own, large_picture: Path, mode: str
) -> None:
    live.draw.show_mode(mode)
    owner = own(large_picture, "image/png")
    assert paste(live) == "Reading the picture on the clipboard."
    # Once more where the window was laid out anew meanwhile.
    assert set(session.shown_pictures) == {(1500, 1400, "reader")}
    assert owner.stdout is not None
    assert owner.stdout.readline() == "taken\n"


def test_an_owner_that_falls_silent_is_named(
    live: Window, own: Own, large_picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digitdesk.ui.board.x11_clipboard._SILENCE_SECONDS", 0.3)
    own(large_picture, "image/png", "half")
    said = paste(live)
    assert said == "The other program stopped handing over its picture. Copy it once more."
    assert live.draw.board.shown is None


def test_a_file_copied_in_another_program_is_read(
    live: Window, session: FakeSession, own: Own, tmp_path: Path
) -> None:
    picture, text = tmp_path / "a b.png", tmp_path / "uri"
    Image.new("L", (30, 20), 255).save(picture)
    text.write_text(picture.as_uri() + "\r\n")
    own(text, "text/uri-list")
    assert paste(live) == "Reading a b.png."
    assert session.shown_pictures == [(30, 20, "reader")]


def test_what_is_no_picture_says_so(live: Window, own: Own, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"no picture at all")
    own(tmp_path / "x", "image/png")
    said = paste(live)
    assert said.startswith("The picture on the clipboard is not a picture DigitDesk can open")


@pytest.mark.parametrize(
    "text",
    ["~nobody/x", "~no such user/x", "hello", "\0", "a\0b", "/" * 5000, "file://h/x", "~", ""],
)
@pytest.mark.parametrize("elsewhere", [False, True])
def test_any_text_on_the_clipboard_is_harmless(
    live: Window, own: Own, tmp_path: Path, text: str, elsewhere: bool
) -> None:
    if elsewhere:
        (tmp_path / "text").write_text(text)
        own(tmp_path / "text", "UTF8_STRING")
    else:
        live.clipboard_clear()
        live.clipboard_append(text)
    assert paste(live) == "There is no picture on the clipboard."
