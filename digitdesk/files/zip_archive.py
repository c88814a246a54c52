"""The last record of a zip archive, read first: how large its directory will be, and where it is.

``zipfile`` reads a directory of any length; whoever opens an archive from a stranger looks first.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import IO

_RECORD = struct.Struct("<4s4H2LH")
_SIGNATURE = b"PK\x05\x06"


@dataclass(frozen=True, slots=True)
class EndRecord:
    """What the end of a file announces.

    Attributes:
        entries: Members of the archive.
        directory_bytes: Length of their directory.
        is_proper: It is the end of an archive of one file, without a comment.
        is_behind_directory: The directory ends where it begins.
        file_bytes: Length of the file.
    """

    entries: int
    directory_bytes: int
    is_proper: bool
    is_behind_directory: bool
    file_bytes: int


def read_end_record(file: IO[bytes]) -> EndRecord | None:
    """The last bytes of a file as that record, or None where it is too short; it is rewound."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _RECORD.size))
    record = file.read(_RECORD.size)
    file.seek(0)
    if len(record) != _RECORD.size:
        return None
    signature, disk, first_disk, here, entries, length, start, comment = _RECORD.unpack(record)
    is_one_file = not (disk or first_disk) and here == entries
    return EndRecord(
        entries,
        length,
        is_proper=signature == _SIGNATURE and is_one_file and not comment,
        is_behind_directory=start + length + _RECORD.size == size,
        file_bytes=size,
    )
