"""Reads labelled pictures from a NumPy archive: ``images`` (N, H, W) of bytes and ``labels`` (N,).

Without ``labels`` the pictures show no digits at all. Where the classes are not digits,
``class_names`` says what they are.

Any program can write one with ``numpy.savez``; it is measured before anything is unpacked.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.errors import DataError, DigitDeskError
from digitdesk.files.atomic import shortened
from digitdesk.files.bounded_gzip import FREE_BYTES, MAX_RATIO
from digitdesk.files.foreign_text import is_web_page
from digitdesk.files.readable_file import size_of
from digitdesk.files.zip_archive import read_end_record

MAX_BYTES = 1 << 29
_MAX_HEADER_BYTES = 1000
_LONGEST_SIDE_PX = 1024
_MAX_MEMBERS = 100


@dataclass(frozen=True, slots=True)
class LabelledImages:
    """What an archive holds.

    Attributes:
        images: (N, H, W) greys, ink = 255.
        labels: (N,) class numbers; ``None`` where the archive has none.
        class_names: One for each class number; none where the archive does not name them.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8] | None
    class_names: tuple[str, ...] = ()


def read_labelled_images(path: Path) -> LabelledImages:
    """The pictures of an archive, their labels, and what the classes are called.

    Raises:
        DataError: The file is missing, damaged, too large, or its arrays are of another form.
    """
    try:
        size_of(path)
    except DigitDeskError as error:
        raise DataError.about(f"Cannot open {shortened(path.name)}", error) from None
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
            images = _read(archive, "images", path)
            labels = _read(archive, "labels", path) if "labels.npy" in members else None
            has_names = "class_names.npy" in members
            names = _read(archive, "class_names", path) if has_names else np.array([], str)
    except DataError:
        raise
    except Exception as error:  # zipfile and NumPy raise many kinds on damaged files
        raise DataError(
            f"{path.name} cannot be read as labelled pictures",
            expected="an .npz archive with 'images' and, for digits, 'labels'",
            received=type(error).__name__,
        ) from None
    if images.dtype != np.uint8 or images.ndim != 3 or max(images.shape[1:]) > _LONGEST_SIDE_PX:
        raise DataError(
            f"{path.name}: 'images' has another form",
            expected="uint8 of shape (N, H, W), ink = 255",
            received=f"{images.dtype} of shape {images.shape}",
        )
    if labels is None:
        return LabelledImages(images, None)
    if labels.dtype.kind not in "iu" or labels.shape != images.shape[:1]:
        raise DataError(
            f"{path.name}: 'labels' do not fit the pictures",
            expected=f"{len(images)} whole numbers",
            received=f"{labels.dtype} of shape {labels.shape}",
        )
    if labels.size and not 0 <= int(labels.min()) <= int(labels.max()) <= 255:
        raise DataError(f"{path.name}: a label is out of range", expected="0 to 255")
    class_names = _names(names, path)
    if class_names and labels.size and int(labels.max()) >= len(class_names):
        raise DataError(
            f"{path.name}: a label has no name",
            expected=f"0 to {len(class_names) - 1}",
            received=str(int(labels.max())),
        )
    return LabelledImages(images, labels.astype(np.uint8), class_names)


def _names(names: NDArray[Any], path: Path) -> tuple[str, ...]:
    if names.dtype.kind != "U" or names.ndim != 1 or len(set(names.tolist())) < len(names):
        raise DataError(
            f"{path.name}: 'class_names' has another form",
            expected="one text for each class, all different",
            received=f"{names.dtype} of shape {names.shape}",
        )
    return tuple(names.tolist())


def _check_directory(path: Path) -> None:
    """Refuse an archive of many members before its directory is read; ours has one or two."""
    with path.open("rb") as file:
        if is_web_page(file.read(16)):
            raise DataError(
                f"{path.name} is a web page, not a file of data",
                hint="The address gave a page instead of the file: fetch it again",
            )
        end = read_end_record(file)
    if (
        end is None
        or not end.is_proper
        or end.entries > _MAX_MEMBERS
        or end.directory_bytes > 1000 * _MAX_MEMBERS
    ):
        raise DataError(
            f"{path.name} does not hold labelled pictures",
            expected=f"an .npz archive of at most {_MAX_MEMBERS} arrays",
        )


def _read(archive: zipfile.ZipFile, name: str, path: Path) -> NDArray[Any]:
    members = [info for info in archive.infolist() if info.filename == f"{name}.npy"]
    if len(members) != 1:
        raise DataError(
            f"{path.name} does not hold labelled pictures",
            expected="one array 'images' and at most one 'labels'",
            received=f"{len(members)} arrays called '{name}'",
        )
    if members[0].file_size > MAX_BYTES:
        raise DataError(
            f"{path.name}: '{name}' is too large",
            expected=f"at most {MAX_BYTES >> 20} MB",
            received=f"{members[0].file_size >> 20} MB",
        )
    if members[0].file_size > FREE_BYTES + MAX_RATIO * members[0].compress_size:
        raise DataError(
            f"{path.name}: '{name}' unpacks to far more than pictures do",
            expected=f"at most {MAX_RATIO} times its size",
            received=f"{members[0].file_size >> 20} MB",
        )
    # The promised size is also the most that is unpacked, whatever the archive really holds.
    with archive.open(members[0]) as member:
        content = member.read(members[0].file_size)
    array: NDArray[Any] = np.lib.format.read_array(
        io.BytesIO(content), allow_pickle=False, max_header_size=_MAX_HEADER_BYTES
    )
    return array
