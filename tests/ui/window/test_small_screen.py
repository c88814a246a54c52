"""On a small screen the whole window is in sight, and nothing in it lies upon its neighbor."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest
from fake_session import FakeSession
from hands import SEVEN, Pen
from three_tabs import Window
from window_checks import check

from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.window.place import fits_screen, place_on_screen

pytestmark = pytest.mark.window

SCREENS = [(1024, 600), (1280, 720), (1366, 768), (1024, 768)]


@pytest.fixture
def screen(
    request: pytest.FixtureRequest, root: tk.Tk, monkeypatch: pytest.MonkeyPatch
) -> tuple[int, int]:
    """The window on a screen of another size; its desktop shows titles and a bar."""
    wide, high = request.param
    monkeypatch.setattr(root, "winfo_screenwidth", lambda: wide)
    monkeypatch.setattr(root, "winfo_screenheight", lambda: high)
    return wide, high


@pytest.mark.parametrize("screen", SCREENS, indirect=True)
def test_the_first_window_leaves_room_for_its_title(
    live: Window, root: tk.Tk, screen: tuple[int, int]
) -> None:
    try:
        place_on_screen(root, "")
        root.update()
        least_width, least_height = root.minsize()
        assert root.winfo_height() <= screen[1] - px(root, 60)
        assert root.winfo_width() <= screen[0]
        assert least_height <= root.winfo_height() and least_width <= root.winfo_width()
        status = live.status
        bottom = status.winfo_rooty() - root.winfo_rooty() + status.winfo_height()
        assert bottom <= root.winfo_height(), "the status bar is below the edge"
    finally:
        root.minsize(1, 1)
        root.geometry("1120x760+0+0")
        root.update()


def test_a_window_of_another_screen_is_not_put_below_the_edge(root: tk.Tk) -> None:
    high = root.winfo_screenheight()
    assert not fits_screen(root, f"1000x{high}+0+0")
    assert fits_screen(root, f"1000x{high - px(root, 80)}+0+0")


@pytest.mark.parametrize("mode", ["digit", "number"])
@pytest.mark.parametrize("size", ["1008x528", "960x520"])
def test_the_board_and_all_about_it_fit_into_a_low_window(
    live: Window, session: FakeSession, root: tk.Tk, tmp_path: Path, size: str, mode: str
) -> None:
    root.minsize(1, 1)
    root.geometry(size)
    try:
        live.draw.show_mode(mode)
        root.update()
        session.step = 12_345
        live.draw.compare_with("reader")
        Pen(live.draw.board).stroke(*SEVEN)
        check(live, "en")
        page, status = live.draw.page, live.status
        for widget in (page.tools, page.choice, page.board):
            assert widget.winfo_rooty() + widget.winfo_height() <= status.winfo_rooty()
        assert page.board.winfo_rooty() + page.board.winfo_height() <= page.tools.winfo_rooty()
        live.show(live.models)
        root.update()
        check(live, "en")
    finally:
        root.geometry("1120x760")
        root.update()


@pytest.mark.parametrize(("size", "zoom"), [("1120x760", 1.0), ("1024x700", 2.0)])
def test_no_tab_lies_below_the_menus(live: Window, root: tk.Tk, size: str, zoom: float) -> None:
    root.minsize(1, 1)
    live.full_screen.choose_zoom(zoom)
    root.geometry(size)
    try:
        root.update()
        notebook = live.tabs.notebook
        end = live.menus.winfo_rootx() - notebook.winfo_rootx()
        seen = {notebook.tk.call(notebook, "identify", "tab", x, 12) for x in range(0, end + 8, 4)}
        assert seen == {"", *range(len(notebook.tabs()))}
        # Of the last one, no more than the room beside its title.
        assert notebook.tk.call(notebook, "identify", "tab", end + px(root, 4), 12) == ""
    finally:
        live.full_screen.choose_zoom(1.0)
        root.geometry("1120x760")
        root.update()
