"""What is done on the Models tab by hand, and what it then shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_session import FakeSession
from hands import Dialogs
from three_tabs import Window

from digitdesk.ui.evaluate.pair_page import PairPage

pytestmark = pytest.mark.window


@pytest.fixture
def models(live: Window, session: FakeSession):
    session.add_file(Path("/m/first.npz"))
    session.add_file(Path("/m/second.npz"))
    session.add_file(Path("/m/broken.npz"), "Cannot open broken.npz: the file is damaged.")
    live.models.refresh_files()
    live.show(live.models)
    live.update()
    return live.models


@pytest.fixture
def opened(models, live: Window, session: FakeSession):
    """Two of them are at hand, as files are that were opened."""
    for name in ("first", "second"):
        session.keep(Path(f"/m/{name}.npz"))
    live.models.refresh()
    return models


def select(models, key: str) -> None:
    models.list.selection_set(key)
    models.update()


def test_the_library_says_what_each_model_is(models) -> None:
    cells = models.list.item("/m/first.npz", "values")
    assert cells[:5] == ("first.npz", "99.12 ± 0.18 %", "MNIST", "2026-11-19", "123 kB")
    select(models, "/m/broken.npz")
    assert models.card.notes.cget("text") == "Cannot open broken.npz: the file is damaged."
    assert models.use_bar.use_button.instate(["disabled"])
    assert models.bar.delete_button.instate(["!disabled"])
    select(models, "reader")
    assert models.bar.delete_button.instate(["disabled"])


def test_models_are_renamed_duplicated_deleted_and_brought_back(models, live) -> None:
    select(models, "/m/first.npz")
    models.bar.rename_button.invoke()
    models.table.name.text.set("best")
    models.table.name.keep()
    assert models.selected == "/m/best.npz"
    models.bar.duplicate_button.invoke()
    assert models.selected == "/models/copy of best.npz"
    select(models, "/m/best.npz")
    models.bar.delete_button.invoke()
    live.update()
    assert not models.list.exists("/m/best.npz")
    assert live.status.message.cget("text") == "Deleted best.npz."
    live.status.actions[0].invoke()
    assert models.selected == "/m/best.npz"


def test_two_models_are_compared(opened, live: Window, session: FakeSession) -> None:
    models = opened
    select(models, "/m/first.npz")
    models.bar.compare_box.current(models.bar.compare_box.cget("values").index("second.npz"))
    models.bar.compare_box.event_generate("<<ComboboxSelected>>")
    models.update()
    assert session.exams.calls == ["examine /m/first.npz mnist", "examine /m/second.npz mnist"]
    assert live.tabs.in_front is live.evaluate
    page = live.evaluate.page
    assert isinstance(page, PairPage)
    assert "first.npz is right on" in str(page.sentence.cget("text"))
    assert "unlikely to be chance, p = 0.004" in str(page.sentence.cget("text"))


def test_a_model_is_shown_in_its_folder(models, live: Window) -> None:
    shown: list[Path] = []
    models._reveal = shown.append
    select(models, "/m/first.npz")
    models.bar.folder_button.invoke()
    assert shown == [Path("/m/first.npz")]


def test_recent_files_open_again(models, live: Window, dialogs: Dialogs, tmp_path) -> None:
    file = tmp_path / "mine.npz"
    file.write_bytes(b"model")
    models.open_file(file)
    select(models, "reader")
    models.bar.recent_menu.post(0, 0)
    models.bar.recent_menu.unpost()
    models.bar.recent_menu.invoke(0)
    assert models.selected == str(file)


def test_no_row_of_the_matrix_is_cut_off(opened, live: Window) -> None:
    """Also in Chinese, whose lines are higher, and in a window as small as that of a laptop."""
    models = opened
    live.root.geometry("1080x740")
    if live.preferences.choose_language("zh_CN") is not None:
        pytest.skip("no font for Chinese: apt install fonts-noto-cjk")
    live.update()
    select(models, "/m/first.npz")
    models.bar.compare_box.current(models.bar.compare_box.cget("values").index("second.npz"))
    models.bar.compare_box.event_generate("<<ComboboxSelected>>")
    live.update()
    page = live.evaluate.page
    assert isinstance(page, PairPage)
    matrix = page.side.matrix
    assert matrix.winfo_viewable()
    assert len(matrix.find_all()) > 50
    # The box around what is drawn is a pixel larger on every side.
    _left, _top, right, bottom = matrix.bbox("all")
    assert bottom <= matrix.winfo_height() + 1
    assert right <= matrix.winfo_width() + 1
    live.root.geometry("1120x760")
