"""Writes IDX data sets for tests, without the code under test."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np


def idx_bytes(array: np.ndarray[Any, Any]) -> bytes:
    """An array as an IDX file's bytes."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def write_split(
    folder: Path,
    images: np.ndarray[Any, Any],
    labels: np.ndarray[Any, Any],
    split: str = "train",
    prefix: str = "",
) -> None:
    """Both files of one part of a set, images plain and labels gzipped."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{prefix}{split}-images-idx3-ubyte").write_bytes(idx_bytes(images))
    packed = gzip.compress(idx_bytes(labels))
    (folder / f"{prefix}{split}-labels-idx1-ubyte.gz").write_bytes(packed)
