"""A file of which every running DigitDesk has one of its own: two windows never share it.

Whoever has it holds a lock on an empty file beside it. The lock ends with the process, however it
ends, so that what a crash leaves behind belongs to the next one that asks.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from digitdesk.errors import SaveError
from digitdesk.files.atomic import reason

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PATIENCE_SECONDS, _LOOK_SECONDS = 3.0, 0.01


class LockedFile:
    """One file of the series ``run.npz``, ``run-2.npz``, ``run-3.npz`` and so on.

    It is the one written last that nobody else has, else the first name that is free; taken when
    ``path`` is first asked for, and given back by ``release`` or with this object.

    Args:
        first: The first file of the series.
    """

    def __init__(self, first: Path) -> None:
        self._first = first
        self._path: Path | None = None
        self._give_back: weakref.finalize[[int], LockedFile] | None = None

    @property
    def path(self) -> Path:
        """The file, which need not exist; nobody else has it until ``release``."""
        if self._path is None:
            self._path = self._take()
        return self._path

    @property
    def is_alone(self) -> bool:
        """Whether nobody else has a file of the series."""
        mine = _lock_of(self.path)
        for other in mine.parent.glob(f".{self._first.stem}*{self._first.suffix}.lock"):
            if other != mine:
                handle = _lock(other)
                if handle is None:
                    return False
                os.close(handle)
        return True

    def release(self) -> None:
        """Leave the file to whoever asks next."""
        if self._give_back is not None:
            self._give_back()
        self._path = self._give_back = None

    def _take(self) -> Path:
        try:
            self._first.parent.mkdir(parents=True, exist_ok=True)
            for path in self._candidates():
                handle = _lock(_lock_of(path))
                if handle is not None:
                    self._give_back = weakref.finalize(self, os.close, handle)
                    return path
        except OSError:
            pass  # Nothing can be written here, so nothing of anybody's can be lost.
        return self._first

    def _candidates(self) -> Iterator[Path]:
        first = self._first
        there = [first, *first.parent.glob(f"{first.stem}-[0-9]*{first.suffix}")]
        yield from sorted(filter(Path.is_file, there), key=_when_written, reverse=True)
        yield first
        for number in itertools.count(2):
            yield first.with_stem(f"{first.stem}-{number}")


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Have a file to oneself for a moment; whoever else wants to waits.

    Raises:
        SaveError: Somebody has had it for seconds, or no lock can be made there.
    """
    handle, end = None, time.monotonic() + _PATIENCE_SECONDS
    try:
        while (handle := _lock(_lock_of(path))) is None:
            if time.monotonic() > end:
                raise SaveError(
                    f"Another DigitDesk is writing {path.name}", hint="Try again in a moment"
                )
            time.sleep(_LOOK_SECONDS)
    except OSError as error:
        raise SaveError(f"Cannot write {path.name}: {reason(error)}") from error
    try:
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def waited_lock(path: Path) -> Iterator[None]:
    """Have a file to oneself for as long as it takes; whoever has it is waited for without limit.

    Raises:
        SaveError: No lock can be made there.
    """
    while (handle := lock(path)) is None:
        time.sleep(_LOOK_SECONDS)
    try:
        yield
    finally:
        os.close(handle)


def lock(path: Path) -> int | None:
    """Have a file to oneself until the handle is closed, or the process ends, however it ends.

    Returns:
        The handle; ``None`` where somebody else has the file.

    Raises:
        SaveError: No lock can be made there.
    """
    try:
        return _lock(_lock_of(path))
    except OSError as error:
        raise SaveError(f"Cannot write {path.name}: {reason(error)}") from error


def _lock_of(path: Path) -> Path:
    """The empty file that is locked for a file."""
    return path.with_name(f".{path.name}.lock")


def _when_written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # Removed this moment.


def _lock(path: Path) -> int | None:
    """The handle of a file locked until it is closed, or ``None`` where that is held already."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        os.close(handle)
        return None
    except OSError:
        pass  # A file system without locks is no reason not to keep a run.
    return handle
