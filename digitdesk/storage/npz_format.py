"""Model files as NumPy archives that ``numpy.load`` can open too.

Members are stored, never compressed, so nothing in such a file can grow when it is read.
"""

from __future__ import annotations

import struct
import zipfile
from typing import IO

import numpy as np

from digitdesk.errors import ModelFileError
from digitdesk.files.zip_archive import read_end_record
from digitdesk.storage.content import (
    DIGEST_BYTES,
    DTYPES,
    MAX_ARRAYS,
    MAX_TEXT_BYTES,
    Array,
    ArraySlot,
    Content,
    check_digest,
    decode_text,
    little_endian,
    seal,
)

FIRST_BYTES = b"PK\x03\x04"
SUFFIX = ".npy"
TEXT_MEMBER = "card"
DIGEST_MEMBER = "sha256"

_NPY_MAGIC = b"\x93NUMPY\x01\x00"
_NPY_ALIGNMENT = 64
_MAX_DIRECTORY_BYTES = 1 << 19
_MADE_ON_UNIX = 3
_EPOCH = (1980, 1, 1, 0, 0, 0)


def npy_header(slot: ArraySlot) -> bytes:
    """The bytes before an array's numbers in NumPy's own file format, version 1.0.

    A reader that knows what it expects compares these bytes and parses nothing.

    Source:
        NumPy Enhancement Proposal 1, "A simple file format for NumPy arrays".
    """
    literal = (
        f"{{'descr': '{DTYPES[slot.dtype]}', 'fortran_order': False, 'shape': {slot.shape}, }}"
    )
    length = len(_NPY_MAGIC) + 2 + len(literal) + 1
    padding = " " * (-length % _NPY_ALIGNMENT)
    text = f"{literal}{padding}\n".encode("latin-1")
    return _NPY_MAGIC + struct.pack("<H", len(text)) + text


def write_npz(stream: IO[bytes], content: Content) -> None:
    """Write a content; the same content always gives the same bytes.

    Raises:
        ModelFileError: The content cannot be stored.
    """
    text, digest = seal(content)
    members = {
        TEXT_MEMBER: np.frombuffer(text, dtype=np.uint8),
        DIGEST_MEMBER: np.frombuffer(digest, dtype=np.uint8),
    }
    _check_reserved_names(content.arrays)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, array in (members | content.arrays).items():
            # A fixed date and system: two saves of one model are the same file.
            info = zipfile.ZipInfo(name + SUFFIX, _EPOCH)
            info.create_system = _MADE_ON_UNIX
            with archive.open(info, "w") as member:
                member.write(npy_header(ArraySlot.of(name, array)))
                member.write(little_endian(array).reshape(-1).view(np.uint8).data)


def read_npz(stream: IO[bytes], kind: str) -> Content:
    """Read a content, checking each promise of the file before relying on it.

    Raises:
        ModelFileError: The file is not what ``write_npz`` writes. Other errors may come from
            ``zipfile`` on damaged input; ``model_file`` turns them into this one.
    """
    size = _check_end_record(stream)
    with zipfile.ZipFile(stream) as archive:
        members = _members_by_name(archive, size)
        text_bytes = _member_bytes(members, TEXT_MEMBER, MAX_TEXT_BYTES)
        text = _read_array(archive, members, ArraySlot(TEXT_MEMBER, "uint8", (text_bytes,)))
        card, slots = decode_text(text.tobytes(), kind)
        _check_member_names(members, slots)
        digest = _read_array(archive, members, ArraySlot(DIGEST_MEMBER, "uint8", (DIGEST_BYTES,)))
        arrays = {slot.name: _read_array(archive, members, slot) for slot in slots}
    check_digest(text.tobytes(), arrays, digest.tobytes())
    return Content(kind, card, arrays)


def _check_reserved_names(names: dict[str, Array]) -> None:
    for name in (TEXT_MEMBER, DIGEST_MEMBER):
        if name in {own.casefold() for own in names}:
            raise ModelFileError(f"No array may have the name {name}")


def _check_end_record(stream: IO[bytes]) -> int:
    """Check the archive's last record, so that its directory is small and where it should be.

    Returns:
        Size of the file in bytes.
    """
    end = read_end_record(stream)
    if end is None:
        raise ModelFileError("The archive is too short")
    if not end.is_proper:
        raise ModelFileError("The archive has no proper end", hint="The file may be incomplete")
    if end.entries > MAX_ARRAYS + 2 or end.directory_bytes > _MAX_DIRECTORY_BYTES:
        raise ModelFileError(
            "The archive has too many members",
            expected=f"at most {MAX_ARRAYS + 2}",
            received=str(end.entries),
        )
    if not end.is_behind_directory:
        raise ModelFileError("The archive's directory is not where it should be")
    return end.file_bytes


def _members_by_name(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """The archive's directory, once every entry is plain, small enough and there only once."""
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        if not info.filename.endswith(SUFFIX):
            raise ModelFileError("The archive holds something that is not an array")
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise ModelFileError("The archive is compressed", expected="stored members")
        if info.flag_bits & 1:
            raise ModelFileError("The archive is encrypted")
        name = info.filename.removesuffix(SUFFIX)
        if name in members:
            raise ModelFileError("The archive holds the same name twice")
        members[name] = info
    if sum(info.file_size for info in members.values()) > size:
        raise ModelFileError("The archive promises more than the file holds")
    return members


def _check_member_names(members: dict[str, zipfile.ZipInfo], slots: tuple[ArraySlot, ...]) -> None:
    announced = {TEXT_MEMBER, DIGEST_MEMBER} | {slot.name for slot in slots}
    if set(members) != announced or len(announced) != len(slots) + 2:
        raise ModelFileError(
            "The archive's members are not the announced ones",
            expected=f"{len(slots) + 2} members",
            received=f"{len(members)}, {len(announced - set(members))} missing",
        )


def _member_bytes(members: dict[str, zipfile.ZipInfo], name: str, most: int) -> int:
    """Length of a member that is a row of bytes, from the size of its file alone."""
    if name not in members:
        raise ModelFileError(f"The archive holds no {name}")
    # The header of a row of bytes is padded to the same length however long the row is.
    header_bytes = len(npy_header(ArraySlot(name, "uint8", (most,))))
    length = members[name].file_size - header_bytes
    if not 0 < length <= most:
        raise ModelFileError(
            "The description is too long or empty",
            expected=f"at most {most:,} bytes",
            received=f"{length:,}",
        )
    return length


def _read_array(
    archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], slot: ArraySlot
) -> Array:
    """One array, whose member must be exactly as long and begin exactly as announced."""
    info, header = members[slot.name], npy_header(slot)
    if info.file_size != len(header) + slot.size_bytes:
        raise ModelFileError(
            f"The array {slot.name} has the wrong size",
            expected=f"{len(header) + slot.size_bytes:,} bytes",
            received=f"{info.file_size:,}",
        )
    data = archive.read(info)
    if not data.startswith(header):
        raise slot.broken_promise()
    return slot.array(data, offset=len(header))
