"""Stroke files: what is read, and the sentence for each way a file can be wrong."""

from __future__ import annotations

import gzip
import json

import pytest

from digitdesk.errors import DataError
from digitdesk.ink.stroke_file import read_stroke_file, read_unipen

GOOD = [{"label": 7, "writer": "w", "strokes": [[[0, 1], [2.5, 3]], [[4, 4]]]}]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_reads_plain_and_compressed(tmp_path, pack):
    path = tmp_path / "strokes.dat"
    path.write_bytes(pack(json.dumps(GOOD).encode()))
    (sample,) = read_stroke_file(path)
    assert (sample.label, sample.writer) == (7, "w")
    assert sample.strokes == (((0.0, 1.0), (2.5, 3.0)), ((4.0, 4.0),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "[1]",
        '[{"label": 1}]',
        '[{"label": true, "strokes": []}]',
        '[{"label": -1, "strokes": []}]',
        '[{"label": 1, "strokes": [[1]]}]',
        '[{"label": 1, "strokes": [[[1]]]}]',
        '[{"label": 1, "strokes": [[[NaN, 1]]]}]',
        '[{"label": 1, "strokes": [[["1", 1]]]}]',
        '[{"label": 1, "strokes": [[[1e300, 1]]]}]',
        "[" * 100_000,
    ],
)
def test_wrong_form_is_one_sentence(tmp_path, text):
    path = tmp_path / "wrong.json"
    path.write_text(text)
    with pytest.raises(DataError, match=r"wrong\.json"):
        read_stroke_file(path)


def test_missing_and_truncated(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_stroke_file(tmp_path / "none.json")
    path = tmp_path / "cut.json.gz"
    path.write_bytes(gzip.compress(json.dumps(GOOD * 50).encode())[:-20])
    with pytest.raises(DataError, match=r"cut\.json\.gz"):
        read_stroke_file(path)


def test_a_small_file_that_unpacks_to_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("digitdesk.ink.stroke_file.MAX_FILE_BYTES", 1_000_000)
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(bytes(5_000_000)))
    with pytest.raises(DataError, match="too large"):
        read_stroke_file(path)


UNIPEN = """.LEXICON "0" "1"
.SEGMENT DIGIT 0 ? "8"
.COMMENT 8 12 224
.PEN_DOWN
 267 333
 267 336
.PEN_UP
.DT 100
.PEN_DOWN
 10 20
.PEN_UP
.SEGMENT DIGIT 1 ? "2"
.PEN_DOWN
 1 2
.PEN_UP
"""


def test_unipen_grows_downward_and_names_the_writer(tmp_path):
    path = tmp_path / "digits.tra"
    path.write_text(UNIPEN)
    first, second = read_unipen(path)
    assert (first.label, first.writer, second.label, second.writer) == (8, "12", 2, "")
    assert first.strokes == (((267.0, -333.0), (267.0, -336.0)), ((10.0, -20.0),))


@pytest.mark.parametrize(
    "text", ["", "hello", UNIPEN.replace("267 333", "x"), UNIPEN.replace('"8"', '"A"')]
)
def test_wrong_unipen(tmp_path, text):
    path = tmp_path / "wrong.tra"
    path.write_text(text)
    with pytest.raises(DataError, match=r"wrong\.tra"):
        read_unipen(path)


def test_a_number_of_four_hundred_digits_is_a_sentence(tmp_path):
    path = tmp_path / "huge.json"
    path.write_text(json.dumps(GOOD).replace("2.5", "1" + "0" * 400))
    with pytest.raises(DataError, match="is not in the stroke form"):
        read_stroke_file(path)


def test_what_a_file_holds_cannot_break_the_sentence_about_it(tmp_path):
    path = tmp_path / "wrong.tra"
    path.write_bytes(UNIPEN.replace("267 333", "2\x1b[2J\x07 3").encode())
    with pytest.raises(DataError, match="is not a point") as caught:
        read_unipen(path)
    assert caught.value.sentence.isprintable()
    assert str(caught.value).isprintable()
