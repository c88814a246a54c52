"""IDX files: read when right, one clear sentence for each way to be wrong."""

from __future__ import annotations

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from digitdesk.data.idx import read_idx
from digitdesk.data.idx_files import find_idx_sets
from digitdesk.data.idx_folder import IdxSet, read_idx_set
from digitdesk.errors import DataError


def read_idx_folder(folder: Path) -> IdxSet:
    (files,) = find_idx_sets(folder).values()
    return read_idx_set(files)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_reads_images_and_labels(tmp_path, pack, small):
    path = tmp_path / "images"
    path.write_bytes(pack(small.idx(small.images)))
    content = read_idx(path, dimensions=3)
    np.testing.assert_array_equal(content.array, small.images)
    assert content.array.dtype == np.uint8
    assert content.sha256 == hashlib.sha256(small.idx(small.images)).hexdigest()


def wrong(tmp_path, content, dimensions=3, **keywords):
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_idx(path, dimensions=dimensions, **keywords)
    assert path.name in caught.value.sentence and "\n" not in caught.value.sentence
    return caught.value.sentence


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_what_is_wrong_is_said(tmp_path, pack, small):
    good = small.idx(small.images)
    assert "not an IDX file" in wrong(tmp_path, pack(b"PK\3\4" + good))
    assert "not an IDX file" in wrong(tmp_path, pack(b""))
    assert "wrong magic number" in wrong(tmp_path, pack(b"\0\0\x0d\3" + good[4:]))
    assert "swapped" in wrong(tmp_path, pack(small.idx(small.labels)))
    assert "swapped" in wrong(tmp_path, pack(good), dimensions=1)
    assert "ends too early" in wrong(tmp_path, pack(good[:-1]))
    assert "ends too early" in wrong(tmp_path, pack(good[:9]))
    assert "longer than its header" in wrong(tmp_path, pack(good + b"\0"))
    assert "announces too much" in wrong(tmp_path, pack(good), max_bytes=2000)


def test_a_cut_off_gzip_file(tmp_path, small):
    assert "cut off" in wrong(tmp_path, gzip.compress(small.idx(small.images))[:-9])
    assert "cut off" in wrong(tmp_path, b"\x1f\x8b\x08\0" + bytes(30))


def test_a_header_that_announces_gigabytes_costs_no_memory(tmp_path):
    header = struct.pack(">HBB3I", 0, 8, 3, 1_000_000, 28, 28)
    assert "ends too early" in wrong(tmp_path, gzip.compress(header + bytes(1000)))
    header = struct.pack(">HBB3I", 0, 8, 3, 2**32 - 1, 2**32 - 1, 2**32 - 1)
    assert "announces too much" in wrong(tmp_path, header)


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match=r"none\.gz is missing"):
        read_idx(tmp_path / "none.gz", dimensions=1)


def test_any_idx_folder(tmp_path, small):
    small.write(tmp_path, offset=1, prefix="fashion-")
    content = read_idx_folder(tmp_path)
    assert content.class_names == ("1", "2", "3")
    np.testing.assert_array_equal(content.train_labels, small.labels)
    np.testing.assert_array_equal(content.test_images, small.images)
    (tmp_path / "classes.txt").write_text("shirt\nshoe\n\nbag\n")
    assert read_idx_folder(tmp_path).class_names == ("shirt", "shoe", "bag")
    (tmp_path / "classes.txt").write_text("shirt\nshoe\n")
    with pytest.raises(DataError, match="does not fit the labels"):
        read_idx_folder(tmp_path)


def test_a_folder_without_test_set(tmp_path, small):
    small.write(tmp_path, test=False)
    content = read_idx_folder(tmp_path)
    assert content.test_images.shape == (0, 28, 28) and content.test_labels.shape == (0,)


def test_files_that_do_not_fit(tmp_path, small):
    small.write(tmp_path, images=small.images[:2])
    with pytest.raises(DataError, match="do not belong together"):
        read_idx_folder(tmp_path)
    small.write(tmp_path, images=small.images[:, :20])
    with pytest.raises(DataError, match="wrong size"):
        read_idx_folder(tmp_path)
    (tmp_path / "train-images-idx3-ubyte").unlink()
    with pytest.raises(DataError, match="train images are missing"):
        read_idx_folder(tmp_path)
