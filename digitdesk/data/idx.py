"""Reads the IDX files in which MNIST and its relatives come, plain or gzipped.

Nothing is believed: sizes are checked against the header before and while reading.
"""

from __future__ import annotations

import hashlib
import math
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.progress import StopIfTold, never_told
from digitdesk.errors import DataError
from digitdesk.files.bounded_gzip import Readable, unpacked
from digitdesk.files.foreign_text import is_web_page

MAX_BYTES = 2**30
"""The largest array that is read: 1.3 million images of 28×28."""

_UNSIGNED_BYTE = 0x08
_CHUNK_BYTES = 2**20
_KINDS = {1: "labels", 3: "images"}


@dataclass(frozen=True, slots=True)
class IdxFile:
    """The content of one IDX file.

    Attributes:
        array: (N,) labels or (N, H, W) greys, uint8.
        sha256: Hash of the uncompressed file, header included.
    """

    array: NDArray[np.uint8]
    sha256: str


def read_idx(
    path: Path,
    *,
    dimensions: int,
    max_bytes: int = MAX_BYTES,
    stop_if_told: StopIfTold = never_told,
) -> IdxFile:
    """Read one IDX file of unsigned bytes.

    Args:
        path: The file; its first bytes decide whether it is gzipped.
        dimensions: 1 for labels, 3 for images.
        max_bytes: Cap on the size that the header may announce.
        stop_if_told: Called after each megabyte; raises to stop.

    Raises:
        DataError: The file is missing, damaged, too large, or not such an IDX file.

    Source:
        "The IDX file format", Y. LeCun, MNIST's page.
    """
    try:
        with path.open("rb") as plain:
            return _read(unpacked(plain, path.name), path, dimensions, max_bytes, stop_if_told)
    except FileNotFoundError as error:
        raise DataError(
            f"The file {path.name} is missing", expected=f"it in {path.parent}"
        ) from error
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be read", received=error.strerror or str(error)
        ) from error


def _read(
    file: Readable,
    path: Path,
    dimensions: int,
    max_bytes: int,
    stop_if_told: StopIfTold,
) -> IdxFile:
    """The checks, in the order in which the bytes come."""
    wanted = _KINDS[dimensions]
    start = file.read(4)
    if is_web_page(start):
        raise DataError(
            f"{path.name} is a web page, not a file of data",
            hint="The address gave a page instead of the file: fetch it again",
        )
    if len(start) < 4 or start[:2] != b"\0\0":
        raise DataError(
            f"{path.name} is not an IDX file",
            expected=f"the first bytes 00 00 08 {dimensions:02x} ({wanted})",
            received=start.hex(" ") or "an empty file",
        )
    kind, found_dimensions = start[2], start[3]
    if kind == _UNSIGNED_BYTE and found_dimensions != dimensions and found_dimensions in _KINDS:
        raise DataError(
            f"{path.name} holds {_KINDS[found_dimensions]}",
            expected=wanted,
            received=f"an IDX file of {found_dimensions} dimension(s)",
            hint="The image and label files may have been swapped",
        )
    if kind != _UNSIGNED_BYTE or found_dimensions != dimensions:
        raise DataError(
            f"{path.name} has the wrong magic number",
            expected=f"00 00 08 {dimensions:02x} ({wanted})",
            received=start.hex(" "),
        )
    header = file.read(4 * dimensions)
    if len(header) < 4 * dimensions:
        raise _cut_off(path, 4 + 4 * dimensions, 4 + len(header))
    shape = struct.unpack(f">{dimensions}I", header)
    size = math.prod(shape)
    if size > max_bytes:
        raise DataError(
            f"{path.name} announces too much",
            expected=f"at most {max_bytes:,} bytes",
            received=f"{' × '.join(map(str, shape))} = {size:,} bytes",
        )
    content = _read_up_to(file, size + 1, stop_if_told)
    if len(content) < size:
        raise _cut_off(path, size, len(content))
    if len(content) > size:
        raise DataError(
            f"{path.name} is longer than its header says",
            expected=f"{size:,} bytes of {wanted}",
            received="more",
        )
    digest = hashlib.sha256(start + header)
    digest.update(content)
    array = np.frombuffer(content, dtype=np.uint8).reshape(shape)
    array.flags.writeable = False
    return IdxFile(array, digest.hexdigest())


def _read_up_to(file: Readable, limit: int, stop_if_told: StopIfTold) -> bytearray:
    """At most ``limit`` bytes; memory grows with what is there, not with what was announced."""
    content = bytearray()
    while len(content) < limit:
        stop_if_told()
        chunk = file.read(min(_CHUNK_BYTES, limit - len(content)))
        if not chunk:
            break
        content += chunk
    return content


def _cut_off(path: Path, expected: int, received: int) -> DataError:
    return DataError(
        f"{path.name} ends too early",
        expected=f"{expected:,} bytes",
        received=f"{received:,}",
        hint="Delete it and fetch it again",
    )
