"""The menu on a board, by mouse and by keys, on both boards and in both languages."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import SEVEN, Dialogs, Pen
from PIL import Image
from three_tabs import Window

from digitdesk.ui.i18n.language import chinese_font
from digitdesk.ui.toolkit.user_settings import Settings

pytestmark = pytest.mark.window

UNDO, REDO, CLEAR, COPY, PASTE, OPEN, SAVE, PRINT, SAMPLE, IT_WAS = 0, 1, 2, 4, 5, 7, 8, 9, 10, 12


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest, root: tk.Tk) -> str:
    if request.param == "zh_CN" and not chinese_font(root):
        pytest.skip("no font with Chinese characters: apt install fonts-noto-cjk")
    return str(request.param)


@pytest.fixture
def settings(language: str) -> Settings:
    return Settings(language=language, theme="light", tour_seen=True)


@pytest.fixture(params=["digit", "number"])
def desk(live: Window, request: pytest.FixtureRequest) -> Iterator[Window]:
    live.draw.show_mode(request.param)
    live.draw.board.focus_force()
    live.update()
    yield live
    close(live.draw.page.menu.menu)


def open_by(window: Window, event: str) -> tk.Menu:
    place = {"x": 30, "y": 30} if "Button" in event else {}
    window.draw.board.event_generate(event, **place)
    window.update()
    menu = window.draw.page.menu.menu
    assert menu.winfo_ismapped(), f"{event} opens nothing"
    return menu


def close(menu: tk.Menu) -> None:
    """Put the menu away, as Tk does before it does what was chosen."""
    menu.tk.call("tk::MenuUnpost", menu)
    menu.update()


def choose(window: Window, line: int) -> None:
    menu = open_by(window, "<Button-3>")
    close(menu)
    menu.invoke(line)
    window.update()


def usable(menu: tk.Menu) -> set[int]:
    last = int(menu.index("end") or 0)
    lines = (k for k in range(last + 1) if menu.type(k) != "separator")
    return {k for k in lines if menu.entrycget(k, "state") == "normal"}


@pytest.mark.parametrize("event", ["<Button-3>", "<Shift-F10>", "<Menu>"])
def test_it_opens_by_mouse_and_by_keys(desk: Window, event: str) -> None:
    menu = open_by(desk, event)
    assert usable(menu) == {PASTE, OPEN, SAMPLE}, "an empty board has nothing to undo or to save"
    close(menu)
    Pen(desk.draw.board).stroke(*SEVEN)
    desk.update()
    drawn = {UNDO, CLEAR, COPY, PASTE, OPEN, SAVE, PRINT, SAMPLE}
    if desk.draw.page is desk.draw.digit:
        drawn.add(IT_WAS)
    assert usable(open_by(desk, event)) == drawn


def test_its_lines_do_what_they_say(desk: Window, tmp_path: Path, dialogs: Dialogs) -> None:
    board = desk.draw.board
    Pen(board).stroke(*SEVEN)
    desk.update()
    choose(desk, UNDO)
    assert board.is_empty
    choose(desk, REDO)
    assert not board.is_empty
    choose(desk, CLEAR)
    assert board.is_empty
    board.undo()
    desk.update()
    desk.clipboard_clear()
    choose(desk, COPY)
    assert desk.clipboard_get()
    Image.new("L", (40, 60), 255).save(tmp_path / "seven.png")
    dialogs.path = str(tmp_path / "seven.png")
    choose(desk, OPEN)
    assert board.shown is not None


def test_what_is_on_the_board_is_saved_as_a_picture(
    desk: Window, tmp_path: Path, dialogs: Dialogs
) -> None:
    board = desk.draw.board
    Pen(board).stroke(*SEVEN)
    desk.update()
    dialogs.path = ""
    choose(desk, SAVE)
    assert dialogs.asked == [".png"], "whoever leaves the dialog saves nothing"
    dialogs.path = str(tmp_path / "mine")
    choose(desk, SAVE)
    with Image.open(tmp_path / "mine.png") as picture:
        assert picture.width / picture.height == board.sheet.width / 280
        unit = picture.height / 280
        assert picture.getpixel((round(SEVEN[1][0] * unit), round(SEVEN[1][1] * unit))) == 255
        assert picture.getpixel((2, 2)) == 0
    assert "mine.png" in str(desk.status.message.cget("text"))


def test_a_place_that_cannot_be_written_is_said(
    desk: Window, tmp_path: Path, dialogs: Dialogs
) -> None:
    Pen(desk.draw.board).stroke(*SEVEN)
    desk.update()
    dialogs.path = str(tmp_path / "missing" / "mine.png")
    choose(desk, SAVE)
    assert desk.status.shows_error


def test_a_pen_that_is_down_keeps_the_menu_away(desk: Window) -> None:
    pen = Pen(desk.draw.board)
    pen.down(SEVEN[0])
    pen.move(SEVEN[1])
    desk.draw.board.event_generate("<Button-3>", x=30, y=30)
    desk.update()
    assert not desk.draw.page.menu.menu.winfo_ismapped()
    pen.up(SEVEN[1])


def test_it_speaks_the_language_of_now(live: Window, language: str) -> None:
    live.draw.board.focus_force()
    menu = open_by(live, "<Button-3>")
    said = [menu.entrycget(k, "label") for k in (UNDO, SAVE)]
    close(menu)
    assert said == (
        ["Undo", "Save as a picture …"] if language == "en" else ["撤销", "另存为图片…"]
    )
    if language == "zh_CN":
        live.preferences.choose_language("en")
        menu = open_by(live, "<Button-3>")
        assert menu.entrycget(UNDO, "label") == "Undo"
        close(menu)
