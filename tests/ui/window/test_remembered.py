"""What the user has set up is there again after the next start; lists and names are as expected."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest
from fake_session import FakeSession
from hands import Dialogs, WaitUntil, click
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


def start_again(root: tk.Tk, tmp_path: Path, live: Window) -> Window:
    """Close the window and open it in the same home."""
    live._keep_settings()
    live.destroy()
    again = Window(root, UserPaths.under(tmp_path))
    again.attach_session(FakeSession())  # type: ignore[arg-type]
    root.update()
    return again


def test_form_and_pens_are_as_they_were(live: Window, root: tk.Tk, tmp_path: Path) -> None:
    typed = {"model": "flatten dense(10)", "optimizer": "sgd", "learning_rate": "0.3",
             "epochs": "7", "augmentation": "0.25"}  # fmt: skip
    for name, text in typed.items():
        live.train.form.values[name].set(text)
    live.train.form.data.value.set("mnist+handwriting")
    live.draw.page.change_pen(2)
    live.draw.show_mode("number")
    live.draw.page.change_pen(-1)
    wanted = live.train.form.settings()
    pens = live.draw.digit.board.pen_width, live.draw.number.board.pen_width
    again = start_again(root, tmp_path, live)
    try:
        assert again.train.form.settings() == wanted
        assert (again.draw.digit.board.pen_width, again.draw.number.board.pen_width) == pens
    finally:
        again.destroy()


@pytest.mark.parametrize("text", ["{", "[]", '{"epochs": 5, "nothing": "1", "data": 3}'])
def test_a_damaged_memory_is_the_usual_form(
    text: str, root: tk.Tk, tmp_path: Path, live: Window
) -> None:
    usual = live.train.form.settings()
    live.preferences.settings.form = text
    live.preferences.save()
    live.destroy()
    again = Window(root, UserPaths.under(tmp_path))
    try:
        again.attach_session(FakeSession())  # type: ignore[arg-type]
        assert again.train.form.settings() == usual
    finally:
        again.destroy()


def popdown(box: tk.Misc) -> str:
    return str(box.tk.call("ttk::combobox::PopdownWindow", box))


@pytest.mark.parametrize("name", ["model", "data", "optimizer"])
def test_a_click_on_its_text_drops_a_list_down(
    name: str, live: Window, root: tk.Tk, wait_until: WaitUntil
) -> None:
    live.show(live.train)
    live.update()
    form = live.train.form
    box = form.data.box if name == "data" else form.controls[name]
    live.train.buttons.start_button.focus_force()
    box.event_generate("<Button-1>", x=20, y=box.winfo_height() // 2)
    box.event_generate("<ButtonRelease-1>", x=20, y=box.winfo_height() // 2)
    wait_until(lambda: int(root.tk.call("winfo", "ismapped", popdown(box))))
    try:
        chosen = str(root.tk.call(f"{popdown(box)}.f.l", "cget", "-selectbackground"))
        assert chosen == theme.palette().selected
    finally:
        root.tk.call("ttk::combobox::Unpost", box)
        root.update()


def test_a_file_is_suggested_the_name_of_what_is_saved(
    live: Window, dialogs: Dialogs, session: FakeSession
) -> None:
    live.show(live.models)
    live.update()
    click(live.models.use_bar.save_npz_button)
    assert dialogs.names[-1] == "cnn-light"
