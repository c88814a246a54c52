"""Reads labelled pictures from a NumPy archive: ``images`` (N, H, W) of bytes and ``labels`` (N,).

Without ``labels`` the pictures show no digits at all. Where the classes are not digits,
``class_names`` says what they are.

Any program can write one with ``numpy.savez``; it is measured before anything is unpacked.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.npz_archive import check_archive, read_member
from digitdesk.errors import DataError

_LONGEST_SIDE_PX = 1024


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
    check_archive(path, f"{path.name} does not hold labelled pictures")
    try:
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


def _read(archive: zipfile.ZipFile, name: str, path: Path) -> NDArray[Any]:
    members = [info for info in archive.infolist() if info.filename == f"{name}.npy"]
    if len(members) != 1:
        raise DataError(
            f"{path.name} does not hold labelled pictures",
            expected="one array 'images' and at most one 'labels'",
            received=f"{len(members)} arrays called '{name}'",
        )
    return read_member(archive, members[0], path)
