"""NumPy archives with pictures and labels under any usual names, as Keras' ``mnist.npz``."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from digitdesk.data.importing.array_parts import parts_of
from digitdesk.data.importing.bounded_file import opened
from digitdesk.data.importing.found import Found, Importer, Reading, is_emnist
from digitdesk.data.npz_archive import check_archive, read_member
from digitdesk.errors import DataError

_PIECE_BYTES = 2**22
_NAMES = ("class_names", "label_names")


def _takes(source: Path, start: bytes) -> bool:
    return start.startswith(b"PK")


def _read(source: Path, reading: Reading) -> Found:
    """All arrays of an archive.

    Raises:
        DataError: It is damaged, or holds no pictures.
    """
    arrays = _arrays(source, reading)
    names: list[Any] = next((arrays[name].tolist() for name in _NAMES if name in arrays), [])
    parts, notes = parts_of(arrays, source.name)
    return Found(
        source.stem,
        "a NumPy archive (NPZ)",
        parts,
        _sha256(source, reading),
        {k: str(name)[:40].strip() for k, name in enumerate(names)},
        is_emnist=is_emnist(source.name),
        notes=notes,
    )


def _arrays(source: Path, reading: Reading) -> dict[str, NDArray[Any]]:
    check_archive(source, f"{source.name} does not hold pictures")
    found: dict[str, NDArray[Any]] = {}
    try:
        with zipfile.ZipFile(source) as archive:
            infos = archive.infolist()
            _check_members(infos, source)
            total = sum(info.compress_size for info in infos)
            done = 0
            for info in infos:
                reading.stop_if_told()
                found[info.filename.removesuffix(".npy")] = read_member(archive, info, source)
                done += info.compress_size
                reading.progress(done, total)
    except DataError:
        raise
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, KeyError) as error:
        raise _damaged(source, error) from None
    except Exception as error:  # zipfile, zlib and NumPy raise many other kinds on damaged files
        if type(error).__module__.startswith("digitdesk"):
            raise
        raise _damaged(source, error) from None
    return found


def _damaged(source: Path, error: Exception) -> DataError:
    needs_code = "pickle" in str(error) or "Object arrays" in str(error)
    return DataError(
        f"{source.name} cannot be read as an archive of arrays",
        expected="an .npz file of numbers",
        received="objects that could run code" if needs_code else type(error).__name__,
    )


def _check_members(infos: list[zipfile.ZipInfo], source: Path) -> None:
    """Refuse what is another kind of archive.

    Raises:
        DataError: A member is no array, or two have the same name.
    """
    names = [info.filename for info in infos]
    strange = next((name for name in names if not name.endswith(".npy")), None)
    if strange is not None:
        raise DataError(
            f"{source.name} is an archive of other files",
            expected="an .npz file of arrays",
            received=strange[:60],
            hint="Unpack it first, and import what is in it",
        )
    if len(set(names)) < len(names):
        raise DataError(f"{source.name} holds two arrays of the same name")


def _sha256(source: Path, reading: Reading) -> str:
    digest = hashlib.sha256()
    with opened(source) as (file, _size):
        while piece := file.read(_PIECE_BYTES):
            reading.stop_if_told()
            digest.update(piece)
    return digest.hexdigest()


NPZ = Importer(
    "npz",
    "NumPy archive (NPZ)",
    "Arrays of pictures and labels, such as x_train and y_train of Keras.",
    (".npz",),
    _takes,
    _read,
)
