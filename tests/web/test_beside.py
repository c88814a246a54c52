"""A server beside a window: a process of its own, with the window's models, that ends with it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("flask", reason="flask is not installed here")
pytest.importorskip("waitress", reason="waitress is not installed here")

from digitdesk.errors import ConfigError
from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import READER, TRAINING, ModelCard, ModelEntry
from digitdesk.messages.run import TrainingConfig
from digitdesk.session.session import Session
from digitdesk.web import beside
from digitdesk.web.beside import ServerBeside
from digitdesk.web.lent_models import BorrowedModels, Lender
from tests.training.small_runs import write_idx_folder

ONE = [[[140, 30], [138, 140], [139, 250]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("beside")


@pytest.fixture(scope="module")
def session(folder: Path) -> Session:
    return Session(UserPaths.under(folder / "home"), environ={})


@pytest.fixture(scope="module")
def server(session: Session) -> Iterator[ServerBeside]:
    made = ServerBeside(session, ports=(0,))
    yield made
    made.close()


def ask(port: int, path: str, question: Any = None) -> Any:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Content-Type": "application/json"}
        body = json.dumps(question) if question else None
        line.request("POST" if question else "GET", path, body, headers)
        return json.loads(line.getresponse().read())
    finally:
        line.close()


def comes_about(what: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_open(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def test_it_answers_as_the_session_does_and_none_of_it_is_done_here(
    server: ServerBeside, session: Session
) -> None:
    threads = {thread.name for thread in threading.enumerate()}
    told = ask(server.port, "/api/predict", {"strokes": ONE})["predictions"][0]
    said = session.read_strokes(tuple(tuple((x, y) for x, y in stroke) for stroke in ONE))
    assert told["label"] == "1"
    assert told["probabilities"] == pytest.approx(said.probabilities, abs=1e-5)
    # What takes requests and what reads would wait for the board's thread, and the board for them.
    assert not {name for name in threads if name.startswith(("waitress", "desk", "server"))}
    assert server.address == f"http://127.0.0.1:{server.port}/"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux tells of it in /proc")
def test_whoever_draws_goes_first(server: ServerBeside) -> None:
    assert server._process is not None
    stats = list(Path(f"/proc/{server._process.pid}/task").glob("*/stat"))
    assert len(stats) > 10  # its threads, each with a niceness of its own
    nice = {int(stat.read_text().rpartition(")")[2].split()[16]) for stat in stats}
    assert nice == {min(19, os.nice(0) + 10)}


def test_models_that_are_opened_or_trained_later_are_offered_too(
    server: ServerBeside, session: Session, folder: Path
) -> None:
    def names() -> list[str]:
        return [model["id"] for model in ask(server.port, "/api/models")["models"]]

    assert names() == ["reader"]
    data = folder / "stripes"
    write_idx_folder(data, train_count=40, test_count=20)
    config = TrainingConfig(data=str(data), model="softmax", epochs=1, device="cpu", threads=1)
    session.train(config)
    session.save_model(TRAINING, folder / "mine.npz")
    comes_about(lambda: set(names()) == {"reader", "training", "mine"})
    answers = [
        ask(server.port, "/api/predict", {"strokes": ONE, "model": name})["predictions"][0]
        for name in ("training", "mine")
    ]
    assert answers[0]["probabilities"] == answers[1]["probabilities"]
    session.train(replace(config, seed=5, epochs=2))
    asked = {"strokes": ONE, "model": "training"}

    def has_changed() -> bool:
        told = ask(server.port, "/api/predict", asked)["predictions"][0]
        return bool(told["probabilities"] != answers[0]["probabilities"])

    comes_about(has_changed)
    session.delete_model(str(folder / "mine.npz"))
    comes_about(lambda: "mine" not in names())


def test_it_stops_at_once_and_leaves_nothing(session: Session) -> None:
    server = ServerBeside(session, ports=(0,))
    assert is_open(server.port) and server._folder.is_dir()
    assert server.close()
    assert not is_open(server.port) and not server._folder.exists()
    assert server.has_ended and server.close()


def test_its_log_lies_beside_the_windows_and_holds_nothing_that_was_drawn(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "folder_of_log", lambda: tmp_path)
    server = ServerBeside(session, ports=(0,))
    ask(server.port, "/api/predict", {"strokes": ONE})
    server.close()
    told = (tmp_path / "serving.log").read_text()
    # Behind it comes how long it took, and nothing else: not the points of the pen.
    assert re.fullmatch(r" \d+ ms\n", told.partition("POST /api/predict 200")[2])


def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from digitdesk.files.paths import UserPaths\n"
        "from digitdesk.session.session import Session\n"
        "from digitdesk.web.beside import ServerBeside\n"
        "made = ServerBeside(Session(UserPaths.under(Path(sys.argv[1])), environ={}), ports=(0,))\n"
        "print(made.port, made._folder, flush=True)\n"
        "time.sleep(60)"
    )
    words = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        port, folder = parent.stdout.readline().split()
        assert ask(int(port), "/api/health")["status"] == "ok"
        parent.send_signal(signal.SIGKILL)
    comes_about(lambda: not is_open(int(port)) and not Path(folder).exists())


def test_the_next_port_is_taken_where_the_first_is(session: Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        server = ServerBeside(session, ports=(taken, 0))
        assert server.port not in (0, taken)
        server.close()
        with pytest.raises(ConfigError, match=f"no server at 127.0.0.1, port {taken}"):
            ServerBeside(session, ports=(taken,))


def test_a_model_that_is_gone_is_said_before_anything_is_served(
    session: Session, tmp_path: Path
) -> None:
    lost = str(tmp_path / "lost.npz")
    with pytest.raises(ConfigError, match=r"lost\.npz"):
        ServerBeside(session, lost)


def test_a_process_that_does_not_start_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_argument: str) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(beside, "start_program", refuse)
    with pytest.raises(ConfigError, match=r"cannot be started; received no more processes"):
        ServerBeside(session)

    def end_at_once(_argument: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-c", ""]
        return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(beside, "start_program", end_at_once)
    with pytest.raises(ConfigError, match="ended at once"):
        ServerBeside(session)


class Shelf:
    """A session with a network that learns, and a file; counts what is written of it."""

    def __init__(self, file: Path) -> None:
        self.is_learning = True
        self.written = 0
        self.file = file

    @property
    def export(self) -> Shelf:
        return self

    def models(self) -> tuple[ModelEntry, ...]:
        card = ModelCard("A title", "flatten dense(10)")
        learns = ModelEntry(TRAINING, card, is_learning=self.is_learning)
        return ModelEntry(READER, card), learns, ModelEntry(str(self.file), card, self.file)

    def copy_model(self, _key: str, path: Path) -> None:
        self.written += 1
        path.write_bytes(bytes(self.written))
        os.utime(path, ns=(self.written, self.written))


def test_a_network_is_written_anew_for_as_long_as_it_learns(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "mine.npz")
    lender = Lender(shelf, tmp_path)
    told = [lender.lent() for _ in range(2)]
    shelf.is_learning = False
    told += [lender.lent() for _ in range(2)]
    assert shelf.written == 3  # once more at its end
    assert [lent[str(tmp_path / "training.npz")] for lent in told] == [1, 2, 3, 3]
    assert set(told[0]) == {READER, str(tmp_path / "training.npz"), str(shelf.file)}


def test_a_file_that_was_damaged_meanwhile_is_read_as_it_was(
    session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "copy.npz"
    session.export.copy_model(READER, file)
    borrowed = BorrowedModels(Session(UserPaths.under(tmp_path), environ={}))
    borrowed.take({READER: 0, str(file): 1, str(tmp_path / "none.npz"): 1})
    both = [READER, str(file)]
    assert [entry.key for entry in borrowed.models()] == both
    file.write_bytes(b"no model")
    borrowed.take({READER: 0, str(file): 2})
    assert [entry.key for entry in borrowed.models()] == both
    borrowed.take({READER: 0})
    assert [entry.key for entry in borrowed.models()] == [READER]
