"""Every control says what it does, to a mouse that rests and to F1; to one that draws, nothing."""

from __future__ import annotations

import time
import tkinter as tk

import pytest
from hands import SEVEN, Pen, WaitUntil
from three_tabs import Window
from window_checks import below

from digitdesk.ui.toolkit import tooltip
from digitdesk.ui.toolkit.tooltip import shown_tooltip

pytestmark = pytest.mark.window

HELD = 0x100


def place(widget: tk.Misc) -> tuple[int, int, int, int]:
    """Where a widget is on the screen."""
    x, y = widget.winfo_rootx(), widget.winfo_rooty()
    return x, y, x + widget.winfo_width(), y + widget.winfo_height()


def covers(a: tk.Misc, b: tk.Misc) -> bool:
    left, top, right, bottom = place(a)
    other_left, other_top, other_right, other_bottom = place(b)
    return left < other_right and other_left < right and top < other_bottom and other_top < bottom


def let_live(window: Window, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        window.update()
        time.sleep(0.005)


def test_a_resting_mouse_and_f1_explain(live: Window, wait_until: WaitUntil) -> None:
    button = live.draw.tools.clear_button
    button.event_generate("<Enter>")
    wait_until(lambda: "Wipes the board" in shown_tooltip(live))
    button.event_generate("<Leave>")
    assert shown_tooltip(live) == ""
    live.root.focus_force()
    live.show(live.train)
    live.update()
    live.train.form.controls["epochs"].focus_force()
    live.update()
    live.train.form.controls["epochs"].event_generate("<F1>")
    assert "2 to 20 is usual" in shown_tooltip(live)
    live.train.form.controls["epochs"].event_generate("<F1>")
    assert shown_tooltip(live) == ""


def test_a_pen_that_comes_back_onto_the_board_is_not_helped(live: Window) -> None:
    board = live.draw.board
    pen = Pen(board)
    board.event_generate("<Enter>", x=5, y=5)
    pen.down(SEVEN[0])
    for _visit in range(2):
        board.event_generate("<Leave>", x=0, y=0, state=HELD)
        board.event_generate("<Enter>", x=5, y=5, state=HELD)
        pen.move(SEVEN[1])
        let_live(live, 0.7)
        assert shown_tooltip(live) == ""
    pen.up(SEVEN[1])
    let_live(live, 0.8)
    assert shown_tooltip(live) == ""


def test_nothing_opens_within_a_second_after_drawing(live: Window, wait_until: WaitUntil) -> None:
    pen = Pen(live.draw.board)
    pen.stroke(*SEVEN)
    lifted_at = time.monotonic()
    live.draw.tools.clear_button.event_generate("<Enter>")
    wait_until(lambda: shown_tooltip(live) != "")
    assert time.monotonic() - lifted_at >= 1.0
    live.draw.tools.clear_button.event_generate("<Leave>")


def test_help_covers_neither_tools_nor_what_it_is_about(live: Window, root: tk.Tk) -> None:
    for mode in ("digit", "number"):
        live.draw.show_mode(mode)
        root.update()
        page = live.draw.page
        for widget in below(page):
            if not tooltip.explanation(widget) or not widget.winfo_viewable():
                continue
            tooltip.show_tooltip(widget)
            root.update()
            card = tooltip._tooltip(live)
            assert not covers(card, live.status), widget
            if widget is page.board:
                assert not covers(card, page.tools)
            else:
                assert not covers(card, widget)
            if widget.master is page.tools:
                assert place(card)[3] <= place(page.tools)[1], "opens downward"
            tooltip.hide_tooltip(widget)
