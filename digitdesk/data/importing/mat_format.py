"""MATLAB files with pictures and labels: numbers in matrices, or EMNIST's structures."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from digitdesk.data.importing.array_parts import Arrays, parts_of
from digitdesk.data.importing.bounded_file import Measured, opened
from digitdesk.data.importing.found import MOST_BYTES, Found, Importer, Reading, is_emnist
from digitdesk.data.importing.mat_file import read_mat
from digitdesk.errors import DataError


def _takes(source: Path, start: bytes) -> bool:
    return start.startswith((b"MATLAB", b"\x89HDF")) or start[126:128] in (b"IM", b"MI")


def _read(source: Path, reading: Reading) -> Found:
    """All arrays of a file.

    Raises:
        DataError: It is damaged, of another version, or holds no pictures.
    """
    with opened(source) as (file, size):
        measured = Measured(file, size, reading.progress, reading.stop_if_told)
        content = bytearray()
        while piece := measured.read(2**22):
            content += piece
            if len(content) > MOST_BYTES:
                raise DataError(
                    f"{source.name} is too large", expected=f"at most {MOST_BYTES >> 20} MB"
                )
    arrays = read_mat(bytes(content), source.name)
    parts, notes = parts_of(arrays, source.name)
    return Found(
        source.stem,
        "a MATLAB file",
        parts,
        hashlib.sha256(content).hexdigest(),
        _letters(arrays),
        is_emnist=is_emnist(source.name) or any(name.startswith("dataset.") for name in arrays),
        notes=notes,
    )


def _letters(arrays: Arrays) -> dict[int, str]:
    """EMNIST's table: each label and the letters it stands for, as their numbers in ASCII."""
    table = next((array for name, array in arrays.items() if name.endswith("mapping")), None)
    if table is None or table.ndim != 2 or table.shape[1] < 2 or table.dtype.kind not in "iuf":
        return {}
    rows = np.nan_to_num(table.astype(np.float64))[:, :2].clip(0, 0xD7FF).astype(int).tolist()
    return {label: chr(code) for label, code in rows if chr(code).isprintable()}


MAT = Importer(
    "mat",
    "MATLAB file (MAT)",
    "Matrices of pictures and labels, of version 5 to 7.",
    (".mat",),
    _takes,
    _read,
)
