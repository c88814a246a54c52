"""Nothing leaves the computer unless the user asks for a download."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from digitdesk.files.paths import UserPaths
from digitdesk.messages.exam import ExamData
from digitdesk.messages.model import READER, TRAINING
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.session import Session
from tests.test_architecture import PACKAGE, imports, modules
from tests.training.small_runs import write_idx_folder

NETWORK = {
    *("socket", "ssl", "http", "urllib.request", "ftplib", "smtplib", "asyncio", "xmlrpc"),
    *("socketserver", "webbrowser", "requests", "urllib3", "pooch", "flask", "waitress"),
}
ONE = (((140.0, 40.0), (140.0, 140.0), (140.0, 240.0)),)


def test_one_module_reaches_the_network_and_one_room_can_be_reached() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        for name in imports(path)
        if any(name == known or name.startswith(f"{known}.") for known in NETWORK)
    }
    assert {path for path in found if not path.startswith("web/")} == {"data/download.py"}
    # Asked for nothing, that room is not even loaded: see what imports of the session load.
    loaded = (
        "import sys, digitdesk.session.session; print(*[m for m in sys.modules if '.web' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == ""


def test_training_reading_and_saving_open_no_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def refuse(*address: object, **_settings: object) -> None:
        asked.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    write_idx_folder(tmp_path / "stripes", train_count=64, test_count=16)
    session = Session(UserPaths.under(tmp_path), environ={})
    session.datasets()
    session.train(TrainingConfig(model="softmax", data=str(tmp_path / "stripes"), epochs=1))
    session.read_strokes(ONE, READER)
    entry = session.save_model(TRAINING, tmp_path / "m.npz")
    session.open_model(tmp_path / "m.npz")
    data = ExamData("dataset", str(tmp_path / "stripes"))
    session.exams.pair(*(session.exams.examine(key, data).key for key in (READER, entry.key)))
    assert session.close()
    assert asked == []
    with pytest.raises(OSError, match="no network"):
        socket.create_connection(("127.0.0.1", 9))
    assert asked, "the proof that a connection would have been seen"
