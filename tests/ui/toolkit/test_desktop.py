"""What the desktop sees of the window: its class, icon and title, and whether it is dark."""

from __future__ import annotations

import re
import tkinter as tk
from pathlib import Path

import pytest
from fake_session import FakeSession, run_events
from hands import WaitUntil
from three_tabs import Window

from digitdesk.ui.toolkit import desktop, theme
from digitdesk.ui.toolkit.background import AtOnce, Beside
from digitdesk.ui.toolkit.user_settings import Settings
from digitdesk.ui.window import system_theme
from digitdesk.ui.window.system_theme import SystemTheme

pytestmark = pytest.mark.window

ENTRY = Path(__file__).resolve().parents[3] / "build" / "linux" / "digitdesk.desktop"


def test_the_taskbar_finds_the_window_of_the_desktop_entry(root: tk.Tk) -> None:
    named = re.search(r"^StartupWMClass=(.+)$", ENTRY.read_text(encoding="utf-8"), re.MULTILINE)
    assert named is not None
    assert root.winfo_class() == named[1]


def test_the_window_has_the_icon_of_the_program(
    root: tk.Tk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shown: list[tk.PhotoImage] = []
    monkeypatch.setattr(root, "iconphoto", lambda _default, icon: shown.append(icon))
    desktop.show_icon(root)
    assert (shown[0].width(), shown[0].height()) == (256, 256)
    monkeypatch.setattr(desktop, "assets_folder", lambda: tmp_path)
    desktop.show_icon(root)
    assert "no icon" in caplog.text
    assert len(shown) == 1


def test_the_title_tells_the_taskbar_how_far_the_run_is(
    live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    assert live.root.title() == "DigitDesk"
    session.play(*run_events(2, finish=False)[:31])
    wait_until(lambda: live.root.title() == "25 % – DigitDesk")


@pytest.fixture
def settings() -> Settings:
    return Settings(language="en", theme="system", tour_seen=True)


def test_the_window_turns_dark_with_the_desktop(
    live: Window, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    monkeypatch.setattr(system_theme, "ASK_MS", 5)
    desktop_is_dark, asked = False, 0

    def ask() -> bool:
        nonlocal asked
        asked += 1
        return desktop_is_dark

    SystemTheme(live, live.preferences, AtOnce(), ask)
    dark = lambda: theme.palette().background < "#808080"  # noqa: E731
    wait_until(lambda: asked >= 3)
    assert not dark()
    desktop_is_dark = True
    wait_until(dark)
    desktop_is_dark = False
    wait_until(lambda: not dark())
    live.preferences.choose_theme("light")
    desktop_is_dark, before = True, asked
    waited: list[bool] = []
    live.after(60, lambda: waited.append(True))
    wait_until(lambda: waited)
    assert asked == before, "whoever chose light keeps it, and the desktop is not asked"
    live.preferences.follow_system(True)
    assert not dark()


def test_a_desktop_that_cannot_say_is_asked_again_later(
    root: tk.Tk, live: Window, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    monkeypatch.setattr(system_theme, "ASK_MS", 5)
    asked = []

    def ask() -> bool:
        asked.append(True)
        raise OSError("no such program")

    SystemTheme(live, live.preferences, Beside(root), ask)
    wait_until(lambda: len(asked) >= 3)
