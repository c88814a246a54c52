"""Reads the arrays of a NumPy archive from a stranger: measured before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError, DigitDeskError
from digitdesk.files.atomic import reason, shortened
from digitdesk.files.bounded_gzip import FREE_BYTES, MAX_RATIO
from digitdesk.files.foreign_text import is_web_page
from digitdesk.files.readable_file import size_of
from digitdesk.files.zip_archive import read_end_record

MAX_BYTES = 1 << 29
_MAX_HEADER_BYTES = 1000
_MAX_MEMBERS = 100


def check_archive(path: Path, what: str) -> None:
    """Refuse what is no archive, or one of many members, before its directory is read.

    Args:
        path: The file.
        what: What to say where it is none.

    Raises:
        DataError: It is missing, or not such an archive.
    """
    try:
        size_of(path)
    except DigitDeskError as error:
        raise DataError.about(f"Cannot open {shortened(path.name)}", error) from None
    try:
        with path.open("rb") as file:
            start, end = file.read(16), read_end_record(file)
    except OSError as error:
        raise DataError(f"{path.name} cannot be read", received=reason(error)) from error
    if is_web_page(start):
        raise DataError(
            f"{path.name} is a web page, not a file of data",
            hint="The address gave a page instead of the file: fetch it again",
        )
    if (
        end is None
        or not end.is_proper
        or end.entries > _MAX_MEMBERS
        or end.directory_bytes > 1000 * _MAX_MEMBERS
    ):
        raise DataError(
            what,
            expected=f"an .npz archive of at most {_MAX_MEMBERS} arrays",
        )


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> NDArray[Any]:
    """One array of an archive.

    Raises:
        DataError: It is too large, or unpacks to more than arrays of pictures do.
        Exception: It is damaged; zipfile and NumPy raise many kinds.
    """
    name = info.filename.removesuffix(".npy")
    if info.file_size > MAX_BYTES:
        raise DataError(
            f"{path.name}: '{name}' is too large",
            expected=f"at most {MAX_BYTES >> 20} MB",
            received=f"{info.file_size >> 20} MB",
        )
    if info.file_size > FREE_BYTES + MAX_RATIO * info.compress_size:
        raise DataError(
            f"{path.name}: '{name}' unpacks to far more than pictures do",
            expected=f"at most {MAX_RATIO} times its size",
            received=f"{info.file_size >> 20} MB",
        )
    # The promised size is also the most that is unpacked, whatever the archive really holds.
    with archive.open(info) as member:
        content = member.read(info.file_size)
    array: NDArray[Any] = np.lib.format.read_array(
        io.BytesIO(content), allow_pickle=False, max_header_size=_MAX_HEADER_BYTES
    )
    return array
