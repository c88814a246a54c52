"""Good small files of every form that people may bring, and what reads them."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from digitdesk.data.importing.found import Reading
from digitdesk.data.importing.idx_numbers import read_idx_numbers
from digitdesk.data.importing.importing import import_source
from tests.data.importing.made_sources import idx, mat, npz, table
from tests.torture.specimen import ZIP_WORDS, Specimen

TABLE_WORDS = (
    *(b"label", b"id", b",", b";", b"\t", b",,", b"\n", b"\r\n", b"\n\n", b'"', b"nan", b"inf"),
    *(b"-1", b"0.5", b"1e400", b"9" * 400, b"\xff", b"\x00", b"A", b"\xef\xbb\xbf", b"255", b"256"),
)
MAT_WORDS = (
    *(b"MATLAB", b"IM", b"MI", b"\x89HDF", b"\x0f\0\0\0", b"\x0e\0\0\0", b"\xff\xff\xff\x7f"),
    *(b"\x01\0\0\0", b"\x02\0\0\0", b"\x05\0\x04\0", b"images", b"dataset", b"\0" * 8, b"\xff" * 4),
)
IDX_WORDS = (
    b"\0\0\x08\x03",
    b"\0\0\x0d\x02",
    b"\0\0\x0e\x04",
    b"\x7f\xff\xff\xff",
    b"\x1f\x8b\x08\0",
)


def brought_files() -> dict[str, Specimen]:
    """All of them, by name."""
    images = (np.arange(3 * 64).reshape(3, 8, 8) * 37 % 256).astype(np.uint8)
    labels = np.array([0, 1, 2])
    tables = [table(images, labels), table(images, list("abc"), header=False, separator=";")]
    arrays: list[dict[str, Any]] = [
        {"x_train": images, "y_train": labels},
        {"x_train": images / 255, "y_train": np.eye(3)[labels], "x_test": images, "y_test": labels},
    ]
    structure = {
        "dataset": {"train": {"images": images.reshape(3, 64), "labels": labels[:, None] * 1.0}}
    }
    flat = {"X": images, "y": labels.astype(np.int32), "names": ["a", "bc"]}
    numbers = [idx(images, "f4"), idx(labels, "i4"), idx(images.reshape(3, 64))]
    plain = [mat(flat, packed=False), mat(structure, packed=False, order=">")]
    return {
        "table": Specimen("t.csv", [text.encode() for text in tables], _read, words=TABLE_WORDS),
        "table in gz": Specimen("t.csv.gz", [t.encode() for t in tables], _read, gzip.compress),
        "archive": Specimen("a.npz", [npz(**a) for a in arrays], _read, words=ZIP_WORDS),
        "archive unpacked": Specimen(
            "a.npz", [npz(packed=False, **a) for a in arrays], _read, words=ZIP_WORDS
        ),
        "matlab": Specimen("m.mat", plain, _read, words=MAT_WORDS),
        "matlab packed": Specimen("m.mat", [mat(flat), mat(structure)], _read, words=MAT_WORDS),
        "idx of any kind": Specimen("train-images", numbers, _read_idx, words=IDX_WORDS),
    }


def _read(path: Path) -> str:
    found = import_source(path, Reading())
    digest = hashlib.sha256(repr((found.class_names, found.kind)).encode())
    for part in found.parts.values():
        # Whatever was damaged, what comes of it can be trained on.
        assert part.pictures.dtype == np.uint8
        assert part.pictures.shape == (len(part.labels), 28, 28)
        assert part.labels.max(initial=-1) < max(1, len(found.class_names))
        digest.update(part.pictures.tobytes() + part.labels.tobytes())
    return digest.hexdigest()


def _read_idx(path: Path) -> str:
    array, sha256 = read_idx_numbers(path, Reading())
    return hashlib.sha256(repr((array.shape, array.dtype, sha256)).encode()).hexdigest()
