"""Small data sets in every form that people have them, made without the code under test."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from digitdesk.data.strokes.stroke_augmentation import render_varied
from digitdesk.data.synthetic import handwriting
from digitdesk.ink.ink_batch import InkBatch
from digitdesk.ink.strokes import fit_to_board

Arrays = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


@cache
def digits(count: int = 60, seed: int = 5) -> Arrays:
    """Made-up digits (N, 28, 28), ink = 255, and their labels, all ten among them."""
    images, labels = handwriting.generate(count * 4, seed=seed)
    chosen = np.concatenate([np.flatnonzero(labels == k)[: count // 10] for k in range(10)])
    chosen = np.random.default_rng(seed).permutation(chosen)
    return images[chosen], labels[chosen]


_CAPITALS = {
    "A": "0,100 40,0 80,100|15,62 65,62", "B": "0,100 0,0 50,5 55,40 0,48 60,60 60,95 0,100",
    "C": "70,15 40,0 8,20 0,55 15,90 45,100 75,85", "D": "0,100 0,0 50,15 65,50 50,85 0,100",
    "E": "60,0 0,0 0,100 60,100|0,48 45,48", "F": "0,100 0,0 60,0|0,48 45,48",
    "G": "70,15 40,0 8,20 0,55 15,90 45,100 72,85 72,55 45,55",
    "H": "0,0 0,100|65,0 65,100|0,50 65,50", "I": "20,0 20,100|0,0 40,0|0,100 40,100",
    "J": "50,0 50,75 35,98 12,95 0,75", "K": "0,0 0,100|60,0 0,55 62,100", "L": "0,0 0,100 60,100",
    "M": "0,100 8,0 45,70 82,0 90,100", "N": "0,100 0,0 70,100 70,0",
    "O": "40,0 8,20 0,55 15,90 45,100 75,80 80,45 65,10 40,0", "P": "0,100 0,0 50,5 55,40 0,52",
    "Q": "40,0 8,20 0,55 15,90 45,100 75,80 80,45 65,10 40,0|50,70 85,108",
    "R": "0,100 0,0 50,5 55,40 0,50 60,100", "S": "60,12 30,0 4,18 12,42 52,58 58,85 28,100 0,88",
    "T": "0,0 80,0|40,0 40,100", "U": "0,0 0,70 18,98 50,98 66,70 66,0", "V": "0,0 40,100 80,0",
    "W": "0,0 20,100 48,25 75,100 95,0", "X": "0,0 70,100|70,0 0,100",
    "Y": "0,0 38,50 38,100|76,0 38,50", "Z": "0,0 70,0 0,100 72,100",
}  # fmt: skip
ALPHABET = "".join(_CAPITALS)

Drawing = tuple[tuple[tuple[float, float], ...], ...]


def drawn(sign: str) -> Drawing:
    """The strokes of a capital, on a board."""
    strokes = [[tuple(map(float, point.split(","))) for point in stroke.split()]
               for stroke in _CAPITALS[sign].split("|")]  # fmt: skip
    return fit_to_board(strokes)


@cache
def letters(each: int = 12, seed: int = 1) -> Arrays:
    """Made-up capitals (N, 28, 28), ink = 255, and labels 1 to 26, as EMNIST's letters have."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.repeat(np.arange(1, 27), each)).astype(np.uint8)
    ink = InkBatch.from_drawings([drawn(ALPHABET[k - 1]) for k in labels])
    return render_varied(ink, rng), labels


# --- tables


def table(
    images: np.ndarray[Any, Any],
    labels: Any,
    *,
    header: bool = True,
    separator: str = ",",
    label_last: bool = False,
) -> str:
    """Pictures as Kaggle's tables have them."""
    flat = np.asarray(images).reshape(len(images), -1)
    names = [f"pixel{k}" for k in range(flat.shape[1])]
    rows = [list(map(str, row)) for row in flat.tolist()]
    if labels is not None:
        names.insert(len(names) if label_last else 0, "label")
        for row, label in zip(rows, labels, strict=True):
            row.insert(len(row) if label_last else 0, str(label))
    lines = [separator.join(row) for row in ([names] if header else []) + rows]
    return "\n".join(lines) + "\n"


# --- IDX

KINDS = {"u1": 8, "i1": 9, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}


def idx(array: Any, kind: str = "u1") -> bytes:
    """An IDX file of any kind of number."""
    numbers = np.asarray(array)
    head = struct.pack(f">HBB{numbers.ndim}I", 0, KINDS[kind], numbers.ndim, *numbers.shape)
    return head + numbers.astype(f">{kind}").tobytes()


def write_idx_set(folder: Path, name: str, train: Arrays, test: Arrays | None = None) -> Path:
    """The files of a set, gzipped, as EMNIST names them."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"train": train} if test is None else {"train": train, "test": test}
    for part, (images, labels) in parts.items():
        start = folder / f"{name}-{part}"
        Path(f"{start}-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(images)))
        Path(f"{start}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    return folder


def write_emnist_letters(folder: Path, *, each: int = 12) -> Path:
    """EMNIST's letters as its authors pack them: on their side, from 1, with a table of letters."""
    train, test = letters(each), letters(3, seed=2)
    lying = tuple((images.transpose(0, 2, 1), labels) for images, labels in (train, test))
    write_idx_set(folder, "emnist-letters", *lying)
    rows = [f"{k} {64 + k} {96 + k}" for k in range(1, 27)]
    (folder / "emnist-letters-mapping.txt").write_text("\n".join(rows))
    return folder


# --- folders of pictures


def write_class_folders(folder: Path, images: Any, names: list[str], *, dark: bool = True) -> Path:
    """Scans of ink on paper, larger than 28×28, in a folder for each class."""
    for number, (image, name) in enumerate(zip(images, names, strict=True)):
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        page = Image.new("L", (70, 90))
        page.paste(Image.fromarray(image).resize((56, 56), Image.Resampling.BICUBIC), (7, 17))
        greys = np.asarray(page)
        Image.fromarray(255 - greys if dark else greys).save(place / f"{number:03}.png")
    return folder


# --- MATLAB


def mat(variables: Mapping[str, Any], *, packed: bool = True, order: str = "<") -> bytes:
    """A MATLAB file of version 5: arrays, texts, and structures as dictionaries."""
    mark = b"IM" if order == "<" else b"MI"
    version = struct.pack(f"{order}H", 0x0100)
    head = b"MATLAB 5.0 MAT-file, made by a test".ljust(124, b" ") + version + mark
    elements = [_matrix(name, value, order) for name, value in variables.items()]
    if packed:
        squeezed = map(zlib.compress, elements)
        elements = [struct.pack(f"{order}II", 15, len(raw)) + raw for raw in squeezed]
    return head + b"".join(elements)


def _element(kind: int, content: bytes, order: str) -> bytes:
    if 0 < len(content) <= 4:
        # The short form: length and kind in one number.
        return struct.pack(f"{order}I", len(content) << 16 | kind) + content.ljust(4, b"\0")
    return struct.pack(f"{order}II", kind, len(content)) + content + b"\0" * (-len(content) % 8)


_TYPES = {"u1": (9, 2), "i4": (12, 5), "f8": (6, 9), "f4": (7, 7), "u2": (11, 4)}


def _matrix(name: str, value: Any, order: str) -> bytes:
    if isinstance(value, dict):
        content, shape = 2, (1, 1)
        names = b"".join(key.encode().ljust(32, b"\0") for key in value)
        body = _element(5, struct.pack(f"{order}i", 32), order) + _element(1, names, order)
        body += b"".join(_matrix("", inner, order) for inner in value.values())
    elif isinstance(value, list):
        width = max(map(len, value))
        codes = np.array([[ord(sign) for sign in text.ljust(width)] for text in value])
        content, shape = 4, codes.shape
        body = _element(4, codes.astype(f"{order}u2").tobytes(order="F"), order)
    else:
        array = np.asarray(value)
        content, kind = _TYPES[array.dtype.str[1:]]
        shape = array.shape if array.ndim > 1 else (len(array), 1)
        raw = array.astype(array.dtype.newbyteorder(order)).tobytes(order="F")
        body = _element(kind, raw, order)
    head = _element(6, struct.pack(f"{order}II", content, 0), order)
    head += _element(5, struct.pack(f"{order}{len(shape)}i", *shape), order)
    head += _element(1, name.encode(), order)
    inner = head + body
    return struct.pack(f"{order}II", 14, len(inner)) + inner


def npz(*, packed: bool = True, **arrays: Any) -> bytes:
    """A NumPy archive."""
    stream = io.BytesIO()
    (np.savez_compressed if packed else np.savez)(stream, **arrays)
    return stream.getvalue()
