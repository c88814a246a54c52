"""What data there is may be known late: whatever somebody has begun by then stays as it is."""

from __future__ import annotations

import json
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_session import Offline
from hands import click, write
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.ui.train.recipe_fields import FIRST_IMAGES

pytestmark = pytest.mark.window


class Job:
    report = staticmethod(lambda done, total: None)
    is_cancelled = staticmethod(lambda: False)
    cancel = staticmethod(lambda: None)
    is_over = False


class Later:
    """Work beside the window that is done when the test says so."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], None]] = []

    def __call__(self, work, when_done, when_failed, when_moved=None) -> Job:
        job = Job()
        self._waiting.append(lambda: when_done(work(job)))
        return job

    def answer(self) -> None:
        waiting, self._waiting = self._waiting, []
        for work in waiting:
            work()


@pytest.fixture
def session() -> Offline:
    return Offline()


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def train(root: tk.Tk, tmp_path: Path, session: Offline, later: Later) -> Iterator[Any]:
    """The tab at the moment in which it can first be used, MNIST being absent."""
    window = Window(root, UserPaths.under(tmp_path), background=later)
    window.attach_session(session)  # type: ignore[arg-type]
    window.show(window.train)
    root.update()
    yield window.train
    window.destroy()
    root.update()


def test_who_does_nothing_gets_what_is_there(train, later: Later) -> None:
    later.answer()
    assert train.form.data.name == "handwriting"
    assert train.form.presets.name == "few"
    assert train.form.settings().limit == FIRST_IMAGES


def test_letters_that_are_being_typed_stay(train, later: Later) -> None:
    epochs = train.form.controls["epochs"]
    click(epochs)
    epochs.selection_range(0, "end")
    write(epochs, "1")
    later.answer()
    write(epochs, "7")
    assert train.form.values["epochs"].get() == "17"
    assert train.form.data.name == "handwriting"
    assert train.form.settings().limit == FIRST_IMAGES
    assert train.buttons.start_button.instate(["!disabled"])


def test_a_field_that_is_about_to_be_typed_into_is_not_filled_in(train, later: Later) -> None:
    epochs = train.form.controls["epochs"]
    click(epochs)
    epochs.selection_range(0, "end")
    later.answer()
    write(epochs, "1")
    assert train.form.values["epochs"].get() == "1"


def test_a_preset_that_was_chosen_stays(train, later: Later) -> None:
    box = train.form.presets.box
    box.current(0)
    box.event_generate("<<ComboboxSelected>>")
    later.answer()
    assert train.form.presets.name == "quick"
    assert train.form.values["epochs"].get() == "3"


def test_a_data_set_that_is_being_typed_stays(train, later: Later, session: Offline) -> None:
    box = train.form.data.box
    click(box)
    write(box, "mnist+hand")
    later.answer()
    write(box, "writing")
    assert train.form.data.name == "mnist+handwriting"
    assert train.form.values["epochs"].get() == "3"
    # Once it is there, it is trained on: nothing else has come in its place meanwhile.
    session.has_mnist = True
    train.form.data.refresh()
    later.answer()
    click(train.buttons.start_button)
    assert [run.data for run in session.started] == ["mnist+handwriting"]


def test_a_data_set_that_was_chosen_stays_also_where_it_is_missing(train, later: Later) -> None:
    train.form.data.value.set("handwriting")
    train.form.data.value.set("mnist")
    later.answer()
    assert train.form.data.name == "mnist"
    assert train.form.values["limit"].get() == ""


def test_who_only_looks_into_the_field_gets_what_is_there_on_leaving(train, later: Later) -> None:
    box = train.form.data.box
    box.focus_force()
    train.update()
    later.answer()
    assert train.form.data.name == "mnist"
    train.form.controls["epochs"].focus_force()
    train.update()
    assert train.form.data.name == "handwriting"


def test_a_number_of_images_stays_and_is_remembered(train, later: Later) -> None:
    train.form.values["limit"].set("2000")
    later.answer()
    assert train.form.data.name == "handwriting"
    assert train.form.values["limit"].get() == "2000"
    assert json.loads(train.form.remembered)["limit"] == "2000"


def test_what_is_chosen_during_a_download_stays(train, later: Later, session: Offline) -> None:
    later.answer()
    session.has_mnist = True
    click(train.form.data.download_button)
    data = train.form.data
    data.box.set("mnist")
    data.box.set("handwriting")
    later.answer()
    later.answer()
    assert data.name == "handwriting"
    assert train.form.settings().limit == FIRST_IMAGES
    assert train.form.presets.name == "few"


@pytest.mark.parametrize("name", ["data", "model"])
def test_letters_typed_with_the_list_dropped_down_are_written(train, later, name: str) -> None:
    later.answer()
    form = train.form
    box = form.data.box if name == "data" else form.controls[name]
    listed = f"{box.tk.call('ttk::combobox::PopdownWindow', box)}.f.l"
    click(box)
    assert int(box.tk.call("winfo", "ismapped", listed))
    for letter in "sof":
        # Quicker than the list goes.
        box.tk.call("event", "generate", listed, "<Key>", "-keysym", letter)
    write(box, "tmax")
    assert not int(box.tk.call("winfo", "ismapped", listed))
    assert box.get() == "softmax"
