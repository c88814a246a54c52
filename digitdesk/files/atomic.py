"""Writing a file whole or not at all, and clearing away what a crash left behind.

The old file stays until the new one is complete on the disk; only then does it take its name.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO

from digitdesk.errors import SaveError

if sys.platform != "win32":
    import fcntl

_TEMPORARY_SUFFIX = ".digitdesk-tmp"

_SHOWN_LETTERS = 80

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "writing there is not permitted",
    errno.EPERM: "writing there is not permitted",
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "the folder does not exist",
    errno.EISDIR: "there is a folder of this name",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EFBIG: "the file is too large for this disk",
    errno.EIO: "the disk reports an error",
    errno.ELOOP: "its links lead in a circle",
    errno.ENXIO: "what has this name is no file",
}
# Some file systems cannot flush a folder, and say so in one of these ways.
_FOLDER_NOT_FLUSHABLE = {errno.EINVAL, errno.EBADF, errno.ENOTSUP, errno.EACCES, errno.EISDIR}


def write_atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file so that a crash at any moment leaves the old one or the new one.

    Args:
        path: The file; a link stays a link and the file behind it is replaced.
        write: Called once with an open, seekable stream.

    Raises:
        SaveError: The file could not be written; what was there before is untouched.
    """
    target = Path(os.path.realpath(path))
    # A part of the name, as the longest names leave no room; letters may take four bytes.
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(8)}{_TEMPORARY_SUFFIX}")
    try:
        _write_and_replace(target, temporary, write)
    except OSError as error:
        raise SaveError(
            f"Cannot write {shortened(path.name)}: {reason(error)}",
            hint=f"Choose another folder than {target.parent} or make room there",
        ) from error


def check_place(path: Path) -> None:
    """Find out whether a file could be written, before any work goes into its content.

    Raises:
        SaveError: There is no such folder, writing is not permitted, the name is too long, or
            something that is no file has this name.
    """
    try:
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no folder")
        _check_target(target)
        if not os.access(target.parent, os.W_OK):
            raise PermissionError(errno.EACCES, "no permission")
    except OSError as error:
        raise SaveError(
            f"Cannot write {shortened(path.name)}: {reason(error)}",
            hint=f"Choose another folder than {shortened(str(path.parent))}, or another name",
        ) from error


def _check_target(target: Path) -> None:
    """Refuse to replace what is protected, or is no file: a device or a pipe would be lost."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "a folder")
    if not stat.S_ISREG(mode):
        raise OSError(errno.ENXIO, "no regular file")
    if not os.access(target, os.W_OK):
        # Renaming would get past the protection; whoever set it meant it.
        raise PermissionError(errno.EACCES, "the file is write-protected")


def shortened(name: str) -> str:
    """A name as it fits into a sentence: its middle is left out, since paths tell by their ends."""
    if len(name) <= _SHOWN_LETTERS:
        return name
    half = _SHOWN_LETTERS // 2
    return f"{name[:half]}…{name[-half:]}"


def make_folder(folder: Path) -> None:
    """Make a folder that a file is to be written to, unless it is there.

    Raises:
        SaveError: The disk refuses.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(f"Cannot make the folder {folder}", received=reason(error)) from error


def reason(error: OSError) -> str:
    """Why the system refused, in words."""
    return _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)


def _write_and_replace(target: Path, temporary: Path, write: Callable[[IO[bytes]], object]) -> None:
    _check_target(target)
    try:
        # "x": never through a file or link that someone else has put there.
        with temporary.open("xb") as stream:
            _mark_as_in_use(stream)
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(OSError):
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself safe against a power cut, where the system can."""
    if sys.platform == "win32":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _FOLDER_NOT_FLUSHABLE:
            raise


def _mark_as_in_use(stream: IO[bytes]) -> None:
    """Lock a temporary while it is written; the lock ends with the process, however it ends."""
    if sys.platform != "win32":
        # A file system without locks is no reason not to save.
        with contextlib.suppress(OSError):
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sweep_temporaries(folder: Path) -> int:
    """Remove what saves that never finished have left in a folder.

    A temporary that another running DigitDesk is writing right now is left alone.

    Returns:
        Number of files removed.
    """
    removed = 0
    # Sweeping is housekeeping: whatever cannot be read or removed is left for the next time.
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob(f".*{_TEMPORARY_SUFFIX}")):
            with contextlib.suppress(OSError):
                if _is_abandoned(path):
                    path.unlink()
                    removed += 1
    return removed


def _is_abandoned(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    if sys.platform == "win32":
        # Windows itself refuses to remove a file that is open.
        return True
    with path.open("rb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
