"""Opens the file of a source: measured first, unpacked where it is gzipped, its bytes hashed."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path

from digitdesk.data.progress import Progress, StopIfTold
from digitdesk.errors import DataError, DigitDeskError
from digitdesk.files.atomic import reason, shortened
from digitdesk.files.bounded_gzip import Readable, unpacked
from digitdesk.files.foreign_text import is_web_page
from digitdesk.files.readable_file import size_of

MOST_FILE_BYTES = 4 * 2**30
_START_BYTES = 512


def first_bytes(path: Path) -> bytes:
    """The beginning of a file, unpacked where it is gzipped; none of a folder.

    Raises:
        DataError: It cannot be read, or is a page of the web.
    """
    if path.is_dir():
        return b""
    with opened(path) as (file, _size):
        start = file.read(_START_BYTES)
    if is_web_page(start):
        raise DataError(
            f"{path.name} is a web page, not a file of data",
            hint="The address gave a page instead of the file: fetch it again",
        )
    return start


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[Readable, int]]:
    """A file to be read from its beginning, unpacked where it is gzipped, and its length on disk.

    Raises:
        DataError: It cannot be read, or is too large.
    """
    try:
        size = size_of(path)
    except DigitDeskError as error:
        raise DataError.about(f"Cannot open {shortened(path.name)}", error) from None
    if size > MOST_FILE_BYTES:
        raise DataError(
            f"{path.name} is too large",
            expected=f"at most {MOST_FILE_BYTES >> 20} MB",
            received=f"{size >> 20} MB",
        )
    try:
        with path.open("rb") as plain:
            yield unpacked(plain, path.name), size
    except OSError as error:
        raise DataError(f"{path.name} cannot be read", received=reason(error)) from error


class Measured:
    """A file of which every byte read is hashed, counted, and told of.

    Args:
        file: What is read.
        size: Length of the file on the disk, for whoever follows.
        progress: Told how much is read; of a packed file, the end is not known.
        stop_if_told: Called at each piece; raises to stop.
    """

    def __init__(
        self, file: Readable, size: int, progress: Progress, stop_if_told: StopIfTold
    ) -> None:
        self._file = file
        self._size = size
        self._progress = progress
        self._stop_if_told = stop_if_told
        self._hash = hashlib.sha256()
        self.count = 0

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes, fewer only where it ends."""
        self._stop_if_told()
        piece = self._file.read(size)
        self._hash.update(piece)
        self.count += len(piece)
        self._progress(min(self.count, self._size), self._size)
        return piece

    @property
    def sha256(self) -> str:
        """Hash of what was read so far."""
        return self._hash.hexdigest()
