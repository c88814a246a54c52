"""Reads IDX files of any kind of number and any shape; ``data/idx.py`` reads those of bytes."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.importing.bounded_file import Measured, opened
from digitdesk.data.importing.found import MOST_BYTES, Reading
from digitdesk.errors import DataError

KINDS = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MOST_DIMENSIONS = 4
_PIECE_BYTES = 2**20


def read_idx_numbers(path: Path, reading: Reading) -> tuple[NDArray[Any], str]:
    """The array in an IDX file, plain or gzipped, and the hash of its bytes.

    Raises:
        DataError: It is missing, damaged, or announces too much.

    Source:
        "The IDX file format", Y. LeCun, MNIST's page.
    """
    with opened(path) as (file, size):
        measured = Measured(file, size, reading.progress, reading.stop_if_told)
        start = measured.read(4)
        if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in KINDS:
            raise DataError(
                f"{path.name} is not an IDX file",
                expected="the first bytes 00 00, a kind of number, and how many dimensions",
                received=start.hex(" ") or "an empty file",
            )
        if not 1 <= start[3] <= _MOST_DIMENSIONS:
            raise DataError(
                f"{path.name} has too many dimensions, or none",
                expected=f"1 to {_MOST_DIMENSIONS}",
                received=str(start[3]),
            )
        header = measured.read(4 * start[3])
        if len(header) < 4 * start[3]:
            raise DataError(f"{path.name} ends too early", hint="Fetch it again")
        shape = struct.unpack(f">{start[3]}I", header)
        kind = np.dtype(KINDS[start[2]])
        wanted = math.prod(shape) * kind.itemsize
        if wanted > MOST_BYTES:
            raise DataError(
                f"{path.name} announces too much",
                expected=f"at most {MOST_BYTES:,} bytes",
                received=f"{' × '.join(map(str, shape))} = {wanted:,} bytes",
            )
        content = bytearray()
        # Memory grows with what is there, not with what was announced.
        while piece := measured.read(min(_PIECE_BYTES, wanted + 1 - len(content))):
            content += piece
            if len(content) > wanted:
                break
    if len(content) != wanted:
        raise DataError(
            f"{path.name} is not as long as its header says",
            expected=f"{wanted:,} bytes",
            received="more" if len(content) > wanted else f"{len(content):,}",
        )
    return np.frombuffer(content, dtype=kind).reshape(shape), measured.sha256
