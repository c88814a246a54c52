"""Unpacks gzip files from strangers: strictly, piece by piece, and never out of all proportion."""

from __future__ import annotations

import io
import zlib
from typing import IO, Protocol

from digitdesk.errors import DataError

FIRST_BYTES = b"\x1f\x8b"
FREE_BYTES = 8 * 2**20
"""So much may come of a file of any size; a run of blank pictures packs very well."""
MAX_RATIO = 100
"""Pictures and strokes pack to a fourth or tenth; deflate could reach a thousandth."""
_MAX_MEMBERS = 10_000
_CHUNK_BYTES = 2**14
_MOST_AT_ONCE = 2**20
"""What one chunk may become before it is counted; all at once it could become 16 megabytes."""
_GZIP_ONLY = 16 + zlib.MAX_WBITS


class Readable(Protocol):
    """What is read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes, fewer only where it ends."""


def unpacked(file: IO[bytes], name: str) -> Readable:
    """A file as it is or, where its first bytes say that it is gzipped, what it unpacks to.

    Args:
        file: From its beginning.
        name: What to call it in a sentence.
    """
    is_gzip = file.read(len(FIRST_BYTES)) == FIRST_BYTES
    file.seek(0)
    return GzipReader(file, name) if is_gzip else file


class GzipReader:
    """Reads what is in a gzip file; its own check sums are verified on the way.

    Args:
        file: The packed file, read from where it stands.
        name: What to call it in a sentence.
    """

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name
        self._packed = b""
        self._taken = self._given = 0
        self._members = 1
        self._member = zlib.decompressobj(_GZIP_ONLY)

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes, fewer only where the file ends.

        Raises:
            DataError: The file is damaged, or unpacks to more than files of its kind do.
        """
        content = io.BytesIO()
        while (missing := size - content.tell()) and (piece := self._more(missing)):
            content.write(piece)
        return content.getvalue()

    def _more(self, size: int) -> bytes:
        """Some of the next ``size`` bytes; none at the end."""
        while True:
            packed = self._next_packed()
            is_at_end = not packed
            if self._member.eof:
                if is_at_end:
                    return b""
                # Zeros fill the last block of a tape; anything else begins another member.
                packed = packed.lstrip(b"\0")
                if not packed:
                    continue
                self._begin_member()
            try:
                piece = self._member.decompress(packed, min(size, _MOST_AT_ONCE))
            except zlib.error as error:
                raise self._damaged(str(error)) from None
            has_ended = self._member.eof
            self._packed = self._member.unused_data if has_ended else self._member.unconsumed_tail
            if piece:
                self._count(len(piece))
                return piece
            if is_at_end and not has_ended:
                raise self._damaged("its end too early")

    def _next_packed(self) -> bytes:
        """What the last piece left over, or the next of the file."""
        if not self._packed:
            self._packed = self._file.read(_CHUNK_BYTES)
            self._taken += len(self._packed)
        packed, self._packed = self._packed, b""
        return packed

    def _begin_member(self) -> None:
        self._member = zlib.decompressobj(_GZIP_ONLY)
        self._members += 1
        if self._members > _MAX_MEMBERS:
            raise self._damaged(f"more than {_MAX_MEMBERS:,} parts")

    def _count(self, size: int) -> None:
        self._given += size
        if self._given > FREE_BYTES + MAX_RATIO * self._taken:
            raise DataError(
                f"{self._name} unpacks to far more than such files hold",
                expected=f"at most {MAX_RATIO} times its size",
                hint="It may be made to fill the memory; do not open it",
            )

    def _damaged(self, received: str) -> DataError:
        return DataError(
            f"{self._name} is cut off or damaged",
            expected="a whole gzip file",
            received=received,
            hint="Delete it and fetch it again",
        )
