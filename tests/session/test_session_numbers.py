"""Through the session: a wide board, a number on it, and the same number in a picture file."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import ModelCard
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.session.session import Session
from digitdesk.storage.model_file import save_model
from tests.number_support import picture, written


def test_a_number_is_read_from_the_board_and_from_a_file(
    tmp_path: Path, user_paths: UserPaths
) -> None:
    network = build_network("softmax", backend=cpu_backend(), seed=1)
    path = tmp_path / "m.npz"
    save_model(path, ModelCard("Untrained", network.spec), network.snapshot())
    session = Session(user_paths, environ={})
    key = session.open_model(path).key

    board = session.new_number_board(scale=2)
    for stroke in written("2035", gap=0.4, height=120).strokes:
        board.draw(stroke)
    reading = session.read_number(board.strokes, key)
    assert reading.source == "Untrained"
    assert len(reading.text) == len(reading.digits) == len(reading.boxes) == 4
    assert session.read_number((), key).reason == "empty"

    file = tmp_path / "number.png"
    Image.fromarray(picture(written("2035", gap=0.4).strokes)).save(file)
    assert len(session.read_number_file(file, key).boxes) == 4
