"""A save is there whole or not at all, whatever fails or dies in the middle of it."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from digitdesk.errors import ModelFileError, SaveError
from digitdesk.files import atomic
from digitdesk.files.atomic import sweep_temporaries, write_atomically
from digitdesk.messages.model import ModelCard
from digitdesk.storage.content import Array
from digitdesk.storage.model_file import load_model, save_model
from tests.torture import kills
from tests.torture.faults import OPERATIONS, check_refusals, refusing

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals or locks")


def temporaries(folder: Path) -> list[Path]:
    return list(folder.glob(".*.digitdesk-tmp"))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", kills.OURS)
def test_when_the_disk_refuses_the_old_file_stays(
    kind: str, operation: str, code: int, tmp_path: Path
) -> None:
    """Some calls in turn are made to fail; ``make torture`` does it with every one."""
    assert check_refusals(kills.KINDS[kind], tmp_path, operation, code, step=9) >= 1


def test_a_folder_that_cannot_be_flushed_is_no_reason_to_complain(
    model_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    with refusing("fsync", 2, errno.EINVAL) as fault:
        save_model(model_path, card, arrays)
    assert fault.calls == (2 if sys.platform != "win32" else 1)
    assert load_model(model_path).card == card


def test_an_interrupted_write_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(b"old")

    def write(stream: IO[bytes]) -> None:
        stream.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, write)
    assert path.read_bytes() == b"old"
    assert temporaries(tmp_path) == []


def test_places_that_cannot_be_written_get_a_sentence(
    tmp_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "file").touch()
    for path, sentence in [
        (tmp_path / "none" / "m.npz", "folder does not exist"),
        (tmp_path / "file" / "m.npz", "folder does not exist"),
        (tmp_path / "folder.npz", "folder of this name|not permitted"),
        (tmp_path / ("x" * 300 + ".npz"), "name is too long"),
    ]:
        with pytest.raises(ModelFileError, match=sentence):
            save_model(path, card, arrays)
    assert temporaries(tmp_path) == []


def test_a_write_protected_file_is_respected(tmp_path: Path, monkeypatch: Any) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(b"kept")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(SaveError, match="not permitted"):
        write_atomically(path, lambda stream: stream.write(b"new") and None)
    assert path.read_bytes() == b"kept"


@needs_posix
def test_links_and_permissions_survive(
    tmp_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    real, link = tmp_path / "real.npz", tmp_path / "link.npz"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    save_model(link, card, arrays)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert load_model(real).card == card


@needs_posix
def test_sweeping_takes_what_is_stale_and_leaves_the_rest(tmp_path: Path) -> None:
    stale = tmp_path / ".m.npz.0123456789abcdef.digitdesk-tmp"
    stale.write_bytes(b"half")
    others = [tmp_path / "m.npz", tmp_path / ".hidden", tmp_path / "x.digitdesk-tmp"]
    for other in others:
        other.touch()
    link = tmp_path / ".link.digitdesk-tmp"
    link.symlink_to(others[0])
    (tmp_path / ".folder.digitdesk-tmp").mkdir()

    def write(stream: IO[bytes]) -> None:
        stream.write(b"now")
        code = (
            "import sys, pathlib; from digitdesk.files.atomic import sweep_temporaries as s;"
            "print(s(pathlib.Path(sys.argv[1])))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "1", "only the stale one, not the one being written"

    write_atomically(tmp_path / "m.npz", write)
    assert not stale.exists()
    assert all(other.exists() for other in [*others, link])
    assert (tmp_path / "m.npz").read_bytes() == b"now"
    assert sweep_temporaries(tmp_path) == 0
    assert sweep_temporaries(tmp_path / "missing") == 0


@needs_posix
@pytest.mark.parametrize("kind", kills.OURS)
def test_a_killed_save_loses_nothing(tmp_path: Path, kind: str) -> None:
    """Kills at random moments; ``make torture`` does a thousand of them."""
    found = kills.findings_of(kind, 10, 1, tmp_path)
    assert found.inside > 0
    assert (found.unreadable, found.too_old, found.stale) == (0, 0, 0)


@needs_posix
def test_the_kills_would_notice_a_careless_save(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    assert kills.findings_of("in place", 8, 1, tmp_path / "one").unreadable > 0
    unswept = kills.findings_of("unswept", 2, 1, tmp_path / "two")
    assert (unswept.in_the_write, unswept.stale, unswept.unreadable) == (2, 1 + 2, 0)


def test_the_reason_is_named_even_for_an_unusual_error() -> None:
    assert atomic.reason(OSError(errno.EDOM, "out of its domain")) == "out of its domain"
    assert atomic.reason(OSError()) == "OSError"
