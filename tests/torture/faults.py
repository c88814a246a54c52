"""Makes the disk refuse: the k-th write, open, flush to the disk or renaming, and all after it."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from digitdesk.errors import DigitDeskError
from tests.kept_files import kept_files
from tests.torture.kills import Kind

REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "writing there is not permitted",
    errno.EPERM: "writing there is not permitted",
    errno.EROFS: "the disk is read-only",
    errno.EIO: "the disk reports an error",
}
OPERATIONS = ("open", "write", "fsync", "replace")
MOST_CALLS = 10_000

_real_open, _real_fsync, _real_replace = Path.open, os.fsync, Path.replace


class Fault:
    """Counts the calls of an operation, and refuses from one on: a full disk stays full."""

    def __init__(self, at: int, code: int) -> None:
        self.at, self.code, self.calls = at, code, 0

    @property
    def has_come(self) -> bool:
        return self.calls >= self.at

    def may_come(self) -> None:
        self.calls += 1
        if self.has_come:
            raise OSError(self.code, os.strerror(self.code))


class _RefusingFile(io.FileIO):
    """A file whose blocks do not all find room; the buffer above it is the real one."""

    def __init__(self, path: Path, mode: str, fault: Fault) -> None:
        super().__init__(path, mode)
        self.fault = fault

    def write(self, content: Any) -> int:
        self.fault.may_come()
        return super().write(content) or 0


@contextmanager
def refusing(operation: str, at: int, code: int) -> Iterator[Fault]:
    """Inside the block, the ``at``-th call of the operation and all later ones fail."""
    fault = Fault(at, code)

    def open_it(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if mode != "xb":
            return _real_open(path, mode, *rest, **named)
        if operation == "open":
            fault.may_come()
        if operation != "write":
            return _real_open(path, mode)
        return io.BufferedWriter(_RefusingFile(path, mode, fault), 4096)

    def fsync(handle: int) -> None:
        if operation == "fsync":
            fault.may_come()
        _real_fsync(handle)

    def replace(path: Path, target: Path) -> Path:
        if operation == "replace":
            fault.may_come()
        return _real_replace(path, target)

    with (
        mock.patch.object(Path, "open", open_it),
        mock.patch.object(os, "fsync", fsync),
        mock.patch.object(Path, "replace", replace),
    ):
        yield fault


def check_refusals(kind: Kind, folder: Path, operation: str, code: int, step: int = 1) -> int:
    """Make every ``step``-th call fail in turn, until a save gets through; check each outcome.

    Returns:
        How many saves were refused.
    """
    kind.save(folder, 0)
    names = kept_files(folder)
    kept = refused = 0
    for at in range(1, MOST_CALLS, step):
        sentence = ""
        with refusing(operation, at, code) as fault:
            try:
                kind.save(folder, at)
            except DigitDeskError as error:
                sentence = error.sentence
        assert kept_files(folder) == names, "something was left"
        if not fault.has_come:
            assert kind.load(folder) == at
            return refused
        # The second fsync is the folder's: by then the new file is complete and has its name.
        if (operation, at) == ("fsync", 2):
            kept = at
        assert kind.load(folder) == kept
        if sentence or (operation, at) != ("fsync", 2):
            refused += 1
            check_sentence(sentence, names[0], code)
    raise AssertionError("a save never got through")


def check_sentence(sentence: str, name: str, code: int) -> None:
    """It names the file and the reason, says what to do, and is one line."""
    assert name in sentence
    assert REASONS[code] in sentence
    assert "Choose another folder" in sentence
    assert "\n" not in sentence
