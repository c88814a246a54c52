"""Damaged model files and crafted bombs: one kind of error, quickly, in little memory."""

from __future__ import annotations

import dataclasses
import io
import random
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitdesk.errors import ModelFileError
from digitdesk.messages.model import ModelCard
from digitdesk.storage import npz_format
from digitdesk.storage.content import MODEL_KIND, Array, ArraySlot, Content, digest_of, encode_text
from digitdesk.storage.model_file import load_model, save_model
from digitdesk.storage.plain_json import to_plain
from tests.storage.hostile import mutant

MUTANTS = 200


@pytest.mark.parametrize("seed", [0, 1])
def test_a_mutant_is_refused_or_is_the_same_model(
    model_path: Path, card: ModelCard, arrays: dict[str, Array], seed: int
) -> None:
    save_model(model_path, card, arrays)
    raw = model_path.read_bytes()
    rng = random.Random(seed)
    refused = 0
    tracemalloc.start()
    for _ in range(MUTANTS):
        damaged = mutant(raw, rng)
        model_path.write_bytes(damaged)
        try:
            stored = load_model(model_path)
        except ModelFileError:
            refused += 1
            continue
        assert stored.card == card
        for name, array in arrays.items():
            assert stored.arrays[name].tobytes() == array.tobytes()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused > 0.8 * MUTANTS
    assert peak < 64 << 20


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(tail=st.binary(max_size=300), head=st.sampled_from([b"PK\x03\x04", b"\x80\x03", b""]))
def test_any_bytes_are_refused(tmp_path: Path, head: bytes, tail: bytes) -> None:
    path = tmp_path / "any.npz"
    path.write_bytes(head + tail)
    with pytest.raises(ModelFileError):
        load_model(path)


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_every_shortened_file_is_refused(
    tmp_path: Path, card: ModelCard, arrays: dict[str, Array], suffix: str
) -> None:
    path = tmp_path / f"m{suffix}"
    save_model(path, card, arrays)
    raw = path.read_bytes()
    for length in range(0, len(raw), 7):
        path.write_bytes(raw[:length])
        with pytest.raises(ModelFileError):
            load_model(path)


# Bombs and forgeries. Each builder gets a whole archive's members and returns the hostile file.

Members = list[tuple[str, bytes]]


def zipped(members: Members, method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, raw in members:
            archive.writestr(name, raw)
    return stream.getvalue()


def npy(array: Array) -> bytes:
    slot = ArraySlot("a", array.dtype.name, array.shape)
    return npz_format.npy_header(slot) + array.tobytes()


def announcing(members: Members, name: str, dtype: str, shape: tuple[int, ...]) -> bytes:
    """An archive whose text announces an array that its member does not hold."""
    content = Content(MODEL_KIND, to_plain(ModelCard("t", "s")), {"w": np.zeros(1, np.float32)})
    text = encode_text(content).replace(
        b'["w", "float32", [1]]', f'["{name}", "{dtype}", {list(shape)}]'.encode()
    )
    digest = digest_of(text, content.arrays.values())
    own = [
        ("card.npy", npy(np.frombuffer(text, np.uint8))),
        ("sha256.npy", npy(np.frombuffer(digest, np.uint8))),
    ]
    return zipped(own + members)


def header_of(literal: str, pad: int = 0) -> bytes:
    raw = literal.encode() + b" " * pad + b"\n"
    return b"\x93NUMPY\x02\x00" + struct.pack("<I", len(raw)) + raw


def patched_end(members: Members, offset: int, value: int, size: str) -> bytes:
    raw = bytearray(zipped(members))
    struct.pack_into(size, raw, len(raw) - 22 + offset, value)
    return bytes(raw)


def text_member(text: bytes) -> Members:
    return [("card.npy", npy(np.frombuffer(text, np.uint8)))]


BOMBS: dict[str, Callable[[Members], bytes]] = {
    "deflated zeros, ratio 1000": lambda m: zipped(
        [*m, ("zeros.npy", npy(np.zeros(4_000_000)))], zipfile.ZIP_DEFLATED
    ),
    "bzip2": lambda m: zipped([*m, ("zeros.npy", bytes(10_000_000))], zipfile.ZIP_BZIP2),
    "lzma": lambda m: zipped([*m, ("zeros.npy", bytes(10_000_000))], zipfile.ZIP_LZMA),
    "archive in an archive": lambda m: zipped([*m, ("inner.npz", zipped(m))]),
    "a member that is no array": lambda m: zipped([*m, ("run.py", b"print()")]),
    "a path that climbs out": lambda m: zipped([*m, ("../../evil.npy", m[0][1])]),
    "an absolute path": lambda m: zipped([*m, ("/etc/evil.npy", m[0][1])]),
    "the same member twice": lambda m: zipped([*m, m[-1]]),
    "the same card twice": lambda m: zipped([*m, m[0]]),
    "an array nobody announced": lambda m: zipped([*m, ("extra.npy", npy(np.zeros(3)))]),
    "an array is missing": lambda m: zipped(m[:-1]),
    "no card": lambda m: zipped(m[1:]),
    "no digest": lambda m: zipped([m[0], *m[2:]]),
    "header asks for 373 GiB": lambda m: announcing(
        [("w.npy", header_of("{'descr': '<f4', 'fortran_order': False, 'shape': (10**11,), }"))],
        "w",
        "float32",
        (1,),
    ),
    "header of a million brackets": lambda m: announcing(
        [("w.npy", header_of("(" * 1_000_000))], "w", "float32", (1,)
    ),
    "header calls a function": lambda m: announcing(
        [("w.npy", header_of("__import__('os').abort()"))], "w", "float32", (1,)
    ),
    "object array": lambda m: announcing(
        [("w.npy", header_of("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"))],
        "w",
        "float32",
        (1,),
    ),
    "card announces 400 GB": lambda m: announcing(
        [("w.npy", npy(np.zeros(1, np.float32)))], "w", "float32", (10**11,)
    ),
    "card announces an astronomical shape": lambda m: announcing(
        [("w.npy", npy(np.zeros(1, np.float32)))], "w", "float32", (2**29,) * 8
    ),
    "card announces a negative shape": lambda m: announcing(
        [("w.npy", npy(np.zeros(1, np.float32)))], "w", "float32", (-1,)
    ),
    "card announces objects": lambda m: announcing(
        [("w.npy", npy(np.zeros(1, np.float32)))], "w", "object", (1,)
    ),
    "card announces a path": lambda m: announcing(
        [("../w.npy", npy(np.zeros(1, np.float32)))], "../w", "float32", (1,)
    ),
    "card takes its own name": lambda m: announcing([], "card", "uint8", (1,)),
    "deep JSON": lambda m: zipped(text_member(b"[" * 200_000)),
    "huge JSON": lambda m: zipped(text_member(b'"' + b"x" * 3_000_000 + b'"')),
    "huge number in JSON": lambda m: zipped(text_member(b"9" * 200_000)),
    "JSON that is a number": lambda m: zipped(text_member(b"1e999")),
    "NaN in JSON": lambda m: zipped(text_member(b'{"format": NaN}')),
    "a key twice in JSON": lambda m: zipped(text_member(b'{"format": 1, "format": 2}')),
    "no UTF-8": lambda m: zipped(text_member(b"\xff\xfe{}")),
    "60,000 members": lambda m: zipped([(f"{k}.npy", b"") for k in range(60_000)]),
    "directory promises 65,535 members": lambda m: patched_end(m, 10, 65_535, "<H"),
    "directory of four gigabytes": lambda m: patched_end(m, 12, 2**32 - 1, "<L"),
    "directory elsewhere": lambda m: patched_end(m, 16, 0, "<L"),
    "a comment behind": lambda m: patched_end(m, 20, 4, "<H") + b"junk",
    "something before": lambda m: b"PK\x03\x04junk" + zipped(m),
    "encrypted": lambda m: zipped(m).replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    ),
    "a member that overlaps the next": lambda m: zipped(m).replace(
        struct.pack("<L", len(m[-1][1])), struct.pack("<L", len(m[-1][1]) + 64)
    ),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_quickly_and_in_little_memory(
    name: str, tmp_path: Path, card: ModelCard, arrays: dict[str, Array]
) -> None:
    path = tmp_path / "bomb.npz"
    save_model(path, card, arrays)
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    whole = zipped(members)
    path.write_bytes(whole)
    assert load_model(path).card == card, "the builder itself must not be what is refused"

    path.write_bytes(BOMBS[name](members))
    assert path.read_bytes() != whole
    # Timed without the tracing, which takes longer than the refusal.
    began = time.process_time()
    with pytest.raises(ModelFileError, match=r"bomb\.npz"):
        load_model(path)
    assert time.process_time() - began < 0.1
    tracemalloc.start()
    with pytest.raises(ModelFileError):
        load_model(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 32 << 20
    assert [p.name for p in tmp_path.iterdir()] == ["bomb.npz"], "nothing was unpacked"


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "sparse.npz"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.truncate(3 << 30)
    with pytest.raises(ModelFileError, match="too large"):
        load_model(path)


@pytest.mark.parametrize("field", ["dtype", "shape", "bytes"])
def test_an_array_of_the_pickle_must_be_the_announced_one(
    tmp_path: Path, content: Content, field: str
) -> None:
    import pickle

    from digitdesk.storage.pickle_format import write_pickle

    stream = io.BytesIO()
    write_pickle(stream, dataclasses.replace(content, arrays={"w": np.zeros(2, np.float32)}))
    document = pickle.loads(stream.getvalue())
    entry = {
        "dtype": ("float64", (2,), bytes(8)),
        "shape": ("float32", (4,), bytes(8)),
        "bytes": ("float32", (2,), bytes(12)),
    }[field]
    document["arrays"]["w"] = entry
    path = tmp_path / "m.pkl"
    with path.open("wb") as file:
        pickler = pickle.Pickler(file, 3)
        pickler.fast = True
        pickler.dump(document)
    with pytest.raises(ModelFileError, match="not stored as announced"):
        load_model(path)
