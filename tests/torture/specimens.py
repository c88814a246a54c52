"""A good small file of every kind that DigitDesk opens, and what opens it.

From these the damaged ones are made. Where a check sum would catch every accident at once, the
part behind it is damaged before the sum is made, so that the code behind the sum is tried too.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from digitdesk.data.idx import read_idx
from digitdesk.data.labelled_images import read_labelled_images
from digitdesk.ink.picture.grey_picture import open_grey
from digitdesk.ink.stroke_file import read_stroke_file, read_unipen
from digitdesk.messages.model import ModelCard
from digitdesk.nn.core.backend import cpu_backend
from digitdesk.nn.spec.build import build_network
from digitdesk.recognition.reader import Reader
from digitdesk.session.checkpoint_store import FILE_NAME, CheckpointStore
from digitdesk.storage.content import Content, digest_of, encode_text
from digitdesk.storage.model_file import load_model
from digitdesk.storage.npz_format import ArraySlot as Slot
from digitdesk.storage.npz_format import npy_header, write_npz
from digitdesk.storage.pickle_format import write_pickle
from digitdesk.storage.plain_json import to_plain
from digitdesk.training.checkpoint import Checkpoint
from digitdesk.ui.toolkit.user_settings import Settings, read_settings
from tests.torture.brought_files import brought_files
from tests.torture.specimen import ZIP_WORDS, Specimen
from tests.training.small_runs import config, run, small_data

SPEC = "maxpool(7) flatten dense(10)"


JSON_WORDS = (
    *(b"null", b"true", b"false", b"NaN", b"-Infinity", b"1e999", b"-0", b"0.5", b"[]", b"{}"),
    *(b'""', b'"\\ud800"', b'"\\u0000"', b"[[[[[[[[", b"9" * 400, b",", b":", b'"a":', b"\xff"),
    *(b'"version": 2', b'"version": -1', b'"shape"', b'"../../x"', b'"dense(1000000000)"'),
)
PICKLE_WORDS = (
    *(b"cos\nsystem\n", b"R", b"0", b"2", b"(", b".", b"\x93", b"q\x00", b"h\x00", b"u", b"s"),
    *(b"X\xff\xff\xff\x7f", b"B\xff\xff\xff\xff", b"\x8b\x00\x00\x00\x40", b"}", b"\x85" * 50),
)
PICTURE_WORDS = (
    *(b"IHDR", b"IDAT", b"PLTE", b"tRNS", b"iTXt", b"zTXt", b"acTL", b"fdAT", b"\xff\xc0", b"BM"),
    *(b"\xff\xd8", b"\xff\xd9", b"\xff\xda", b"\xff\xe1", b"Exif\0\0", b"\x21\xf9\x04", b"\x2c"),
    *(b"II*\0", b"MM\0*", b"RIFF", b"WEBP", b"VP8L", b"ALPH", b"65535", b"P6 ", b"P4 ", b"Pf "),
)
UNIPEN_WORDS = (
    *(b".SEGMENT", b".PEN_DOWN\n", b".PEN_UP\n", b".COMMENT ", b'"7"', b"nan", b"1e400", b"\n"),
    *(b"-inf", b" ", b"\x00", b"9" * 5000, b"\x85", b"\x0c"),
)


def specimens() -> dict[str, Specimen]:
    """All kinds by name; made afresh, which takes half a second."""
    made = (
        *(_models(), _runs(), _idx(), _labelled(), _strokes(), _pictures(), _settings()),
        brought_files(),
    )
    return {name: specimen for part in made for name, specimen in part.items()}


def _hash(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _arrays_hash(arrays: dict[str, Any]) -> str:
    return _hash([(name, a.dtype.name, a.shape, a.tobytes()) for name, a in arrays.items()])


def _written(write: Callable[[io.BytesIO, Content], None], content: Content) -> bytes:
    stream = io.BytesIO()
    write(stream, content)
    return stream.getvalue()


def sealed_npz(text: bytes, arrays: dict[str, Any]) -> bytes:
    """A file of our format around any text, its own check sum right."""
    sum_ = np.frombuffer(digest_of(text, arrays.values()), np.uint8)
    members = {"card": np.frombuffer(text, np.uint8), "sha256": sum_, **arrays}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in members.items():
            slot = Slot(name, array.dtype.name, array.shape)
            archive.writestr(f"{name}.npy", npy_header(slot) + array.tobytes())
    return stream.getvalue()


def _models() -> dict[str, Specimen]:
    card = ModelCard("A model", SPEC, parameter_count=170, config={"epochs": 3, "seed": None})
    arrays = build_network(SPEC, backend=cpu_backend()).snapshot()
    content = Content("digitdesk-model", to_plain(card), arrays)
    others = Content("digitdesk-model", {"title": "Other", "spec": SPEC}, arrays)

    def read(path: Path) -> str:
        stored = load_model(path)
        Reader.from_stored(stored, cpu_backend())
        return _hash(stored.card, _arrays_hash(stored.arrays))

    npz, pkl = ([_written(w, c) for c in (content, others)] for w in (write_npz, write_pickle))
    texts = [encode_text(content), encode_text(others)]
    return {
        "model npz": Specimen("m.npz", npz, read, is_sealed=True, words=ZIP_WORDS),
        "model pkl": Specimen("m.pkl", pkl, read, is_sealed=True, words=PICKLE_WORDS),
        "model card": Specimen(
            "m.npz", texts, read, lambda text: sealed_npz(text, arrays), words=JSON_WORDS
        ),
    }


def _runs() -> dict[str, Specimen]:
    outcome = run(config(SPEC, "adam"), small_data(), close_at=10)
    kept: list[Checkpoint] = [outcome.last, outcome.kept[0]]
    contents = [Content("digitdesk-run", to_plain(c.facts), c.arrays) for c in kept]

    def read(path: Path) -> str:
        file = CheckpointStore(path.parent)
        checkpoint, offered = file.load(), file.facts()
        assert checkpoint is not None
        return _hash(checkpoint.facts, offered, checkpoint.changes, _arrays_hash(checkpoint.arrays))

    files, texts = [_written(write_npz, c) for c in contents], [encode_text(c) for c in contents]
    return {
        "run": Specimen(FILE_NAME, files, read, is_sealed=True, words=ZIP_WORDS),
        "run facts": Specimen(
            FILE_NAME,
            texts,
            read,
            lambda text: sealed_npz(text, contents[0].arrays),
            words=JSON_WORDS,
        ),
    }


def _idx() -> dict[str, Specimen]:
    images = [np.arange(k * 784, dtype=np.uint32).astype(np.uint8).tobytes() for k in (1, 2)]
    files = [struct.pack(">HBB3I", 0, 8, 3, k + 1, 28, 28) + raw for k, raw in enumerate(images)]

    def read(path: Path) -> str:
        found = read_idx(path, dimensions=3)
        return _hash(found.sha256, found.array.shape)

    zipped = [gzip.compress(raw, mtime=0) for raw in files]
    return {
        "idx": Specimen("images", files, read, words=(b"\0\0\x08\x03", b"\x1f\x8b\x08\0")),
        "idx gz": Specimen("images.gz", zipped, read, is_sealed=True, words=(b"\x1f\x8b\x08\0",)),
        "idx in gz": Specimen("images.gz", files, read, gzip.compress),
    }


def _labelled() -> dict[str, Specimen]:
    images = np.arange(2 * 784).reshape(2, 28, 28).astype(np.uint8)
    files = []
    for save in (np.savez, np.savez_compressed):
        stream = io.BytesIO()
        save(stream, images=images, labels=np.array([3, 7]))
        files.append(stream.getvalue())

    def read(path: Path) -> str:
        content = read_labelled_images(path)
        return _hash(
            content.images.shape,
            content.images.tobytes(),
            None if content.labels is None else content.labels.tobytes(),
        )

    return {"labelled": Specimen("set.npz", files, read, words=ZIP_WORDS)}


def _strokes() -> dict[str, Specimen]:
    sample = {"label": 7, "writer": "w1", "strokes": [[[0, 1.5], [20, 3]], [[4, 4]]]}
    texts = [json.dumps([sample] * k).encode() for k in (1, 3)]
    unipen = b'.SEGMENT DIGIT 0 ? "8"\n.COMMENT 8 12 2\n.PEN_DOWN\n 267 333\n 26 3\n.PEN_UP\n'
    pens = [unipen, unipen.replace(b'"8"', b'"2"') * 3]

    def strokes(path: Path) -> str:
        return _hash(read_stroke_file(path))

    def pen(path: Path) -> str:
        return _hash(read_unipen(path))

    zipped = [gzip.compress(text, mtime=0) for text in texts]
    return {
        "strokes": Specimen("s.json", texts, strokes, words=JSON_WORDS),
        "strokes gz": Specimen("s.json.gz", zipped, strokes, is_sealed=True),
        "strokes in gz": Specimen("s.json.gz", texts, strokes, gzip.compress, words=JSON_WORDS),
        "unipen": Specimen("d.tra", pens, pen, words=UNIPEN_WORDS),
        "unipen gz": Specimen("d.tra.gz", [gzip.compress(t, mtime=0) for t in pens], pen),
    }


def _pictures() -> dict[str, Specimen]:
    grey = (np.arange(40 * 30).reshape(30, 40) % 256).astype(np.uint8)
    grey[5:25, 15:22] = 0
    plain = Image.fromarray(grey)
    clear = plain.convert("RGBA")
    clear.putalpha(plain)
    forms: dict[str, Sequence[tuple[Image.Image, dict[str, Any]]]] = {
        "PNG": [(plain, {}), (clear, {}), (plain.convert("P"), {"transparency": 3})],
        "JPEG": [(plain, {}), (plain.convert("RGB"), {"progressive": True})],
        "BMP": [(plain, {}), (plain.convert("RGB"), {}), (plain.convert("1"), {})],
        "GIF": [(plain, {}), (plain, {"save_all": True, "append_images": [plain.rotate(90)]})],
        "TIFF": [(plain, {}), (clear, {"compression": "tiff_lzw"}), (plain.convert("1"), {})],
        "WEBP": [(plain, {"lossless": True}), (clear, {})],
        "PPM": [(plain, {}), (plain.convert("RGB"), {}), (plain.convert("1"), {})],
    }

    def read(path: Path) -> str:
        picture = open_grey(path)
        return _hash(picture.shape, picture.tobytes())

    found = {}
    for form, pictures in forms.items():
        files = []
        for picture, options in pictures:
            stream = io.BytesIO()
            picture.save(stream, form, **options)
            files.append(stream.getvalue())
        found[form.lower()] = Specimen(f"p.{form.lower()}", files, read, words=PICTURE_WORDS)
    found["png inside"] = Specimen(
        "p.png", found["png"].good, read, with_right_sums, words=PICTURE_WORDS
    )
    return found


def with_right_sums(raw: bytes) -> bytes:
    """A PNG file whose chunks' check sums are right, whatever their content."""
    fixed, place = bytearray(raw), 8
    while place + 12 <= len(fixed):
        (length,) = struct.unpack_from(">I", fixed, place)
        end = place + 8 + length
        if end + 4 > len(fixed):
            break
        struct.pack_into(">I", fixed, end, zlib.crc32(fixed[place + 4 : end]))
        place = end + 4
    return bytes(fixed)


def _settings() -> dict[str, Specimen]:
    kept = [
        {"language": "zh_CN", "theme": "dark", "zoom": 1.5, "recent": ["a.npz"], "tab": "train"},
        {"geometry": "1120x760+40+40", "tour_seen": True, "model_folder": "/home/x"},
    ]

    def read(path: Path) -> str:
        settings = read_settings(path.parent)
        # Whatever was damaged, each value is one the window can use.
        assert type(settings) is Settings and 0.75 <= settings.zoom <= 2
        assert all(type(name) is str for name in settings.recent)
        return _hash(settings)

    files = [json.dumps(values).encode() for values in kept]
    return {"settings": Specimen("window.json", files, read, words=JSON_WORDS)}
