"""What the user reads when the disk refuses: one sentence; and the old file stays."""

from __future__ import annotations

import dataclasses
import errno
from pathlib import Path

import pytest
from fake_session import FakeSession, run_events
from hands import Dialogs, WaitUntil
from three_tabs import Window

from digitdesk.app import sweep_saving_places
from digitdesk.files.paths import UserPaths
from digitdesk.messages.picture import Picture
from digitdesk.ui.toolkit.user_settings import Settings, read_settings
from tests.torture.faults import refusing


@pytest.mark.parametrize("operation", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize("suffix", [".csv", ".png", ".svg", ".pdf"])
def test_an_export_that_fails_leaves_the_one_before(
    suffix: str,
    operation: str,
    live: Window,
    session: FakeSession,
    dialogs: Dialogs,
    tmp_path: Path,
    wait_until: WaitUntil,
) -> None:
    session.play(*run_events(1))
    wait_until(lambda: not session.events)
    folder = tmp_path / "exports"
    folder.mkdir()
    file = folder / f"run{suffix}"
    file.write_bytes(b"the one before")
    dialogs.path = str(file)
    with refusing(operation, 1, errno.ENOSPC):
        live.train.tools.export(suffix)
    sentence = str(live.status.message.cget("text"))
    assert sentence.startswith(f"Cannot write {file.name}: the disk is full. Choose another folder")
    assert live.status.shows_error
    assert file.read_bytes() == b"the one before"
    assert list(folder.iterdir()) == [file]


def test_settings_that_cannot_be_kept_are_said_to_be_lost(live: Window, tmp_path: Path) -> None:
    folder = UserPaths.under(tmp_path).config
    before = read_settings(folder)
    with refusing("write", 1, errno.EROFS):
        live.preferences.choose_zoom(1.5)
    sentence = str(live.status.message.cget("text"))
    assert sentence.startswith("Cannot write window.json: the disk is read-only.")
    assert read_settings(folder) == before
    assert [path.name for path in folder.iterdir()] == ["window.json"]


def test_a_picture_that_cannot_be_copied_is_a_sentence(live: Window, tmp_path: Path) -> None:
    # Not the window's own: once it has time, it keeps a list of fonts there.
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    page = live.draw.digit
    page._services = dataclasses.replace(page._services, cache=blocked)
    live.draw.digit.panel.network_view.show(Picture(28, 28, bytes(784)))
    live.draw.digit.copy()
    assert "Cannot make the folder" in str(live.status.message.cget("text"))


def test_a_start_sweeps_where_the_user_last_saved(tmp_path: Path) -> None:
    paths = UserPaths.under(tmp_path)
    models, exports = tmp_path / "my models", tmp_path / "my exports"
    for folder in (paths.config, models, exports):
        folder.mkdir()
        (folder / ".cut short.0123456789abcdef.digitdesk-tmp").write_bytes(b"half")
        (folder / "kept").touch()
    settings = Settings(model_folder=str(models), export_folder=str(exports))
    sweep_saving_places(paths, settings)
    assert {p.name for f in (paths.config, models, exports) for p in f.iterdir()} == {"kept"}
