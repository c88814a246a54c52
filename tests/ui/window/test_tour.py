"""The tour shows a newcomer round, and leaves alone who is under way."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest
from hands import WaitUntil
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.ui.toolkit.user_settings import read_settings

pytestmark = pytest.mark.window


def test_the_tour_does_not_call_back_who_is_on_another_tab(live: Window, root: tk.Tk) -> None:
    live.preferences.settings.tour_seen = False
    live.show(live.models)
    root.update()
    live._start_tour()
    root.update()
    assert not live.tour.is_shown
    assert live.models.winfo_viewable()


def test_the_first_start_shows_a_tour_that_can_be_skipped(
    live: Window, tmp_path: Path, wait_until: WaitUntil
) -> None:
    live.preferences.settings.tour_seen = False
    live._tour_later.ask(1)
    wait_until(lambda: live.tour.is_shown)
    assert live.tour.title.cget("text") == "Draw a digit"
    live.tour.next_button.invoke()
    live.tour.next_button.invoke()
    live.update()
    assert live.train.winfo_viewable()
    live.tour.skip_button.invoke()
    assert not live.tour.is_shown
    assert read_settings(UserPaths.under(tmp_path).config).tour_seen


def test_the_board_misses_no_pen_that_comes_down_as_the_tour_begins(
    live: Window, root: tk.Tk
) -> None:
    live.preferences.settings.tour_seen = False
    root.update()
    board = live.draw.digit.board
    assert board.winfo_viewable()
    live._start_tour()
    # Not even until the next idle moment: the server gives a press to what lies there just then.
    assert live.tour.is_shown
    assert board.winfo_viewable()
