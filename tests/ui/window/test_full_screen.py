"""F11 fills the screen and Escape leads back; a presentation is large, and leads back as well."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator

import pytest
from hands import SEVEN, Pen
from three_tabs import Window

from digitdesk.ui.toolkit.theme import px

pytestmark = pytest.mark.window


class Desktop:
    """Does what a window manager does at the wish to fill the screen; tests run without one."""

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._before = ""
        self.is_full = False

    def attributes(self, name: str, *wish: bool) -> object:
        if name != "-fullscreen":
            return self._root.wm_attributes(name, *wish)
        if not wish:
            return int(self.is_full)
        if wish[0] and not self.is_full:
            self._before = self._root.geometry()
            size = self._root.winfo_screenwidth(), self._root.winfo_screenheight()
            self._root.geometry(f"{size[0]}x{size[1]}+0+0")
        elif not wish[0] and self.is_full:
            self._root.geometry(self._before)
        self.is_full = wish[0]
        return None


@pytest.fixture
def desktop(live: Window, root: tk.Tk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    desktop = Desktop(root)
    monkeypatch.setattr(root, "attributes", desktop.attributes)
    live.draw.board.focus_force()
    root.update()
    yield desktop
    live.full_screen.leave()
    live.full_screen.choose_zoom(1.0)
    root.geometry("1120x760+0+0")
    root.update()


def press(window: Window, keys: str) -> None:
    window.draw.board.focus_force()
    window.draw.board.event_generate(keys)
    window.root.update()


@pytest.mark.parametrize("back", ["<F11>", "<Escape>"])
def test_f11_fills_the_screen_and_leads_back(live: Window, desktop: Desktop, back: str) -> None:
    before = live.root.geometry()
    press(live, "<F11>")
    assert desktop.is_full
    assert live.winfo_width() == live.root.winfo_screenwidth()
    press(live, back)
    assert not desktop.is_full
    assert live.root.geometry() == before


def test_escape_leaves_the_full_screen_before_it_wipes_the_board(
    live: Window, desktop: Desktop
) -> None:
    Pen(live.draw.board).stroke(*SEVEN)
    press(live, "<F11>")
    press(live, "<Escape>")
    assert not desktop.is_full and not live.draw.board.is_empty
    press(live, "<Escape>")
    assert live.draw.board.is_empty


def test_the_place_before_the_full_screen_is_remembered(
    live: Window, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.preferences.settings.geometry = "1000x700+3+4"
    press(live, "<F11>")
    live._keep_settings()
    assert live.preferences.settings.geometry == "1000x700+3+4"


@pytest.mark.parametrize("how", ["menu", "<Escape>", "<F11>"])
def test_a_presentation_makes_everything_large_and_leads_back(
    live: Window, desktop: Desktop, how: str
) -> None:
    root = live.root
    before, small = root.geometry(), int(px(root, 100))
    menu = live.menus.look_menu
    entry = int(menu.index("end") or 0)
    menu.invoke(entry)
    root.update()
    assert desktop.is_full and live.full_screen.is_presenting
    assert px(root, 100) >= small * 1.25
    assert live.preferences.settings.zoom == 1.0, "the next start is as usual"
    if how == "menu":
        menu.invoke(entry)
        root.update()
    else:
        press(live, how)
    assert not desktop.is_full and not live.full_screen.is_presenting
    assert px(root, 100) == small
    assert root.geometry() == before


@pytest.mark.parametrize(
    ("screen", "least"), [((1920, 1080), 2.0), ((1366, 768), 1.5), ((1024, 768), 1.25)]
)
def test_a_presentation_is_as_large_as_the_screen_allows(
    live: Window,
    desktop: Desktop,
    monkeypatch: pytest.MonkeyPatch,
    screen: tuple[int, int],
    least: float,
) -> None:
    monkeypatch.setattr(live.root, "winfo_screenwidth", lambda: screen[0])
    monkeypatch.setattr(live.root, "winfo_screenheight", lambda: screen[1])
    live.full_screen.toggle_presentation()
    assert live.preferences.zoom == least


def test_a_size_chosen_in_a_presentation_stays(live: Window, desktop: Desktop) -> None:
    live.full_screen.toggle_presentation()
    live.full_screen.choose_zoom(1.25)
    press(live, "<Escape>")
    assert live.preferences.zoom == live.preferences.settings.zoom == 1.25
