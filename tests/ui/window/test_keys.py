"""Keys do what they are for with Caps Lock on, with Shift, and on a Russian keyboard."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest
from hands import SEVEN, Dialogs, Pen
from PIL import Image
from three_tabs import Window
from x11_keyboard import RUSSIAN, layout

from digitdesk.ui.window.pressed_keys import normalized

pytestmark = pytest.mark.window

SHIFT, LOCK, CONTROL, NUM_LOCK = 0x1, 0x2, 0x4, 0x10
#: Where these keys are on every keyboard, whatever is printed on them; X11's numbers.
KEY_Z, KEY_Y, KEY_C, KEY_V, KEY_O, BRACKET = 52, 29, 54, 55, 32, 34
LOCKS = [0, LOCK, NUM_LOCK, LOCK | NUM_LOCK]


@pytest.fixture
def desk(live: Window, root: tk.Tk, dialogs: Dialogs, tmp_path: Path) -> Window:
    if root.tk.call("tk", "windowingsystem") != "x11":
        pytest.skip("these key codes are X11's")
    picture = tmp_path / "seven.png"
    Image.new("L", (40, 60), 255).save(picture)
    dialogs.path = str(picture)
    live.clipboard_clear()
    live.clipboard_append(str(picture))
    root.focus_force()
    root.update()
    Pen(live.draw.board).stroke(*SEVEN)
    root.update()
    return live


def press(window: Window, code: int, state: int, widget: tk.Misc | None = None) -> None:
    """Press a key by its place on the keyboard, with the state the keyboard has then."""
    (widget or window.draw.board).event_generate("<KeyPress>", keycode=code, state=state)
    window.update()


def undo_redo_copy_open_paste(desk: Window, locks: int) -> None:
    board = desk.draw.board
    press(desk, KEY_Z, CONTROL | locks)
    assert board.strokes == ()
    press(desk, KEY_Y, CONTROL | locks)
    assert len(board.strokes) == 1
    press(desk, KEY_Z, CONTROL | locks)
    press(desk, KEY_Z, CONTROL | SHIFT | locks)
    assert len(board.strokes) == 1
    press(desk, KEY_O, CONTROL | locks)
    assert desk.status.message.cget("text") == "Reading seven.png."
    press(desk, KEY_Z, CONTROL | locks)
    assert board.shown is None
    press(desk, KEY_V, CONTROL | locks)
    assert board.shown is not None
    press(desk, KEY_C, CONTROL | locks)
    assert desk.status.message.cget("text").startswith("Copied")
    before = board.pen_width
    press(desk, BRACKET, locks)
    assert board.pen_width == before - 2


@pytest.mark.parametrize("locks", LOCKS)
def test_caps_lock_changes_no_key(desk: Window, locks: int) -> None:
    undo_redo_copy_open_paste(desk, locks)


@pytest.mark.parametrize("locks", LOCKS)
def test_a_russian_keyboard_changes_no_key(desk: Window, locks: int, root: tk.Tk) -> None:
    with layout(root, RUSSIAN):
        undo_redo_copy_open_paste(desk, locks)


def test_alt_is_another_key(desk: Window) -> None:
    press(desk, KEY_Z, CONTROL | 0x8)
    press(desk, KEY_Z, 0)
    assert len(desk.draw.board.strokes) == 1


def test_keys_typed_into_a_field_are_the_fields(desk: Window, root: tk.Tk) -> None:
    desk.show(desk.train)
    root.update()
    entry = desk.train.form.controls["epochs"]
    assert isinstance(entry, tk.Entry)
    entry.focus_force()
    root.update()
    desk.train.form.values["epochs"].set("17")
    entry.selection_range(0, "end")
    with layout(root, RUSSIAN):
        press(desk, KEY_C, CONTROL, entry)
        assert desk.clipboard_get() == "17"
        entry.icursor("end")
        entry.selection_clear()
        press(desk, KEY_V, CONTROL, entry)
    assert entry.get() == "1717"
    press(desk, KEY_V, CONTROL, entry)
    assert entry.get() == "171717"


def test_the_first_ctrl_tab_goes_to_the_next_tab(window: Window, root: tk.Tk) -> None:
    root.focus_force()
    root.update()
    for keys, tab in (
        ("<Control-Tab>", window.train),
        ("<Control-Tab>", window.evaluate),
        ("<Control-Tab>", window.inside),
        ("<Control-Tab>", window.experiments),
        ("<Control-Tab>", window.data),
        ("<Control-Tab>", window.hand),
        ("<Control-Tab>", window.models),
        ("<Control-Tab>", window.draw),
        ("<Control-Next>", window.train),
        ("<Control-Prior>", window.draw),
    ):
        (root.focus_get() or root).event_generate(keys)
        root.update()
        assert window.tabs.in_front is tab
    (root.focus_get() or root).event_generate("<KeyPress>", keysym="ISO_Left_Tab", state=5)
    root.update()
    assert window.tabs.in_front is window.models


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Control-z", "Control-z"), ("Control-Z", "Control-Shift-z"), ("Escape", "Escape")],
)
def test_shortcuts_are_written_in_one_way(written: str, meant: str) -> None:
    assert normalized(written) == meant
