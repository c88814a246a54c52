"""Writes a set as an ordinary IDX folder: whole or not at all, with the names of its classes."""

from __future__ import annotations

import contextlib
import gzip
import os
import secrets
import shutil
import struct
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.class_names import NAME_FILES
from digitdesk.data.idx_files import Split
from digitdesk.data.importing.found import Reading
from digitdesk.data.importing.imported import ImportedPart
from digitdesk.errors import DataError, SaveError
from digitdesk.files.atomic import make_folder, reason, shortened

_TEMPORARY = ".digitdesk-tmp"
_OLD_SECONDS = 3600
_PREFIXES: dict[Split, str] = {"train": "train", "test": "t10k"}
_PIECE = 2000
_COMPRESSION = 3
"""Of gzip: pictures of digits hardly become smaller with more, and it takes thrice as long."""


def write_idx_folder(
    folder: Path,
    parts: Mapping[Split, ImportedPart],
    class_names: tuple[str, ...],
    beside: Mapping[str, bytes],
    reading: Reading,
) -> None:
    """Write a set into a folder that is not there yet, or is empty.

    Args:
        folder: Gets its name when all is written.
        parts: Pictures with labels from 0; every one has a label.
        class_names: One for each class.
        beside: Other files, by name: where the set comes from.
        reading: Who is told how far it is, and who may stop it.

    Raises:
        DataError: There is something of that name.
        SaveError: The disk refuses; nothing is left behind.
    """
    target = Path(os.path.realpath(folder))
    _check_target(target)
    make_folder(target.parent)
    _sweep(target)
    temporary = target.with_name(f".{target.name[:40]}.{secrets.token_hex(8)}{_TEMPORARY}")
    try:
        temporary.mkdir()
        _write_files(temporary, parts, class_names, beside, reading)
        temporary.replace(target)
    except OSError as error:
        raise SaveError(
            f"Cannot write {shortened(folder.name)}: {reason(error)}",
            hint=f"Choose another folder than {target.parent} or make room there",
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def check_folder(folder: Path) -> None:
    """Find out whether a set could be written there, before it is read.

    Raises:
        DataError: There is something of that name.
        SaveError: There is no permission, or no folder above it.
    """
    target = Path(os.path.realpath(folder))
    _check_target(target)
    above = next(p for p in target.parents if p.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise SaveError(
            f"Cannot write {shortened(folder.name)}: writing there is not permitted",
            hint=f"Choose another folder than {above} or make room there",
        )


def _check_target(target: Path) -> None:
    try:
        is_free = not target.exists() or (target.is_dir() and not any(target.iterdir()))
    except OSError as error:
        raise DataError(
            f"Cannot read the folder {shortened(str(target))}", received=reason(error)
        ) from error
    if not is_free:
        raise DataError(
            f"{shortened(target.name)} is there already",
            expected="a new folder, or an empty one",
            hint="Choose another name; nothing was written",
        )


def _sweep(target: Path) -> None:
    """Remove what a crash has left of an earlier try."""
    with contextlib.suppress(OSError):
        for path in target.parent.glob(f".*{_TEMPORARY}"):
            if path.is_dir() and time.time() - path.stat().st_mtime > _OLD_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _write_files(
    folder: Path,
    parts: Mapping[Split, ImportedPart],
    class_names: tuple[str, ...],
    beside: Mapping[str, bytes],
    reading: Reading,
) -> None:
    total = sum(len(part.labels) for part in parts.values())
    done = 0
    for part, content in parts.items():
        prefix = _PREFIXES[part]
        with _gzipped(folder / f"{prefix}-images-idx3-ubyte.gz") as file:
            file.write(struct.pack(">HBB3I", 0, 8, 3, *content.pictures.shape))
            for first in range(0, len(content.pictures), _PIECE):
                reading.stop_if_told()
                reading.progress(done + first, total)
                file.write(content.pictures[first : first + _PIECE].tobytes())
        done += len(content.labels)
        with _gzipped(folder / f"{prefix}-labels-idx1-ubyte.gz") as file:
            file.write(struct.pack(">HBBI", 0, 8, 1, len(content.labels)))
            file.write(_as_bytes(content.labels))
    _write(folder / NAME_FILES[0], "".join(f"{name}\n" for name in class_names).encode())
    for name, text in beside.items():
        _write(folder / name, text)
    reading.progress(total, total)


def _as_bytes(labels: NDArray[np.int16]) -> bytes:
    if len(labels) and not 0 <= int(labels.min()) <= int(labels.max()) <= 255:
        raise DataError("A picture has no label", hint="Label it, or leave it out")
    return labels.astype(np.uint8).tobytes()


@contextlib.contextmanager
def _gzipped(path: Path) -> Iterator[gzip.GzipFile]:
    with path.open("xb") as plain:
        with gzip.GzipFile("", "wb", _COMPRESSION, plain, mtime=0) as file:
            yield file
        _flush(plain)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        _flush(file)


def _flush(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
