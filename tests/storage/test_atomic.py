"""A save is there whole or not at all, whatever fails or dies in the middle of it."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import numpy as np
import pytest

from digitdesk import atomic
from digitdesk.atomic import sweep_temporaries, write_atomically
from digitdesk.errors import ModelFileError, SaveError
from digitdesk.messages import ModelCard
from digitdesk.storage.content import Array
from digitdesk.storage.model_file import load_model, save_model
from tests.torture import kills

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals or locks")


def temporaries(folder: Path) -> list[Path]:
    return list(folder.glob(".*.digitdesk-tmp"))


class FailingOnce:
    """Counts calls of a system function and makes one of them fail."""

    def __init__(self, real: Any, fail_at: int, code: int) -> None:
        self.real, self.fail_at, self.code, self.calls = real, fail_at, code, 0

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        self.calls += 1
        if self.calls == self.fail_at:
            raise OSError(self.code, os.strerror(self.code))
        return self.real(*arguments, **keywords)


FAILURES = {
    errno.ENOSPC: "disk is full",
    errno.EACCES: "not permitted",
    errno.EROFS: "read-only",
    errno.EIO: "disk reports an error",
}


@pytest.mark.parametrize("code", FAILURES)
@pytest.mark.parametrize("place", ["write", "fsync", "replace"])
def test_when_the_disk_refuses_the_old_file_stays(
    model_path: Path, card: ModelCard, arrays: dict[str, Array], place: str, code: int
) -> None:
    """Every call in turn is made to fail, until a save gets through untouched."""
    save_model(model_path, card, arrays)
    old = model_path.read_bytes()
    real_open, real_replace = Path.open, Path.replace
    for fail_at in range(1, 100):
        failing_replace = FailingOnce(real_replace, fail_at, code)
        with pytest.MonkeyPatch.context() as patch:
            if place == "write":
                patch.setattr(Path, "open", lambda *a, k=fail_at: _Failing(real_open(*a), k, code))
            elif place == "fsync":
                # The last fsync is the folder's, after the new file has its name.
                patch.setattr(os, "fsync", FailingOnce(os.fsync, fail_at, code))
            else:
                patch.setattr(Path, "replace", lambda *a, call=failing_replace: call(*a))
            try:
                save_model(model_path, card, arrays | {"other": np.zeros(fail_at)})
            except ModelFileError as error:
                assert FAILURES[code] in str(error)
                assert model_path.name in str(error)
            else:
                break
        assert temporaries(model_path.parent) == []
        if (place, fail_at) == ("fsync", 2):
            assert load_model(model_path).arrays["other"].shape == (2,)
        else:
            assert model_path.read_bytes() == old
    assert fail_at >= 2, "nothing was made to fail"
    assert load_model(model_path).arrays["other"].shape == (fail_at,)


class _Failing:
    """A file whose n-th write fails; everything else is the real file's."""

    def __init__(self, stream: Any, fail_at: int, code: int) -> None:
        self.stream, self.write = stream, FailingOnce(stream.write, fail_at, code)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def __enter__(self) -> _Failing:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()


def test_a_folder_that_cannot_be_flushed_is_no_reason_to_complain(
    model_path: Path, card: ModelCard, arrays: dict[str, Array], monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = FailingOnce(os.fsync, 2, errno.EINVAL)
    monkeypatch.setattr(os, "fsync", fsync)
    save_model(model_path, card, arrays)
    assert fsync.calls == (2 if sys.platform != "win32" else 1)
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
            "import sys, pathlib; from digitdesk.atomic import sweep_temporaries as s;"
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
    assert kills.findings_of("in place", 15, 1, tmp_path / "one").unreadable > 0
    assert kills.findings_of("unswept", 15, 1, tmp_path / "two").stale > 0


def test_the_reason_is_named_even_for_an_unusual_error() -> None:
    assert atomic.reason(OSError(errno.ELOOP, "too many links")) == "too many links"
    assert atomic.reason(OSError()) == "OSError"
