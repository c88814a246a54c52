"""What the user has chosen is there again at the next start."""

from __future__ import annotations

import tkinter as tk
from dataclasses import replace
from pathlib import Path

import pytest
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.user_settings import Settings, read_settings
from digitdesk.ui.window.place import fits_screen

pytestmark = pytest.mark.window


def test_place_tab_language_and_theme_are_remembered(
    live: Window, root: tk.Tk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.show(live.models)
    live.preferences.choose_theme("dark")
    live.menus._zoom.set(1.5)
    live.menus._on_zoom()
    live.update()
    monkeypatch.setattr(root, "withdraw", lambda: None)
    monkeypatch.setattr(root, "destroy", lambda: None)
    live.close()
    kept = read_settings(UserPaths.under(tmp_path).config)
    assert (kept.tab, kept.theme, kept.zoom) == ("models", "dark", 1.5)
    assert kept.geometry == root.geometry()
    live.pack_forget()
    again = Window(root, UserPaths.under(tmp_path))
    root.update()
    try:
        assert again.models.winfo_viewable()
        assert theme.palette().background < "#808080"
    finally:
        again.destroy()


def test_broken_settings_do_not_stop_the_start(root: tk.Tk, tmp_path: Path) -> None:
    paths = UserPaths.under(tmp_path)
    paths.config.mkdir(parents=True)
    (paths.config / "window.json").write_text('{"geometry": "9x9+-5+7", "tab": "none", "zoom": ')
    window = Window(root, paths)
    root.update()
    assert window.draw.winfo_viewable()
    window.destroy()


def test_settings_of_another_window_size_are_left_alone_on_a_small_screen(
    live: Window,
) -> None:
    assert not fits_screen(live.root, "9000x9000+0+0")
    assert not fits_screen(live.root, "rubbish")
    assert fits_screen(live.root, "1000x700+10+10")
    assert replace(Settings()) == Settings()
