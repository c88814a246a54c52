"""A network that was trained is not lost: it waits in Models to be saved or thrown away."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import Dialogs, WaitUntil, click
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.session.session import Session
from tests.training.small_runs import write_idx_folder

pytestmark = pytest.mark.window


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    write_idx_folder(tmp_path / "stripes", train_count=200, test_count=40)
    session = Session(UserPaths.under(tmp_path), environ={})
    yield session
    assert session.close(60)


@pytest.fixture
def desk(window: Window, session: Session, tmp_path: Path, root: tk.Tk) -> Window:
    window.attach_session(session)
    form = window.train.form
    values = {"model": "flatten dense(10)", "epochs": "1", "device": "cpu", "threads": "1"}
    for name, text in values.items():
        form.values[name].set(text)
    form.data.value.set(str(tmp_path / "stripes"))
    window.show(window.train)
    root.update()
    return window


def train(desk: Window, wait_until: WaitUntil, seed: int = 0) -> None:
    """Press Start and wait for the end."""
    desk.train.form.values["seed"].set(str(seed))
    wait_until(lambda: not desk.train.form.problems)
    before = len(desk.train.chart.records)
    click(desk.train.buttons.start_button)
    wait_until(lambda: len(desk.train.chart.records) > before and not desk.train.is_running, 30)


def titles(desk: Window) -> list[str]:
    return [cells[0] for cells in desk.models.table.cells]


def test_the_next_run_takes_no_network_away(desk: Window, wait_until: WaitUntil) -> None:
    train(desk, wait_until)
    assert "not saved yet" in desk.status.message.cget("text")
    assert titles(desk) == ["Bundled reader", "Trained network, not saved"]
    train(desk, wait_until, seed=1)
    kept = "flatten dense(10) · stripes, not saved"
    assert titles(desk) == ["Bundled reader", "Trained network, not saved", kept]
    assert kept in desk.draw.page.choice.read_with.cget("values")
    desk.show(desk.models)
    desk.models.list.selection_set(desk.models.list.get_children()[2])
    desk.update()
    click(desk.models.use_bar.use_button)
    assert desk.draw.page.choice.read_with.get() == kept


def test_it_is_there_after_closing_and_starting_again(
    desk: Window, root: tk.Tk, session: Session, tmp_path: Path, wait_until: WaitUntil
) -> None:
    train(desk, wait_until)
    desk.destroy()
    assert session.close()
    again = Session(UserPaths.under(tmp_path), environ={})
    window = Window(root, UserPaths.under(tmp_path), dialogs=Dialogs())
    try:
        window.attach_session(again)
        root.update()
        kept = "flatten dense(10) · stripes, not saved"
        assert titles(window) == ["Bundled reader", kept]
    finally:
        window.destroy()
        assert again.close()


def test_it_is_saved_or_thrown_away(
    desk: Window, dialogs: Dialogs, wait_until: WaitUntil, tmp_path: Path
) -> None:
    train(desk, wait_until)
    models = desk.models
    desk.show(models)
    models.list.selection_set("training")
    desk.update()
    click(models.bar.delete_button)
    assert titles(desk) == ["Bundled reader"]
    desk.status.actions[0].invoke()
    assert titles(desk) == ["Bundled reader", "flatten dense(10) · stripes, not saved"]
    dialogs.path = str(tmp_path / "mine.npz")
    click(models.use_bar.save_npz_button)
    assert titles(desk) == ["Bundled reader", "mine.npz"]
