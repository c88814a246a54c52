"""One window with the Inside tab in front and a four on its board, for all tests of a file."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator

import pytest
from hands import FOUR, Pen, WaitUntil
from real_desk import RealDesk

from digitdesk.files.paths import UserPaths
from digitdesk.ui.inside.view import InsideView
from digitdesk.ui.toolkit.user_settings import Settings, write_settings


@pytest.fixture(scope="module")
def desk(
    root: tk.Tk, tmp_path_factory: pytest.TempPathFactory, wait_until: WaitUntil
) -> Iterator[RealDesk]:
    home = tmp_path_factory.mktemp("home")
    write_settings(
        Settings(language="en", theme="light", tour_seen=True), UserPaths.under(home).config
    )
    desk = RealDesk(root, home)
    assert desk.window.inside.view is None, "nothing of it is made at the start"
    # What is drawn on the Draw tab is looked into here.
    Pen(desk.window.draw.board).draw(FOUR)
    desk.window.show(desk.window.inside)
    root.update()
    view = desk.window.inside.view
    assert view is not None
    wait_until(lambda: view.page.strip.in_view)  # type: ignore[attr-defined]
    wait_until(lambda: str(view.desk.answer.cget("text")).startswith("4"))
    yield desk
    desk.close()


@pytest.fixture
def view(desk: RealDesk) -> InsideView:
    view = desk.window.inside.view
    assert view is not None
    return view
