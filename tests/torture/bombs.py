"""Small files made to cost much: each must be refused quickly and in little memory.

They are opened in a process of their own, where nothing freed before can hide what they take.
Run as a program it prints what each cost: ``python -m tests.torture.bombs FOLDER``. Bombs among
model files are in ``tests/storage/test_hostile_files.py``.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import logging
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from digitdesk.errors import DigitDeskError
from tests.torture.kills import ROOT
from tests.torture.mutants import forget_peak, peak_bytes
from tests.torture.specimens import Specimen, specimens

MOST_SECONDS = 0.1
MOST_BYTES = 32 << 20


@dataclass
class Cost:
    """What opening one bomb took; ``sentence`` is empty where it was not refused."""

    name: str
    seconds: float
    bytes_taken: int
    sentence: str
    files_left: int


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG file."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG file of that promised size, 8-bit grey."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


def data(size: int) -> bytes:
    """Picture data that unpacks to so many zeros."""
    return chunk(b"IDAT", zlib.compress(bytes(size), 9))


def patched(form: str, **patches: tuple[int, bytes]) -> bytes:
    """A tiny picture of a format with other bytes at some places."""
    stream = io.BytesIO()
    Image.new("L", (8, 8)).save(stream, form)
    raw = bytearray(stream.getvalue())
    for place, content in patches.values():
        raw[place : place + len(content)] = content
    return bytes(raw)


def large_webp(side: int = 16383) -> bytes:
    """A tiny WebP that says it is so large; 16383 is the most it can say."""
    raw = bytearray(patched("WEBP"))
    with contextlib.suppress(ValueError):
        place = raw.index(b"VP8 ") + 8 + 6
        raw[place : place + 4] = struct.pack("<HH", side, side)
    return bytes(raw)


def idx(images: int, content: bytes) -> bytes:
    """An IDX file of images that promises so many."""
    return struct.pack(">HBB3I", 0, 8, 3, images, 28, 28) + content


def archive(method: int, **members: bytes) -> bytes:
    """A zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        for name, content in members.items():
            packed.writestr(f"{name}.npy", content)
    return stream.getvalue()


def npy(shape: str, content: bytes = b"") -> bytes:
    """A NumPy file whose header says any shape."""
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def zipped_zeros(megabytes: int) -> bytes:
    """A gzip file of zeros, made without holding them."""
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as packed:
        for _ in range(megabytes):
            packed.write(bytes(1 << 20))
    return stream.getvalue()


BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "PNG of 2.5 gigapixels": ("png", lambda: png(50_000, 50_000, data(1 << 20))),
    "PNG just over our own limit": ("png", lambda: png(8000, 5001, data(1 << 20))),
    "PNG of four billion pixels a side": ("png", lambda: png(2**32 - 1, 2**32 - 1, data(9))),
    "PNG of one endless line": ("png", lambda: png(39_000_000, 1, data(39_000_001))),
    "PNG with a text of a hundred megabytes": (
        "png",
        lambda: png(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(99 << 20))), data(72)),
    ),
    "PNG with a huge color profile": (
        "png",
        lambda: png(8, 8, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(99 << 20))), b""),
    ),
    "PNG with a chunk of two gigabytes": ("png", lambda: png(8, 8, b"\x7f\xff\xff\xffIDAT")),
    "GIF of four gigapixels": ("gif", lambda: patched("GIF", size=(6, b"\xff\xff\xff\xff"))),
    "BMP of four exapixels": ("bmp", lambda: patched("BMP", size=(18, b"\xff\xff\xff\x7f" * 2))),
    "JPEG of four gigapixels": (
        "jpeg",
        lambda: patched("JPEG", size=(patched("JPEG").index(b"\xff\xc0") + 5, b"\xff\xdc" * 2)),
    ),
    "TIFF of four gigapixels": (
        "tiff",
        lambda: patched("TIFF").replace(
            struct.pack("<HHII", 256, 4, 1, 8), struct.pack("<HHII", 256, 4, 1, 2**32 - 1)
        ),
    ),
    "WebP of 268 megapixels": ("webp", large_webp),
    "WebP of 36 megapixels, nearly all missing": ("webp", lambda: large_webp(6000)),
    "PPM of ten gigapixels": ("ppm", lambda: b"P6 100000 100000 255\n" + bytes(100)),
    "IDX that promises 3 GB": ("idx", lambda: idx(4_000_000, bytes(1000))),
    "gzip: IDX of a gigabyte, a fifth of it there": (
        "idx gz",
        lambda: gzip.compress(idx(1_300_000, b""), mtime=0) + zipped_zeros(200),
    ),
    "gzip within gzip": ("idx gz", lambda: gzip.compress(zipped_zeros(20))),
    "gzip: a million empty parts": ("idx gz", lambda: gzip.compress(b"") * 200_000),
    "gzip: strokes of spaces": (
        "strokes gz",
        lambda: gzip.compress(b"[" + b" " * (100 << 20), mtime=0),
    ),
    "gzip: pen strokes without end": (
        "unipen gz",
        lambda: gzip.compress(b".PEN_DOWN\n" + b"1 1\n" * (5 << 20), mtime=0),
    ),
    "JSON nested a million deep": ("strokes", lambda: b"[" * 1_000_000),
    "JSON of five million lists": ("strokes", lambda: b"[" + b"[]," * 5_000_000 + b"[]]"),
    "JSON with a number of four million digits": (
        "strokes",
        lambda: b'[{"label": ' + b"9" * 4_000_000 + b', "strokes": []}]',
    ),
    "pictures: zip of a hundred megabytes": (
        "labelled",
        lambda: archive(zipfile.ZIP_DEFLATED, images=npy("(1, 28, 28)", bytes(100 << 20))),
    ),
    "pictures: header of a terabyte": (
        "labelled",
        lambda: archive(zipfile.ZIP_STORED, images=npy("(1000000000000, 1, 1)", bytes(10))),
    ),
    "pictures: header of brackets": (
        "labelled",
        lambda: archive(zipfile.ZIP_STORED, images=npy("(" * 60_000)),
    ),
    "pictures: a hundred thousand members": (
        "labelled",
        lambda: archive(zipfile.ZIP_STORED, **{f"m{k}": b"" for k in range(100_000)}),
    ),
}


def cost_of(name: str, specimen: Specimen, raw: bytes, folder: Path) -> Cost:
    """Open one bomb and measure.

    Args:
        name: Its name, for the report.
        specimen: What opens such files.
        raw: The bomb.
        folder: Whatever is in it afterwards that was not there before was unpacked.
    """
    path = folder / specimen.name
    path.write_bytes(raw)
    before = set(folder.rglob("*"))
    del raw
    sentence = ""
    forget_peak()
    held, began = peak_bytes(), time.process_time()
    try:
        specimen.read(path)
    except DigitDeskError as error:
        sentence = error.sentence
    seconds, taken = time.process_time() - began, peak_bytes() - held
    left = len(set(folder.rglob("*")) - before)
    path.unlink()
    return Cost(name, seconds, taken, sentence, left)


def costs(folder: Path) -> list[Cost]:
    """The costs of all bombs, from a process of its own."""
    command = [sys.executable, "-m", "tests.torture.bombs", str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    return [Cost(**json.loads(line)) for line in done.stdout.splitlines()]


def main(folder: str) -> None:
    """Print one line of JSON for each bomb."""
    logging.disable()
    kinds = specimens()
    for kind in kinds.values():
        # Once before, so that what is imported on first use is not counted.
        path = Path(folder, kind.name)
        path.write_bytes(kind.pack(kind.good[0]))
        kind.read(path)
        path.unlink()
    for name, (kind, make) in BOMBS.items():
        cost = cost_of(name, kinds[kind], make(), Path(folder))
        sys.stdout.write(json.dumps(asdict(cost)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
