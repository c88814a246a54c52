"""A user brings data, looks at it, finds wrong labels, labels a folder, and makes a part of a set.

One window over a real session for all of it: each test goes on where the one before ended.
"""

from __future__ import annotations

import dataclasses
import tkinter as tk
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fake_session import run_events
from hands import WaitUntil, click, key, press
from real_desk import RealDesk

from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import READER, TRAINING, ModelEntry
from digitdesk.ui.data.choose.page import ChoosePage
from digitdesk.ui.data.see.figures_page import FiguresPage
from digitdesk.ui.data.see.pictures_page import PicturesPage
from digitdesk.ui.data.view import CHOOSE, FIGURES, IMPORT, PICTURES, DataView
from digitdesk.ui.i18n.language import switch_language
from digitdesk.ui.toolkit.user_settings import Settings, write_settings
from tests.data.importing.made_sources import digits, npz, table, write_class_folders

pytestmark = pytest.mark.window

IMAGES, LABELS = digits()


@pytest.fixture(scope="module")
def desk(root: tk.Tk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealDesk]:
    home = tmp_path_factory.mktemp("home")
    write_settings(
        Settings(language="en", theme="light", tour_seen=True), UserPaths.under(home).config
    )
    desk = RealDesk(root, home)
    desk.window.show(desk.window.data)
    root.update()
    yield desk
    desk.close()


@pytest.fixture
def view(desk: RealDesk) -> DataView:
    desk.window.show(desk.window.data)
    view = desk.window.data.view
    assert view is not None
    return view


@pytest.fixture
def bring(view: DataView, desk: RealDesk, wait_until: WaitUntil):
    """Reads a source as the dialog would give it, and waits until it is seen or refused."""

    def bring(path: Path, *, is_folder: bool = False) -> None:
        click(view.switch.buttons[IMPORT])
        page = view.bring
        assert page is not None
        desk.dialogs.path = str(path)
        button = page.form.folder_button if is_folder else page.form.file_button
        wait_until(button.winfo_viewable)
        click(button)
        wait_until(lambda: page.form.source is not None and not page.line.is_busy)

    return bring


def pictures(view: DataView) -> PicturesPage:
    page = view.pages[PICTURES]
    assert isinstance(page, PicturesPage)
    return page


def test_reading_a_set_can_be_cancelled(view: DataView, wait_until: WaitUntil) -> None:
    wait_until(lambda: view.line.is_busy)
    assert view.line.text.startswith("Reading ")
    click(view.line.cancel_button)
    assert not view.line.is_busy
    assert view.shown is None
    assert view.empty.winfo_viewable()


def test_a_table_that_does_not_fit_is_refused_in_place(
    view: DataView, bring, desk: RealDesk, tmp_path: Path
) -> None:
    lines = table(IMAGES, LABELS).splitlines()
    lines[5] = lines[5].replace(",", ",x,", 1)
    (tmp_path / "broken.csv").write_text("\n".join(lines))
    bring(tmp_path / "broken.csv")
    assert view.bring is not None
    assert "broken.csv" in view.bring.line.text
    assert str(view.bring.line.label.cget("style")) == "Problem.TLabel"
    assert view.bring.form.write_button.instate(["disabled"])
    assert view.bring.kinds.winfo_viewable()
    assert not desk.session.pictures.folder.exists()


def test_a_table_is_seen_before_it_is_written(
    view: DataView, bring, desk: RealDesk, tmp_path: Path, wait_until: WaitUntil
) -> None:
    (tmp_path / "train.csv").write_text(table(IMAGES, LABELS))
    bring(tmp_path / "train.csv")
    page = view.bring
    assert page is not None
    assert page.preview.gallery.captions == list("0123456789")
    assert "60 training pictures" in page.line.text
    assert not desk.session.pictures.folder.exists()
    page.form.name.set("My digits")
    click(page.form.write_button)
    wait_until(lambda: view.switch.mode == PICTURES and view.shown is not None)
    wait_until(lambda: view.sets.chosen is not None and view.sets.chosen.title == "My digits")
    assert pictures(view).gallery.total == 60
    assert view.line.text == "60 training pictures  ·  10 classes"


def test_a_class_is_looked_at(view: DataView, desk: RealDesk, wait_until: WaitUntil) -> None:
    click(view.switch.buttons[FIGURES])
    figures = view.pages[FIGURES]
    assert isinstance(figures, FiguresPage)
    wait_until(lambda: figures.classes.total == 10 and figures.charts[2].curves)
    assert figures.classes.captions[7] == "7\n6"
    assert "train.csv" in figures.about.cget("text")
    press(figures.classes.canvas, figures.classes.place_of(7))
    page = pictures(view)
    assert view.switch.mode == PICTURES
    assert page.gallery.captions == ["7"] * 6
    press(page.gallery.canvas, page.gallery.place_of(2))
    wanted = int(np.flatnonzero(LABELS == 7)[2])
    assert page.detail.label.cget("text") == "It is 7."
    assert page.detail.number.cget("text") == f"Number {wanted + 1}, training part"
    assert not page.detail.bars.values, "nobody was asked"
    page.bar.model.choose(READER)
    page._on_model()
    wait_until(lambda: page.detail.bars.values)
    seen = page.detail.seen
    assert seen is not None
    click(page.detail.board_button)
    assert desk.window.tabs.in_front is desk.window.draw
    assert desk.window.draw.board.shown == seen.picture
    desk.window.show(desk.window.data)
    click(page.detail.inside_button)
    inside = desk.window.inside
    wait_until(lambda: inside.view is not None and inside.view.desk.sample == seen.picture, 60)
    assert inside.view is not None
    assert inside.view.desk.truth == "7"
    chosen = inside.view.desk.model
    wait_until(lambda: chosen.chosen == READER)


def test_models_are_offered_when_there_are_others_and_only_then(
    view: DataView,
    desk: RealDesk,
    root: tk.Tk,
    wait_until: WaitUntil,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wait_until(view.winfo_viewable)
    page, at_hand, offers = pictures(view), list(desk.session.models()), list[list[str]]()
    offer = page.offer_models

    def count(entries: Sequence[ModelEntry]) -> None:
        offers.append([entry.key for entry in entries])
        offer(entries)

    monkeypatch.setattr(page, "offer_models", count)
    monkeypatch.setattr(desk.session, "models", lambda: tuple(at_hand))
    started, *progress = run_events(1, finish=False, per_epoch=5)
    view.handle(started)
    view.handle(progress[0])
    assert offers == [[READER], [READER]], "there are no weights yet"
    at_hand.append(dataclasses.replace(at_hand[0], key=TRAINING))
    for event in progress:
        view.handle(event)
    assert offers[2:] == [[READER, TRAINING]]
    at_hand.pop()
    view.models_changed()
    wait_until(lambda: len(offers) > 3)
    assert offers[3:] == [[READER]]
    switch_language(root, "zh_CN")
    assert page.bar.model.box.cget("values")[0] == "不询问"
    switch_language(root, "en")
    assert len(offers) == 4, "the lists change their language by themselves"


def test_wrong_labels_of_a_dropped_file_are_found(
    view: DataView, desk: RealDesk, tmp_path: Path, wait_until: WaitUntil
) -> None:
    wrong = LABELS.copy()
    wrong[[3, 17, 40]] = (wrong[[3, 17, 40]] + 5) % 10
    (tmp_path / "wrong.npz").write_bytes(npz(images=IMAGES, labels=wrong))
    desk.window.data.take_files([tmp_path / "wrong.npz"])
    assert view.bring is not None
    wait_until(lambda: view.bring.form.write_button.instate(["!disabled"]))
    click(view.bring.form.write_button)
    wait_until(lambda: view.shown is not None and view.shown.title == "wrong")
    page = pictures(view)
    page.see_doubtful(READER)
    wait_until(lambda: not view.line.is_busy and page.summary.cget("text").count("·") == 2, 60)
    assert page.bar.model.chosen == READER
    first = page.gallery.shown[:3]
    assert {3, 17, 40} <= {seen.index for seen in page.gallery.shown[:6]}
    assert all(page._caption(seen).is_wrong for seen in first)
    assert page.gallery.captions[0].endswith(" %")


def test_a_folder_is_labelled_by_keys(
    view: DataView, bring, desk: RealDesk, tmp_path: Path, wait_until: WaitUntil
) -> None:
    write_class_folders(tmp_path / "all", IMAGES[:5], ["x"] * 5)
    bring(tmp_path / "all" / "x", is_folder=True)
    page = view.bring
    assert page is not None
    assert page.form.write_button.instate(["disabled"]), "nothing is labelled yet"
    canvas = page.preview.gallery.canvas
    assert page.preview.gallery.chosen == 0
    key(canvas, "Key-7", "Key-3", "Right", "Key-7")
    assert page.preview.gallery.captions == ["7", "3", "?", "7", "?"]
    key(canvas, "BackSpace", "Delete")
    assert page.preview.gallery.captions == ["7", "3", "?", "?", "?"]
    key(canvas, "Key-a", "Key-b")
    assert page.preview.gallery.captions == ["7", "3", "?", "a", "b"]
    assert "1 without a label" in page.line.text
    # Labels that somebody gave are not lost by the way.
    assert desk.window.tabs.closing_question is not None
    assert page.form.file_button.instate(["disabled"])
    desk.window.data.take_files([tmp_path / "other.csv"])
    assert desk.said == "Write or discard what you have labelled first."
    click(page.form.discard_button)
    desk.window.status.notice.choices[1].invoke()
    assert page.preview.gallery.captions == ["7", "3", "?", "a", "b"]
    click(page.form.write_button)
    wait_until(lambda: view.shown is not None and view.shown.title == "x")
    assert view.shown is not None
    assert view.shown.class_names == ("7", "3", "a", "b")
    assert view.shown.parts[0].by_class == (1, 1, 1, 1)


def test_a_part_becomes_a_set_that_is_offered_everywhere(
    view: DataView, desk: RealDesk, wait_until: WaitUntil
) -> None:
    mine = next(name for name in view.sets.choice.keys if name.endswith("My digits"))
    view.sets.choice.choose(mine)
    view.sets._choose()
    wait_until(lambda: view.shown is not None and view.shown.name == mine)
    click(view.switch.buttons[CHOOSE])
    page = view.pages[CHOOSE]
    assert isinstance(page, ChoosePage)
    page.classes.take_all(False)
    assert page.form.save_button.instate(["disabled"])
    for name in "38":
        page.classes.toggle(name)
    page.form.values["held_out"].set("fifty")
    wait_until(lambda: "a number from 0 to 90" in page.work.text)
    page.form.values["held_out"].set("50 %")
    wait_until(lambda: page.form.save_button.instate(["!disabled"]))
    assert page.work.text == "The new set: 6 training pictures + 6 test pictures"
    assert page.classes.cells[3][:6] == ("✓", "3", "6", "–", "3", "3")
    page.form.values["name"].set("three or eight")
    click(page.form.save_button)
    wait_until(lambda: view.shown is not None and view.shown.class_names == ("3", "8"))
    assert view.shown is not None
    name, window = view.shown.name, desk.window
    wait_until(lambda: name in window.train.form.data._infos)
    assert name in window.train.form.data.box.cget("values")
    wait_until(lambda: name in window.evaluate.bar.data.keys)


def test_an_own_set_is_called_otherwise_and_removed(
    view: DataView, desk: RealDesk, wait_until: WaitUntil
) -> None:
    chosen = view.sets.chosen
    assert chosen is not None
    assert chosen.title == "three or eight"
    click(view.sets.rename_button)
    view.sets.name.text.set("3 or 8")
    key(view.sets.name, "Return")
    wait_until(lambda: view.sets.chosen is not None and view.sets.chosen.title == "3 or 8")
    folder = desk.session.pictures.folder
    assert (folder / "3 or 8").is_dir()
    click(view.sets.remove_button)
    assert (folder / "3 or 8").is_dir(), "only asked yet"
    desk.window.status.notice.choices[0].invoke()
    assert not (folder / "3 or 8").exists()
    removed = str(folder / "3 or 8")
    wait_until(lambda: removed not in view.sets.choice.keys)
    wait_until(lambda: removed not in desk.window.train.form.data._infos)
    view.line.cancel()
