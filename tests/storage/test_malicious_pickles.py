"""Pickles that would run code run none, at either of the two doors."""

from __future__ import annotations

import io
import pickle
import time
import tracemalloc
from pathlib import Path

import pytest

from digitdesk.errors import ModelFileError
from digitdesk.storage import pickle_format
from digitdesk.storage.model_file import load_model
from tests.storage.hostile import malicious_pickles

NAMES = [name for name, _ in malicious_pickles(Path("canary"))]


def test_there_are_enough_kinds_and_the_canary_works(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    kinds = dict(malicious_pickles(canary))
    assert len(kinds) >= 30
    for name in ("exec-3", "protocol 0", "subprocess-3", "hidden in a dictionary-3"):
        pickle.loads(kinds[name])
        assert canary.exists(), f"{name} would do no harm, so it proves nothing"
        canary.unlink()


@pytest.mark.parametrize("name", NAMES)
def test_a_malicious_pickle_is_refused_unread(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = tmp_path / "canary"
    path = tmp_path / "model.pkl"
    path.write_bytes(dict(malicious_pickles(canary))[name])
    asked: list[str] = []
    monkeypatch.setattr(
        pickle_format._NoGlobalsUnpickler, "find_class", lambda _, m, g: asked.append(f"{m}.{g}")
    )
    # Timed without the tracing, which takes longer than the refusal.
    began = time.process_time()
    with pytest.raises(ModelFileError, match=r"model\.pkl"):
        load_model(path)
    assert time.process_time() - began < 0.1
    tracemalloc.start()
    with pytest.raises(ModelFileError):
        load_model(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 << 20
    assert not canary.exists()
    assert asked == [], "the scan must refuse it before anything is unpickled"


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name.endswith(("-2", "-3", "-4", "-5"))]
)
def test_the_unpickler_alone_admits_no_global(name: str, tmp_path: Path) -> None:
    """The second door holds even where the scan would be missing."""
    canary = tmp_path / "canary"
    raw = dict(malicious_pickles(canary))[name]
    with pytest.raises(ModelFileError, match="run code"):
        pickle_format._NoGlobalsUnpickler(io.BytesIO(raw)).load()
    assert not canary.exists()


def test_the_writer_uses_only_what_the_reader_admits(model_bytes: bytes) -> None:
    pickle_format.scan_opcodes(model_bytes)
