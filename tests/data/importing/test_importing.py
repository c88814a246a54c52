"""What people have becomes a set that can be trained on, and what was done to it is said."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from digitdesk.data.idx_files import find_idx_sets
from digitdesk.data.idx_folder import read_idx_set
from digitdesk.data.importing.found import Reading
from digitdesk.data.importing.idx_folder_file import write_idx_folder
from digitdesk.data.importing.imported import Imported
from digitdesk.data.importing.importing import import_source
from digitdesk.data.importing.orientation import TURNED, UPRIGHT
from digitdesk.data.importing.preparing import INVERTED, PREPARED, SCALED
from tests.data.importing.made_sources import (
    ALPHABET,
    digits,
    idx,
    letters,
    mat,
    npz,
    table,
    write_class_folders,
    write_emnist_letters,
    write_idx_set,
)

IMAGES, LABELS = digits()
TEST_IMAGES, TEST_LABELS = digits(20, seed=9)


def imported(source: Path, **options: Any) -> Imported:
    return import_source(source, Reading(), **options)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def check_digits(found: Imported, *, test: bool = False) -> None:
    """The made-up digits as they were, with their names."""
    assert found.class_names == tuple("0123456789")
    assert np.array_equal(found.parts["train"].pictures, IMAGES)
    assert np.array_equal(found.parts["train"].labels, LABELS)
    assert ("test" in found.parts) == test
    if test:
        assert np.array_equal(found.parts["test"].pictures, TEST_IMAGES)
        assert np.array_equal(found.parts["test"].labels, TEST_LABELS)


# --- tables

TABLES: dict[str, Callable[[], str | bytes]] = {
    "as on Kaggle": lambda: table(IMAGES, LABELS),
    "without names": lambda: table(IMAGES, LABELS, header=False),
    "semicolons": lambda: table(IMAGES, LABELS, separator=";"),
    "tabs": lambda: table(IMAGES, LABELS, separator="\t"),
    "label last": lambda: table(IMAGES, LABELS, label_last=True),
    "label last, no names": lambda: table(IMAGES, LABELS, header=False, label_last=True),
    "ends of lines of Windows": lambda: table(IMAGES, LABELS).replace("\n", "\r\n"),
    "a mark of UTF-8": lambda: "\ufeff" + table(IMAGES, LABELS),
    "names in quotes": lambda: (
        '"' + table(IMAGES, LABELS).replace(",", '","').replace("\n", '"\n"').removesuffix('"')
    ),
    "fractions": lambda: table((IMAGES / 255).round(6), LABELS),
    "labels as fractions": lambda: table(IMAGES, [f"{k}.0" for k in LABELS]),
    "numbers as names": lambda: (
        "label," + ",".join(map(str, range(784))) + "\n" + table(IMAGES, LABELS, header=False)
    ),
    "packed": lambda: gzip.compress(table(IMAGES, LABELS).encode()),
}


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_of_digits(kind: str, tmp_path: Path) -> None:
    check_digits(imported(write(tmp_path / "train.csv", TABLES[kind]())))


def test_kaggles_folder_has_its_test_table_left_out(tmp_path: Path) -> None:
    write(tmp_path / "train.csv", table(IMAGES, LABELS))
    write(tmp_path / "test.csv", table(TEST_IMAGES, None))
    write(tmp_path / "sample_submission.csv", "ImageId,Label\n1,0\n")
    found = imported(tmp_path)
    check_digits(found)
    assert "The test table has no labels; it was left out." in found.done


def test_a_folder_with_two_labelled_tables_has_two_parts(tmp_path: Path) -> None:
    write(tmp_path / "mnist_train.csv", table(IMAGES, LABELS))
    write(tmp_path / "mnist_test.csv", table(TEST_IMAGES, TEST_LABELS, header=False))
    check_digits(imported(tmp_path), test=True)


def test_labels_may_be_letters_and_begin_at_1(tmp_path: Path) -> None:
    signs = ["abcdefghij"[k] for k in LABELS]
    found = imported(write(tmp_path / "a.csv", table(IMAGES, signs, header=False)))
    assert found.class_names == tuple("abcdefghij")
    assert np.array_equal(found.parts["train"].labels, LABELS)
    found = imported(write(tmp_path / "b.csv", table(IMAGES, LABELS + 1)))
    assert found.class_names == tuple(map(str, range(1, 11)))
    assert "The labels begin at 1; their names were kept." in found.done


def test_two_hundred_and_fifty_six_classes_are_numbered(tmp_path: Path) -> None:
    images = np.tile(IMAGES, (6, 1, 1))[:256]
    found = imported(write(tmp_path / "a.csv", table(images, np.arange(256))))
    assert len(found.class_names) == 256
    assert found.parts["train"].labels.tolist() == list(range(256))


def test_a_table_without_labels_waits_for_them(tmp_path: Path) -> None:
    found = imported(write(tmp_path / "test.csv", table(IMAGES, None)))
    assert (found.parts["train"].labels == -1).all()
    assert found.class_names == ()


# --- archives of arrays

ONE_HOT = np.eye(10, dtype=np.float32)[LABELS]
COLOR = np.repeat(IMAGES[..., None], 3, axis=3)
ARCHIVES: dict[str, dict[str, Any]] = {
    "Keras": {"x_train": IMAGES, "y_train": LABELS, "x_test": TEST_IMAGES, "y_test": TEST_LABELS},
    "of medicine": {"train_images": IMAGES, "train_labels": LABELS[:, None],
                    "test_images": TEST_IMAGES, "test_labels": TEST_LABELS[:, None]},
    "ours": {"images": IMAGES, "labels": LABELS},
    "without names": {"arr_0": IMAGES, "arr_1": LABELS},
    "flat": {"X": IMAGES.reshape(-1, 784), "y": LABELS},
    "one channel": {"X": IMAGES[..., None], "y": LABELS},
    "channels first": {"X": IMAGES[:, None], "y": LABELS},
    "one-hot": {"X": IMAGES, "y": ONE_HOT},
    "from 0 to 1": {"X": IMAGES.astype(np.float32) / 255, "y": LABELS},
    "from -1 to 1": {"X": IMAGES / 127.5 - 1, "y": LABELS},
    "large numbers": {"X": IMAGES.astype(np.int64), "y": LABELS.astype(np.float64)},
    "16 bits": {"X": IMAGES.astype(np.uint16) * 257, "y": LABELS},
    "number last": {"X": np.moveaxis(IMAGES, 0, -1), "y": LABELS},
}  # fmt: skip


@pytest.mark.parametrize("kind", ARCHIVES)
def test_an_archive_of_arrays(kind: str, tmp_path: Path) -> None:
    source = write(tmp_path / "mnist.npz", npz(**ARCHIVES[kind]))
    check_digits(imported(source), test=kind in ("Keras", "of medicine"))


def test_colors_become_grey_and_it_is_said(tmp_path: Path) -> None:
    found = imported(write(tmp_path / "c.npz", npz(images=COLOR, labels=LABELS)))
    assert np.abs(found.parts["train"].pictures.astype(int) - IMAGES).max() <= 1
    assert "The pictures were in color; they were made grey." in found.done


def test_names_in_an_archive_are_kept(tmp_path: Path) -> None:
    names = np.array([f"digit {k}" for k in range(10)])
    found = imported(
        write(tmp_path / "c.npz", npz(images=IMAGES, labels=LABELS, class_names=names))
    )
    assert found.class_names == tuple(names.tolist())


def test_shades_up_to_sixteen_are_stretched(tmp_path: Path) -> None:
    levels = (IMAGES[:, :24, :24].reshape(-1, 8, 3, 8, 3).mean(axis=(2, 4)) / 16).astype(np.uint8)
    found = imported(write(tmp_path / "o.csv", table(levels, LABELS, header=False)))
    assert found.found_size == (8, 8)
    assert found.parts["train"].pictures.max() == 255
    assert PREPARED in found.done


# --- MATLAB


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("packed", [True, False])
def test_matrices_of_matlab(order: str, packed: bool, tmp_path: Path) -> None:
    variables = {
        "trainX": IMAGES.reshape(-1, 784), "trainY": LABELS[None].astype(np.float64),
        "testX": TEST_IMAGES.reshape(-1, 784), "testY": TEST_LABELS[None].astype(np.float64),
    }  # fmt: skip
    content = mat(variables, packed=packed, order=order)
    check_digits(imported(write(tmp_path / "mnist.mat", content)), test=True)


def test_emnists_structures_of_matlab_are_turned_and_named(tmp_path: Path) -> None:
    images, labels = letters()
    dataset = {
        "train": {"images": images.transpose(0, 2, 1).reshape(-1, 784), "labels": labels[:, None],
                  "writers": np.arange(len(labels), dtype=np.int32)[:, None]},
        "mapping": np.array([[k, 64 + k, 96 + k] for k in range(1, 27)], dtype=np.float64),
    }  # fmt: skip
    found = imported(write(tmp_path / "emnist-letters.mat", mat({"dataset": dataset})))
    assert found.class_names == tuple(ALPHABET)
    assert np.array_equal(found.parts["train"].pictures, images)
    assert TURNED in found.done


# --- IDX


def test_emnist_is_turned_upright_and_has_its_letters(tmp_path: Path) -> None:
    found = imported(write_emnist_letters(tmp_path / "gzip"))
    images, labels = letters()
    assert found.class_names == tuple(ALPHABET)
    assert np.array_equal(found.parts["train"].pictures, images)
    assert np.array_equal(found.parts["train"].labels, labels.astype(int) - 1)
    assert TURNED in found.done
    one_file = tmp_path / "gzip" / "emnist-letters-train-images-idx3-ubyte.gz"
    assert np.array_equal(imported(one_file).parts["train"].pictures, images)


def test_digits_that_lie_are_known_by_their_look(tmp_path: Path) -> None:
    lying = IMAGES.transpose(0, 2, 1)
    found = imported(write(tmp_path / "d.npz", npz(images=lying, labels=LABELS)))
    assert np.array_equal(found.parts["train"].pictures, IMAGES)
    assert TURNED in found.done


def test_emnist_that_stands_already_is_left_so(tmp_path: Path) -> None:
    found = imported(write_idx_set(tmp_path, "emnist-digits", (IMAGES, LABELS)))
    check_digits(found)
    assert UPRIGHT in found.done
    stands = write_idx_set(tmp_path / "l", "emnist-letters", letters())
    assert np.array_equal(imported(stands).parts["train"].pictures, letters()[0])


@pytest.mark.parametrize("kind", ["u1", "i2", "i4", "f4", "f8"])
def test_idx_of_any_kind_of_number(kind: str, tmp_path: Path) -> None:
    write(tmp_path / "train-images-idx3-x", idx(IMAGES, kind))
    write(tmp_path / "train-labels-idx1-x", idx(LABELS, kind))
    check_digits(imported(tmp_path))


def test_the_many_numbers_of_qmnists_labels(tmp_path: Path) -> None:
    extended = np.zeros((len(LABELS), 8), dtype=np.int32)
    extended[:, 0] = LABELS
    extended[:, 2] = np.arange(len(LABELS))
    write(tmp_path / "qmnist-train-images-idx3-ubyte.gz", gzip.compress(idx(IMAGES)))
    write(tmp_path / "qmnist-train-labels-idx2-int.gz", gzip.compress(idx(extended, "i4")))
    check_digits(imported(tmp_path))


def test_idx_of_another_size_and_shape(tmp_path: Path) -> None:
    framed = np.pad(IMAGES, ((0, 0), (6, 6), (6, 6)))
    write(tmp_path / "train-images-idx2-ubyte", idx(framed.reshape(len(framed), -1)))
    write(tmp_path / "train-labels-idx1-ubyte", idx(LABELS))
    found = imported(tmp_path)
    assert found.found_size == (40, 40)
    assert PREPARED in found.done
    difference = np.abs(found.parts["train"].pictures.astype(int) - IMAGES).mean()
    assert difference < 12
    plain = imported(tmp_path, is_plain=True)
    assert SCALED in plain.done
    assert plain.parts["train"].pictures[:, :4].max() == 0  # the wide frame is still there


# --- folders


def test_a_folder_of_scans_for_each_class(tmp_path: Path) -> None:
    names = [f"the {k}" for k in LABELS]
    found = imported(write_class_folders(tmp_path, IMAGES, names))
    assert found.class_names == tuple(f"the {k}" for k in range(10))
    assert {INVERTED, PREPARED} <= set(found.done)
    order = np.argsort(LABELS, kind="stable")
    assert np.array_equal(found.parts["train"].labels, LABELS[order])
    difference = np.abs(found.parts["train"].pictures.astype(int) - IMAGES[order]).mean()
    assert difference < 12


def test_folders_for_training_and_testing(tmp_path: Path) -> None:
    write_class_folders(tmp_path / "train", IMAGES, [str(k) for k in LABELS], dark=False)
    write_class_folders(tmp_path / "test", TEST_IMAGES, [str(k) for k in TEST_LABELS], dark=False)
    found = imported(tmp_path)
    assert len(found.parts["test"].labels) == len(TEST_LABELS)
    assert INVERTED not in found.done


def test_pictures_without_folders_wait_for_labels(tmp_path: Path) -> None:
    write_class_folders(tmp_path / "all", IMAGES[:7], ["x"] * 7)
    found = imported(tmp_path / "all" / "x")
    assert found.parts["train"].labels.tolist() == [-1] * 7


def test_dark_ink_in_arrays_is_turned_over(tmp_path: Path) -> None:
    found = imported(write(tmp_path / "d.npz", npz(images=255 - IMAGES, labels=LABELS)))
    check_digits(found)
    assert INVERTED in found.done


def test_a_picture_without_ink_is_left_out_and_named(tmp_path: Path) -> None:
    framed = np.pad(IMAGES, ((0, 0), (1, 1), (1, 1)))
    framed[4] = 0
    found = imported(write(tmp_path / "a.csv", table(framed, LABELS)))
    assert len(found.parts["train"].labels) == len(LABELS) - 1
    assert "Pictures without ink were left out: 1, the first a.csv, row 6." in found.done


def test_names_of_the_users_own(tmp_path: Path) -> None:
    source = write(tmp_path / "a.csv", table(IMAGES, LABELS))
    own = write(tmp_path / "names.txt", "零\n一\n二\n三\n四\n五\n六\n七\n八\n九\n")
    assert imported(source, names_file=own).class_names == tuple("零一二三四五六七八九")


def test_what_is_written_is_an_ordinary_idx_folder(tmp_path: Path) -> None:
    found = imported(write_emnist_letters(tmp_path / "gzip"))
    out = tmp_path / "sets" / "emnist-letters"
    write_idx_folder(out, found.parts, found.class_names, {"card.json": b"{}"}, Reading())
    assert sorted(path.name for path in out.iterdir()) == [
        "card.json",
        "classes.txt",
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
        "train-images-idx3-ubyte.gz",
        "train-labels-idx1-ubyte.gz",
    ]
    assert not list(out.parent.glob(".*"))
    (files,) = find_idx_sets(out).values()
    read = read_idx_set(files)
    assert read.class_names == tuple(ALPHABET)
    assert np.array_equal(read.train_images, letters()[0])  # turned once, not twice
    assert np.array_equal(read.test_labels, letters(3, seed=2)[1] - 1)
