"""Deleted models are told of by name, and had back by key, by button or from the trash."""

from __future__ import annotations

import dataclasses
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hands import WaitUntil, click
from real_desk import RealDesk, save_untrained

from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import READER
from digitdesk.ui.toolkit.user_settings import Settings, write_settings

pytestmark = pytest.mark.window


class ModelsDesk(RealDesk):
    """A start of the app with its Models tab in front."""

    def __init__(self, root: tk.Tk, home: Path, wait_until: WaitUntil) -> None:
        super().__init__(root, home)
        self.root, self.wait_until = root, wait_until
        self.models = self.window.models
        self.folder = self.paths.models
        self.window.show(self.models)
        root.focus_force()
        self.settle()

    def settle(self) -> None:
        """Wait until the folder has been looked through."""
        on_disk = {p.name for p in self.folder.glob("*") if p.is_file()}
        self.wait_until(lambda: on_disk <= set(self.titles))

    @property
    def titles(self) -> list[str]:
        return [row.title for row in self.models.table.rows.values()]

    def select(self, name: str) -> None:
        self.wait_until(lambda: name in self.titles)
        self.models.list.selection_set(str(self.folder / name))
        self.root.update()

    def press(self, keys: str) -> None:
        self.models.list.focus_force()
        self.root.update()
        self.models.list.event_generate(keys)
        self.root.update()

    def choose(self, menu: tk.Menu, place: int) -> None:
        """Open a list and choose an entry of it."""
        menu.post(0, 0)
        self.root.update()
        menu.invoke(place)
        menu.unpost()
        self.root.update()

    def entries(self, menu: tk.Menu) -> list[str]:
        menu.post(0, 0)
        self.root.update()
        menu.unpost()
        last = menu.index("end")
        return [
            menu.entrycget(k, "label") for k in range((last or 0) + 1) if menu.type(k) == "command"
        ]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    paths = UserPaths.under(tmp_path)
    write_settings(Settings(language="en", theme="light", tour_seen=True), paths.config)
    for name in ("first.npz", "second.pkl", "third.npz"):
        # As the program names networks: by what they are made of.
        save_untrained(paths.models / name, title="softmax")
    return tmp_path


@pytest.fixture
def desk(root: tk.Tk, home: Path, wait_until: WaitUntil) -> Iterator[ModelsDesk]:
    desk = ModelsDesk(root, home, wait_until)
    yield desk
    desk.close()
    root.update()


def test_deletions_are_undone_one_after_the_other_by_key(desk: ModelsDesk) -> None:
    for name in ("first.npz", "second.pkl"):
        desk.select(name)
        # Opened or not, a model goes by the name of its file.
        desk.session.load(str(desk.folder / name))
        desk.press("<Delete>")
        assert desk.said == f"Deleted {name}."
        assert not (desk.folder / name).exists()
    desk.window.status.say("Something else happened.")
    for name in ("second.pkl", "first.npz"):
        desk.press("<Control-z>")
        assert (desk.folder / name).is_file()
        assert desk.said == f"{name} is back."
        desk.wait_until(lambda name=name: desk.models.selected == str(desk.folder / name))
    desk.press("<Control-z>")
    assert desk.said == "No deletion is left to be undone; look into the trash."


def test_the_trash_is_looked_into_after_another_start(
    desk: ModelsDesk, root: tk.Tk, home: Path, wait_until: WaitUntil
) -> None:
    assert desk.entries(desk.models.bar.trash_menu) == ["The trash is empty."]
    for name in ("first.npz", "second.pkl"):
        desk.select(name)
        click(desk.models.bar.delete_button)
    desk.close()
    again = ModelsDesk(root, home, wait_until)
    shown = again.entries(again.models.bar.trash_menu)
    assert shown[0].startswith("second.pkl")
    assert shown[1].startswith("first.npz")
    assert shown[2:] == ["Empty the trash"]
    again.choose(again.models.bar.trash_menu, 1)
    assert again.said == "first.npz is back."
    assert (again.folder / "first.npz").is_file()
    again.choose(again.models.bar.trash_menu, 2)
    assert again.said == "Delete 1 model for good?"
    again.window.status.actions[0].invoke()
    assert len(again.session.trash()) == 1
    again.choose(again.models.bar.trash_menu, 2)
    again.window.status.actions[1].invoke()
    assert again.session.trash() == ()
    assert again.entries(again.models.bar.trash_menu) == ["The trash is empty."]
    again.close()


def test_keys_of_the_list_are_not_those_of_a_name_being_typed(desk: ModelsDesk) -> None:
    desk.select("first.npz")
    desk.press("<F2>")
    entry = desk.models.table.name
    assert entry.winfo_ismapped()
    entry.event_generate("<Delete>")
    entry.event_generate("<Control-z>")
    desk.root.update()
    assert (desk.folder / "first.npz").is_file()
    assert entry.winfo_ismapped()


def test_neither_the_bundled_reader_nor_nothing_is_deleted(desk: ModelsDesk) -> None:
    desk.models.list.selection_set(READER)
    desk.root.update()
    desk.press("<Delete>")
    desk.press("<F2>")
    assert len(desk.titles) == 4
    assert not desk.window.status.shows_error


@pytest.mark.parametrize(("name", "copy"), [("first.npz", "first (copy).npz"),
                                            ("second.pkl", "second (copy).pkl")])  # fmt: skip
def test_a_copy_has_the_name_and_the_format_of_its_model(
    desk: ModelsDesk, name: str, copy: str
) -> None:
    desk.select(name)
    click(desk.models.bar.duplicate_button)
    assert desk.said == f"Copied to {copy}."
    assert (desk.folder / copy).is_file()
    assert desk.session.card(str(desk.folder / copy)).title == Path(copy).stem


def test_recent_files_go_by_their_present_names(desk: ModelsDesk) -> None:
    for name in ("first.npz", "second.pkl", "third.npz"):
        desk.models.open_file(desk.folder / name)
    desk.select("first.npz")
    desk.press("<F2>")
    desk.models.table.name.text.set("best")
    desk.models.table.name.event_generate("<Return>")
    desk.select("second.pkl")
    desk.press("<Delete>")
    assert desk.entries(desk.models.bar.recent_menu) == ["third.npz", "best.npz"]
    desk.choose(desk.models.bar.recent_menu, 1)
    assert desk.said == "Opened best.npz."
    desk.press("<Control-z>")
    assert "second.pkl" in desk.entries(desk.models.bar.recent_menu)


def test_whoever_goes_to_another_model_is_called_back_by_none_of_several_lists(
    desk: ModelsDesk,
) -> None:
    """Each of them once was asked to show another; Delete then met that one."""
    lists: list[Callable[[], None]] = []

    def later(work: Callable[[None], object], take: Callable[[object], None], _failed: object):
        lists.append(lambda: take(work(None)))

    desk.models._services = dataclasses.replace(desk.models._services, background=later)
    for name in ("first.npz", "third.npz", "first.npz"):
        desk.models.models_changed(str(desk.folder / name))
    desk.select("second.pkl")
    for come in lists:
        come()
        desk.root.update()
        assert desk.models.selected == str(desk.folder / "second.pkl")
