"""Exporting a model from the Models tab: each kind says what it is for, and is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_session import FakeSession
from hands import Dialogs, WaitUntil
from three_tabs import Window

pytestmark = pytest.mark.window


@pytest.fixture
def models(live: Window):
    live.show(live.models)
    live.update()
    return live.models


def opened(models) -> list[str]:
    """The lines of the list, once it is opened."""
    menu = models.use_bar.export_button.menu
    menu.tk.call(menu.cget("postcommand"))
    return [menu.entrycget(k, "label") for k in range(menu.index("end") + 1)]


def test_every_kind_says_what_it_is_for_and_is_written(
    models, live: Window, session: FakeSession, dialogs: Dialogs, tmp_path: Path,
    wait_until: WaitUntil,
) -> None:  # fmt: skip
    lines = opened(models)
    kinds = [target.name for target in session.export.export_targets()]
    assert len(lines) == len(kinds) == 5
    assert lines[0].startswith("Web page (*.html): One page with a board that reads in any browser")
    dialogs.path = str(tmp_path / "page")
    models.use_bar.export_button.menu.invoke(kinds.index("html"))
    wait_until(lambda: str(live.status.message.cget("text")).startswith("Exported"))
    assert session.calls == ["export reader html page.html"]
    assert dialogs.asked == [".html"]
    said = str(live.status.message.cget("text"))
    assert "page.html (" in said and said.endswith("It is whole.")


def test_nothing_is_written_when_the_dialog_is_left(
    models, session: FakeSession, dialogs: Dialogs
) -> None:
    opened(models)
    models.use_bar.export_button.menu.invoke(0)
    assert dialogs.asked == [".html"]
    assert session.calls == []


def test_what_cannot_be_exported_says_why(
    models, live: Window, session: FakeSession, dialogs: Dialogs, tmp_path: Path,
    wait_until: WaitUntil,
) -> None:  # fmt: skip
    opened(models)
    dialogs.path = str(tmp_path / "m.onnx")
    models.use_bar.export_button.menu.invoke(1)
    wait_until(lambda: live.status.shows_error)
    assert "needs the package onnx" in str(live.status.message.cget("text"))
