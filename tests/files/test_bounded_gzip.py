"""Gzip files: what Python's own reader would give, bombs and endless parts refused."""

from __future__ import annotations

import gzip
import io
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitdesk.errors import DataError
from digitdesk.files.bounded_gzip import GzipReader, unpacked


def opened(raw: bytes) -> GzipReader:
    return GzipReader(io.BytesIO(raw), "x.gz")


@settings(deadline=None)
@given(
    parts=st.lists(st.binary(max_size=5000), min_size=1, max_size=4),
    sizes=st.lists(st.integers(1, 3000), min_size=1, max_size=5),
    padding=st.integers(0, 40),
)
def test_what_was_packed_comes_back_in_any_pieces(
    parts: list[bytes], sizes: list[int], padding: int
) -> None:
    reader = opened(b"".join(map(gzip.compress, parts)) + bytes(padding))
    whole = b"".join(parts)
    place = 0
    while place < len(whole):
        for size in sizes:
            assert reader.read(size) == whole[place : place + size]
            place += size
    assert reader.read(1) == b""


def test_every_shortened_file_is_refused() -> None:
    raw = gzip.compress(bytes(range(256)) * 300)
    for length in range(2, len(raw)):
        with pytest.raises(DataError, match=r"x\.gz is cut off or damaged"):
            opened(raw[:length]).read(100_000)


@pytest.mark.parametrize("place", [-1, -5, 12, 3])
def test_a_changed_byte_is_noticed(place: int) -> None:
    raw = bytearray(gzip.compress(b"some strokes" * 10))
    raw[place] ^= 0xE0
    with pytest.raises(DataError, match="cut off or damaged"):
        opened(bytes(raw)).read(1000)


def test_what_follows_the_end_is_no_part_of_it() -> None:
    with pytest.raises(DataError, match="cut off or damaged"):
        opened(gzip.compress(b"x") + b"junk").read(10)


def test_blank_pictures_may_pack_well_but_not_without_bound() -> None:
    assert len(opened(gzip.compress(bytes(8 << 20))).read(9 << 20)) == 8 << 20
    with pytest.raises(DataError, match="unpacks to far more than such files hold"):
        opened(gzip.compress(bytes(10 << 20))).read(10 << 20)


def test_a_million_empty_parts_are_not_read_to_their_end() -> None:
    raw = gzip.compress(b"") * 300_000
    began = time.process_time()
    with pytest.raises(DataError, match="more than 10,000 parts"):
        opened(raw).read(1)
    assert time.process_time() - began < 0.5


def test_only_gzip_is_gzip() -> None:
    with pytest.raises(DataError):
        opened(zlib.compress(b"x")).read(1)


def test_the_first_bytes_say_whether_there_is_something_to_unpack() -> None:
    for raw in (b"ink", gzip.compress(b"ink")):
        assert unpacked(io.BytesIO(raw), "x").read(9) == b"ink"
    assert unpacked(io.BytesIO(b""), "x").read(9) == b""
