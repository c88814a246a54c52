"""Help: the keys of every tab on a sheet, what DigitDesk is, and a tour that covers nothing."""

from __future__ import annotations

import tkinter as tk

import pytest
from three_tabs import Window
from window_checks import check, rows_of

from digitdesk import __version__
from digitdesk.ui.i18n.language import chinese_font
from digitdesk.ui.toolkit.user_settings import Settings
from digitdesk.ui.window.sheet import key_name

pytestmark = pytest.mark.window

KEYS, ABOUT = 1, 3


@pytest.fixture(params=["en", "zh_CN"])
def settings(request: pytest.FixtureRequest, root: tk.Tk) -> Settings:
    if request.param == "zh_CN" and not chinese_font(root):
        pytest.skip("no font with Chinese characters: apt install fonts-noto-cjk")
    return Settings(language=request.param, theme="light", tour_seen=True)


def test_the_keys_of_all_tabs_stand_on_a_sheet(
    live: Window, root: tk.Tk, settings: Settings
) -> None:
    root.focus_force()
    live.draw.board.focus_set()
    root.update()
    live.menus.help_menu.invoke(KEYS)
    root.update()
    keys = {left for left, _right in rows_of(live.sheet)}
    assert {"Ctrl+Z", "Ctrl+Y, Ctrl+Shift+Z", "Esc", "[", "]", "F2", "Del", "Ctrl+Tab"} <= keys
    named = {key_name(shortcut.keys) for tab in live.tabs for shortcut in tab.shortcuts}
    assert named <= {key for cell in keys for key in cell.split(", ")}, "a key is not told of"
    check(live, settings.language)
    inside = live.sheet.winfo_x() >= 0 and live.sheet.winfo_y() >= 0
    assert inside and live.sheet.winfo_height() <= live.winfo_height()
    (root.focus_get() or root).event_generate("<Escape>")
    root.update()
    assert not live.sheet.winfo_ismapped()
    assert root.focus_get() is live.draw.board


def test_the_version_stands_in_about(live: Window, root: tk.Tk, settings: Settings) -> None:
    live.menus.help_menu.invoke(ABOUT)
    root.update()
    rights = {right for _left, right in rows_of(live.sheet)}
    assert __version__ in rights
    assert any(right.endswith("digitdesk.log") for right in rights)
    live.sheet.close_button.invoke()
    root.update()
    assert not live.sheet.winfo_ismapped()


@pytest.mark.parametrize("size", ["1120x760", "1024x560", "1500x1000"])
def test_the_tour_does_not_cover_what_it_explains(live: Window, root: tk.Tk, size: str) -> None:
    root.minsize(1, 1)
    root.geometry(size)
    try:
        root.update()
        live.tour.start()
        while live.tour.is_shown:
            root.update()
            _key, stop = live.tour._stops[live.tour.index]
            a, b = live.tour, stop.beside
            wide = min(a.winfo_rootx() + a.winfo_width(), b.winfo_rootx() + b.winfo_width()) - max(
                a.winfo_rootx(), b.winfo_rootx()
            )
            high = min(
                a.winfo_rooty() + a.winfo_height(), b.winfo_rooty() + b.winfo_height()
            ) - max(a.winfo_rooty(), b.winfo_rooty())
            assert wide <= 0 or high <= 0, stop.title
            live.tour.advance()
    finally:
        root.geometry("1120x760+0+0")
        root.update()
