"""The board names the model that reads it, whichever was chosen, and wherever it was chosen."""

from __future__ import annotations

import string
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import SEVEN, WaitUntil, click
from real_desk import RealDesk, save_untrained

from digitdesk.files.paths import UserPaths
from digitdesk.ui.toolkit.user_settings import Settings, write_settings

pytestmark = pytest.mark.window

BUNDLED = "Bundled reader"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    paths = UserPaths.under(tmp_path)
    write_settings(Settings(language="en", theme="light", tour_seen=True), paths.config)
    return tmp_path


@pytest.fixture
def desk(root: tk.Tk, home: Path) -> Iterator[RealDesk]:
    """A start of the app with two models saved in an earlier one."""
    models = UserPaths.under(home).models
    save_untrained(models / "mine.npz")
    save_untrained(models / "letters.npz", string.ascii_lowercase)
    save_untrained(models / "two.npz", ("yes", "no"))
    desk = RealDesk(root, home)
    yield desk
    desk.close()
    root.update()


def offered(desk: RealDesk) -> list[str]:
    return list(map(str, desk.window.draw.page.choice.read_with.cget("values")))


def named(desk: RealDesk) -> tuple[str, str]:
    """The model in the field and the one in the status bar."""
    bar = str(desk.window.status.model.cget("text")).removeprefix("Reads with: ")
    return desk.window.draw.page.choice.read_with.get(), bar


def read_with(desk: RealDesk, title: str) -> None:
    """Choose a model in the list by its name."""
    box = desk.window.draw.page.choice.read_with
    box.current(offered(desk).index(title))
    box.event_generate("<<ComboboxSelected>>")
    desk.window.update()


def test_a_model_saved_in_an_earlier_start_is_named_when_it_reads(
    desk: RealDesk, wait_until: WaitUntil
) -> None:
    window = desk.window
    key = str(desk.paths.models / "mine.npz")
    window.show(window.models)
    wait_until(lambda: key in window.models.table.rows)
    window.models.list.selection_set(key)
    window.update()
    click(window.models.use_bar.use_button)
    wait_until(lambda: window.draw.winfo_viewable())
    desk.pen.stroke(*SEVEN)
    window.update()
    assert named(desk) == ("mine.npz", "mine.npz")
    assert window.draw.digit.answer is not None
    assert window.draw.digit.answer.source == "mine"
    window.draw.show_mode("number")
    window.update()
    assert named(desk) == ("mine.npz", "mine.npz")


def test_saved_models_can_be_chosen_from_the_start(desk: RealDesk, wait_until: WaitUntil) -> None:
    wait_until(lambda: "mine.npz" in offered(desk))
    assert "mine.npz" in list(map(str, desk.window.draw.page.choice.and_with.cget("values")))
    desk.pen.stroke(*SEVEN)
    read_with(desk, "mine.npz")
    assert named(desk) == ("mine.npz", "mine.npz")
    assert desk.window.draw.digit.answer is not None
    assert desk.window.draw.digit.answer.source == "mine"


def test_a_model_that_is_gone_leaves_the_board_with_the_one_it_had(
    desk: RealDesk, wait_until: WaitUntil
) -> None:
    wait_until(lambda: "mine.npz" in offered(desk))
    (desk.paths.models / "mine.npz").unlink()
    read_with(desk, "mine.npz")
    assert desk.window.status.shows_error
    assert "mine.npz" in desk.said
    assert named(desk) == (BUNDLED, BUNDLED)
    desk.pen.stroke(*SEVEN)
    desk.window.update()
    assert desk.window.draw.digit.panel.answer.label == "7"


def test_the_board_follows_a_model_that_gets_another_name(
    desk: RealDesk, wait_until: WaitUntil
) -> None:
    window = desk.window
    wait_until(lambda: "mine.npz" in offered(desk))
    read_with(desk, "mine.npz")
    window.models.refresh(str(desk.paths.models / "mine.npz"))
    window.models.table._on_rename(window.models.selected, "yours")
    wait_until(lambda: "yours.npz" in offered(desk))
    assert named(desk) == ("yours.npz", "yours.npz")


@pytest.mark.parametrize("number", [False, True])
def test_models_with_more_and_fewer_classes_follow_each_other(
    desk: RealDesk, wait_until: WaitUntil, number: bool
) -> None:
    window = desk.window
    if number:
        window.draw.show_mode("number")
    wait_until(lambda: "letters.npz" in offered(desk))
    desk.pen.board = window.draw.board
    desk.pen.stroke(*SEVEN)
    for title in ("two.npz", BUNDLED, "letters.npz", BUNDLED, "two.npz", "letters.npz"):
        read_with(desk, title)
        assert named(desk) == (title, title)
        assert not desk.window.status.shows_error, desk.said
    if not number:
        shown = window.draw.digit.panel.bars.values
        assert shown and all(shown.values())
