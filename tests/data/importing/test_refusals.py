"""What does not fit is refused in one sentence that names file and row; nothing is written."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitdesk.data.importing.found import Reading
from digitdesk.data.importing.idx_folder_file import write_idx_folder
from digitdesk.data.importing.importing import import_source
from digitdesk.errors import CancelledError, DataError, DigitDeskError
from tests.data.importing.made_sources import digits, idx, mat, npz, table, write_class_folders

IMAGES, LABELS = digits()
ROWS = table(IMAGES, LABELS).splitlines()


def _put(name: str, content: str | bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def _table(change: Callable[[list[str]], None]) -> Callable[[Path], Path]:
    rows = ROWS.copy()
    change(rows)
    return _put("train.csv", "\n".join(rows))


def _cell(rows: list[str], row: int, column: int, text: str) -> None:
    cells = rows[row - 1].split(",")
    cells[column - 1] = text
    rows[row - 1] = ",".join(cells)


def _zip(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _npy(header: bytes) -> bytes:
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header


def _idx_pair(images: bytes, labels: bytes) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        (folder / "train-images-idx3-ubyte").write_bytes(images)
        (folder / "train-labels-idx1-ubyte").write_bytes(labels)
        return folder

    return write


def _folders(change: Callable[[Path], object]) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        write_class_folders(folder, IMAGES[:20], [str(k) for k in LABELS[:20]])
        change(folder)
        return folder

    return write


def _many_classes(folder: Path) -> None:
    for number in range(300):
        (folder / f"class {number}").mkdir()
        Image.new("L", (9, 9), 255).save(folder / f"class {number}" / "0.png")


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    # Tables
    "no label column": (
        _table(lambda rows: _cell(rows, 1, 1, "number")), "no column named 'label'"),
    "a missing column": (
        _table(lambda rows: rows.__setitem__(6, rows[6].rpartition(",")[0])),
        "Row 7 of train.csv has another number of columns; expected 785; received 784"),
    "a column too many": (
        _table(lambda rows: rows.__setitem__(6, rows[6] + ",0")), "Row 7 of train.csv"),
    "no number": (
        _table(lambda rows: _cell(rows, 9, 13, "ink")),
        "Row 9 of train.csv holds something else than numbers; expected a number in every column "
        "of pixels; received 'ink' in column 13"),
    "NaN": (_table(lambda rows: _cell(rows, 9, 13, "nan")), "Row 9 of train.csv"),
    "an empty cell": (_table(lambda rows: _cell(rows, 9, 13, "")), "'' in column 13"),
    "no label in a row": (
        _table(lambda rows: _cell(rows, 9, 1, "")), "Row 9 of train.csv has no label"),
    "no shade": (_table(lambda rows: _cell(rows, 9, 13, "70000.5")), "is no shade"),
    "only names": (_table(lambda rows: rows.__delitem__(slice(1, None))), "holds no pictures"),
    "300 classes in a table": (
        _put("t.csv", table(np.tile(IMAGES, (5, 1, 1)), np.arange(300))),
        "There are too many classes; expected at most 256; received 300"),
    "no squares": (_put("t.csv", "label,a,b\n1,2,3\n"), "is no table of square pictures"),
    "an empty file": (_put("t.csv", ""), "of no form that can be imported"),
    "a text": (_put("t.csv", "Dear reader,\nthis is a letter.\n"), "no table of square pictures"),
    "a web page": (_put("t.csv", "<!doctype html><p>Log in"), "is a web page"),
    "UTF-16": (_put("t.csv", "\n".join(ROWS).encode("utf-16")), "of no form|no text in UTF-8"),
    # Archives
    "a zip of zips": (_put("a.zip", _zip({"b.zip": _zip({"c": b"c"})})), "archive of other files"),
    "a zip of tables": (_put("a.zip", _zip({"train.csv": b"1"})), "Unpack it first"),
    "objects": (
        _put("o.npz", npz(images=np.array([{}, {}], dtype=object), labels=LABELS[:2])),
        "objects that could run code"),
    "a wrong count": (
        _put("w.npz", npz(x_train=IMAGES, y_train=LABELS[:-1])),
        "as many labels as pictures; expected 60 labels; received 59"),
    "no pictures": (_put("n.npz", npz(labels=LABELS)), "holds no pictures"),
    "labels that are fractions": (
        _put("f.npz", npz(images=IMAGES, labels=LABELS + 0.5)), "The label in row 1 of"),
    "labels that are not a number": (
        _put("f.npz", npz(images=IMAGES, labels=np.where(LABELS == 3, np.nan, LABELS))),
        "is no whole number"),
    "no one-hot": (
        _put("h.npz", npz(images=IMAGES, labels=np.ones((60, 10)))), "are no labels"),
    "pixels that are not a number": (
        _put("p.npz", npz(images=np.where(IMAGES > 200, np.nan, IMAGES), labels=LABELS)),
        "is not a number"),
    "pictures of another form": (
        _put("s.npz", npz(images=np.zeros((60, 28, 28, 7)), labels=LABELS)),
        "no form that is known"),
    "flat, and no squares": (
        _put("s.npz", npz(images=np.zeros((60, 785)), labels=LABELS)), "are no squares"),
    "huge, as it says": (
        _put("b.npz", _zip({"images.npy": _npy(
            b"{'descr': '|u1', 'fortran_order': False, 'shape': (99999999, 28, 28)}\n")})),
        "cannot be read as an archive"),
    "a bomb": (_put("b.npz", _zip({"images.npy": bytes(2**26)})), "far more than pictures do"),
    "cut off": (_put("c.npz", npz(images=IMAGES, labels=LABELS)[:-900]), "does not hold pictures"),
    "300 classes in an archive": (
        _put("m.npz", npz(images=np.tile(IMAGES, (5, 1, 1)), labels=np.arange(300))),
        "There are too many classes"),
    "a class that only the test part has": (
        _put("t.npz", npz(x_train=IMAGES[LABELS != 4], y_train=LABELS[LABELS != 4], x_test=IMAGES,
                          y_test=LABELS)),
        "no picture to learn from; expected training pictures of every class; received none of 4"),
    # MATLAB
    "MATLAB 7.3": (_put("m.mat", b"\x89HDF\r\n\x1a\n" + bytes(600)), "Save it in MATLAB with -v7"),
    "MATLAB, cut off": (
        _put("m.mat", mat({"X": IMAGES, "y": LABELS}, packed=False)[:-99]), "m.mat is damaged"),
    "MATLAB, another length": (
        _put("m.mat", mat({"X": IMAGES, "y": LABELS}, packed=False).replace(
            np.int32(60).tobytes() + np.int32(28).tobytes(),
            np.int32(60000).tobytes() + np.int32(28).tobytes(), 1)),
        "another length than its shape"),
    "MATLAB structure without names": (
        _put("m.mat", mat({"set": {"X": IMAGES, "y": LABELS}}, packed=False).replace(
            b"\5\0\4\0\x20\0\0\0", b"\5" + bytes(7))), "a structure without names"),
    "MATLAB without pictures": (_put("m.mat", mat({"t": ["a text"]})), "holds no pictures"),
    # IDX
    "labels that are missing a few": (
        _idx_pair(idx(IMAGES), idx(LABELS[:-3])), "expected 60 labels; received 57"),
    "IDX, cut off": (
        _idx_pair(idx(IMAGES)[:-1], idx(LABELS)), "is not as long as its header says"),
    "IDX, longer": (_idx_pair(idx(IMAGES) + b"x", idx(LABELS)), "received more"),
    "IDX that announces too much": (
        _idx_pair(b"\0\0\x08\x03" + b"\x7f\xff\xff\xff" * 3, idx(LABELS)), "announces too much"),
    "a bomb in gzip": (
        _put("train-images-idx3-ubyte.gz",
             gzip.compress(b"\0\0\x08\x03\x00\x0f\x00\x00\0\0\0\x1c\0\0\0\x1c" + bytes(2**28))),
        "unpacks to far more"),
    "two sets": (
        _folders(lambda folder: [
            (folder / f"{name}-train-images-idx3-ubyte").write_bytes(b"") for name in "ab"]),
        "holds 2 data sets"),
    "only labels": (
        _put("train-labels-idx1-ubyte", idx(LABELS)), "has labels, but no pictures"),
    # Folders
    "an empty class": (
        _folders(lambda folder: (folder / "eleven").mkdir()),
        "The folder eleven in .* holds no pictures"),
    "300 folders": (_folders(_many_classes), "too many classes"),
    "no picture": (
        _folders(lambda folder: (folder / "3" / "bad.png").write_bytes(b"no picture")),
        "3/bad.png"),
    "an empty folder": (lambda folder: folder, "holds no pictures, or too many"),
    "no such file": (lambda folder: folder / "nothing.csv", "there is no such file"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_it_is_refused_in_one_sentence(kind: str, tmp_path: Path) -> None:
    make, sentence = REFUSED[kind]
    source = make(tmp_path)
    with pytest.raises(DataError, match=sentence) as caught:
        import_source(source, Reading())
    assert caught.value.sentence.isprintable()
    assert len(caught.value.sentence) < 500


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("a\nb\n", "names.txt does not fit the labels; expected 10 names"),
        ("\n".join("abcdefghijk"), "a class without a picture cannot be; received 11"),
        ("\n".join("aacdefghij"), "gives two classes the same name"),
        ("", "holds no names of classes"),
    ],
)
def test_names_that_do_not_fit_are_refused(names: str, sentence: str, tmp_path: Path) -> None:
    own = _put("names.txt", names)(tmp_path)
    source = _put("train.csv", "\n".join(ROWS))(tmp_path)
    with pytest.raises(DataError, match=sentence):
        import_source(source, Reading(), names_file=own)


def test_nothing_is_written_by_halves(tmp_path: Path) -> None:
    found = import_source(_put("train.csv", "\n".join(ROWS))(tmp_path), Reading())
    out = tmp_path / "sets" / "mine"
    calls = []

    def stop() -> None:
        calls.append(1)
        raise CancelledError("The work was cancelled")

    with pytest.raises(CancelledError):
        write_idx_folder(out, found.parts, found.class_names, {}, Reading(stop_if_told=stop))
    assert calls
    assert list(out.parent.iterdir()) == []


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    found = import_source(_put("train.csv", "\n".join(ROWS))(tmp_path), Reading())
    with pytest.raises(DigitDeskError, match="is there already"):
        write_idx_folder(tmp_path, found.parts, found.class_names, {}, Reading())
    assert [path.name for path in tmp_path.iterdir()] == ["train.csv"]
