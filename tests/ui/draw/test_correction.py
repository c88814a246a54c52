"""“It was a 4”: by menu and by key, kept at once, and taken back beside the board."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_session import SAMPLE, FakeSession
from hands import SEVEN, Pen
from three_tabs import Window

from digitdesk.ink.stroke_file import read_stroke_file
from digitdesk.session.writing import Writing
from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.window.pressed_keys import pressed

pytestmark = pytest.mark.window

IT_WAS = 12


@pytest.fixture
def writing(session: FakeSession, tmp_path: Path) -> Writing:
    session.writing = Writing(tmp_path / "writing")
    return session.writing


@pytest.fixture
def drawn(writing: Writing, live: Window) -> Window:
    Pen(live.draw.board).stroke(*SEVEN)
    live.draw.board.focus_force()
    live.update()
    return live


def kept(writing: Writing) -> list[str]:
    path = writing.path()
    return [sample.class_name for sample in read_stroke_file(path)] if path.exists() else []


def menu_of(window: Window):
    window.draw.board.event_generate("<Button-3>", x=30, y=30)
    window.update()
    menu = window.draw.page.menu.menu
    menu.tk.call("tk::MenuUnpost", menu)
    menu.update()
    return menu


def test_the_menu_offers_the_classes_of_the_model(drawn: Window, writing: Writing) -> None:
    menu = menu_of(drawn)
    assert menu.type(IT_WAS) == "cascade"
    submenu = menu.nametowidget(menu.entrycget(IT_WAS, "menu"))
    assert [submenu.entrycget(k, "label") for k in range(10)] == list("0123456789")
    submenu.invoke(4)
    assert kept(writing) == ["4"]
    (sample,) = read_stroke_file(writing.path())
    for (x, y), (drawn_x, drawn_y) in zip(sample.strokes[0], SEVEN, strict=True):
        assert abs(x - drawn_x) < 1
        assert abs(y - drawn_y) < 1


def test_a_key_says_it_too(drawn: Window, writing: Writing) -> None:
    drawn.draw.board.event_generate("<Key-4>")
    # With the number lock on, as such keys are pressed.
    drawn.draw.board.event_generate("<Key>", keysym="KP_5", state=0x10)
    drawn.update()
    assert kept(writing) == ["4", "5"]


def test_a_digit_is_a_digit_also_where_a_keyboard_has_it_with_shift() -> None:
    french, letter = (
        SimpleNamespace(state=1, keysym=key, char=key, keycode=13) for key in ("4", "Z")
    )
    assert (pressed(french), pressed(letter)) == ("4", "Shift-z")


def test_it_is_said_on_the_board_and_can_be_undone(drawn: Window, writing: Writing) -> None:
    board, notice = drawn.draw.board, drawn.status.notice
    board.event_generate("<Key-4>")
    board.event_generate("<Key-5>")
    drawn.update()
    assert notice.text == "Kept as 5 in your own writing, which has 2 now."
    assert notice.winfo_rootx() >= board.winfo_rootx()
    assert notice.winfo_rooty() >= board.winfo_rooty()
    assert (
        notice.winfo_rooty() + notice.winfo_height() <= board.winfo_rooty() + board.winfo_height()
    )
    notice.choices[0].invoke()
    drawn.update()
    assert kept(writing) == ["4"]
    assert notice.text == ""
    assert not board.is_empty, "the drawing itself stays"


def test_the_line_goes_with_the_next_stroke(drawn: Window, writing: Writing) -> None:
    drawn.draw.board.event_generate("<Key-4>")
    drawn.update()
    Pen(drawn.draw.board).stroke(*SEVEN)
    drawn.update()
    assert drawn.status.notice.text == ""
    assert kept(writing) == ["4"]


def test_it_is_whole_on_the_smallest_board(drawn: Window, writing: Writing) -> None:
    drawn.root.minsize(1, 1)
    drawn.root.geometry("1024x700")
    drawn.full_screen.choose_zoom(2.0)
    for language in ("en", "zh_CN"):
        if drawn.preferences.choose_language(language) is not None:
            pytest.skip("no font for Chinese")
        drawn.update()
        drawn.draw.board.event_generate("<Key-4>")
        drawn.update()
        notice, board = drawn.status.notice, drawn.draw.board
        assert notice.winfo_viewable()
        assert notice.winfo_width() >= notice.winfo_reqwidth()
        assert notice.winfo_reqwidth() <= board.winfo_width() - px(board, 4)
        assert notice.winfo_reqheight() <= board.winfo_height()
    drawn.root.geometry("1120x760")


def test_a_picture_has_no_strokes_to_keep(live: Window, writing: Writing) -> None:
    live.draw.board.show_picture(SAMPLE)
    live.draw.board.focus_force()
    live.update()
    assert menu_of(live).entrycget(IT_WAS, "state") == "disabled"
    live.draw.board.event_generate("<Key-4>")
    assert "this is a picture" in str(live.status.message.cget("text"))
    assert kept(writing) == []


def test_an_empty_board_and_a_number_keep_nothing(live: Window, writing: Writing) -> None:
    live.draw.board.focus_force()
    live.draw.board.event_generate("<Key-4>")
    live.draw.show_mode("number")
    live.update()
    Pen(live.draw.board).stroke(*SEVEN)
    live.draw.board.focus_force()
    live.draw.board.event_generate("<Key-4>")
    live.update()
    assert kept(writing) == []


def test_a_damaged_file_is_said_and_stays(drawn: Window, writing: Writing) -> None:
    writing.path().parent.mkdir()
    writing.path().write_text("{")
    drawn.draw.board.event_generate("<Key-4>")
    drawn.update()
    assert drawn.status.shows_error
    assert writing.path().read_text() == "{"
