"""Photos in folders and zip files: found, labelled, and refused with a sentence."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from PIL import Image, ImageDraw

from digitdesk.data.photos import find_photos
from digitdesk.errors import DataError
from digitdesk.evaluation.labelled_sets import labelled_photos


def photo(slant: int = 0) -> bytes:
    picture = Image.new("L", (80, 100), 240)
    ImageDraw.Draw(picture).line((40 + slant, 15, 40 - slant, 85), fill=40, width=6)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


CONTENT = {"1/b.png": photo(), "1/a.png": photo(5), "7/x.PNG": photo(15), "7/notes.txt": b"no"}


def write_folder(path, content):
    for name, data in content.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def write_zip(path, content):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


@pytest.fixture(params=["folder", "zip"])
def write(request, tmp_path):
    """Writes the same content as a folder or as a zip file."""
    if request.param == "folder":
        return lambda content: write_folder(tmp_path / "photos", content)
    return lambda content: write_zip(tmp_path / "photos.zip", content)


def test_the_folder_within_is_the_label(write):
    path = write(CONTENT)
    assert find_photos(path).labels == ("1", "1", "7")
    labelled = labelled_photos(path)
    assert labelled.labels.tolist() == [1, 1, 7]
    pictures = labelled.preprocessed(slice(0, 3))
    assert pictures.shape == (3, 28, 28) and (pictures.sum(axis=(1, 2)) > 20).all()
    assert not np.array_equal(pictures[0], pictures[1])


def test_or_the_first_digit_of_the_name(write):
    assert find_photos(write({"scan-4-12.jpg": b"", "IMG_9.png": b""})).labels == ("9", "4")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"notes.txt": b"x"}, "holds no pictures"),
        ({"seven.png": b"x"}, "Nothing says which digit seven.png shows"),
    ],
)
def test_what_is_refused(write, content, sentence):
    with pytest.raises(DataError, match=sentence):
        find_photos(write(content))


def test_what_is_no_zip_file(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK no archive at all, only some bytes")
    with pytest.raises(DataError, match="no zip file"):
        find_photos(tmp_path / "a.zip")
    with pytest.raises(DataError, match="Cannot read the pictures"):
        find_photos(tmp_path / "missing")


def test_a_damaged_member_is_named(tmp_path):
    path = write_zip(tmp_path / "a.zip", CONTENT)
    content = path.read_bytes()
    path.write_bytes(content[:60] + bytes(80) + content[140:])
    with pytest.raises(DataError, match=r"1/b\.png in a\.zip is damaged"):
        labelled_photos(path).preprocessed(slice(0, 3))
