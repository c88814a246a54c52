"""How the window asks, tells of errors, and is used without a mouse."""

from __future__ import annotations

import tkinter as tk

import pytest
from fake_session import FakeSession, run_events
from three_tabs import Window
from window_checks import below

from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import (
    RunState,
)

pytestmark = pytest.mark.window


@pytest.fixture
def train(live: Window):
    live.show(live.train)
    live.update()
    return live.train


def test_closing_while_training_asks_once_in_a_line(
    train, live: Window, session: FakeSession, wait_until, monkeypatch
) -> None:
    gone: list[str] = []
    monkeypatch.setattr(live.root, "withdraw", lambda: None)
    monkeypatch.setattr(live.root, "destroy", lambda: gone.append("destroy"))
    session.play(*run_events(2, finish=False)[:10])
    wait_until(lambda: session.state is RunState.TRAINING)
    live.ask_to_close()
    assert "go on from here the next time" in live.status.notice.text
    live.status.notice.choices[1].invoke()
    assert gone == []
    live.ask_to_close()
    live.status.notice.choices[0].invoke()
    assert gone == ["destroy"]
    assert session.closed


def test_errors_and_the_help_menu_name_the_log(live: Window, tmp_path, logged_errors) -> None:
    live.status.show_error(RuntimeError("planted"))
    assert str(UserPaths.under(tmp_path).logs) in live.status.message.cget("text")
    logged_errors.clear()
    live.menus.help_menu.invoke(2)
    assert "digitdesk.log" in live.status.message.cget("text")


def test_the_keyboard_reaches_everything(live: Window, root: tk.Tk) -> None:
    root.focus_force()
    root.update()
    for tab in (live.draw, live.train, live.models):
        live.show(tab)
        root.update()
        wanted = {
            str(widget)
            for widget in below(tab)
            if widget.winfo_class() in ("TButton", "TEntry", "TCombobox", "TScale", "TMenubutton")
            and widget.winfo_viewable()
            and widget.instate(["!disabled"])
        }
        reached = set()
        widget: tk.Misc | None = live.tabs.notebook
        for _step in range(120):
            widget = widget.tk_focusNext() if widget is not None else None
            if widget is None or str(widget) in reached:
                break
            reached.add(str(widget))
        assert wanted <= reached, wanted - reached
