"""Reads handwriting as it was written: DigitDesk's stroke files and UNIPEN text.

Both strictly, and with limits on size.
"""

from __future__ import annotations

import io
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digitdesk.errors import DataError, DigitDeskError
from digitdesk.files.atomic import shortened
from digitdesk.files.bounded_gzip import unpacked
from digitdesk.files.foreign_text import is_web_page
from digitdesk.files.readable_file import size_of
from digitdesk.messages.prediction import Point, Stroke

MAX_FILE_BYTES = 64 * 2**20
_MAX_LISTS = 4_000_000
_MAX_COORDINATE = 1e7
_MAX_POINTS_PER_SAMPLE = 20_000
_MOST_NAME_LETTERS = 100
_FORM = 'a list of {"label": 7, "writer": "w12", "strokes": [[[x, y], ...], ...]}'


@dataclass(frozen=True, slots=True)
class StrokeSample:
    """One written character; x grows to the right and y grows downward, in any unit.

    Attributes:
        label: Which number it is; -1 for what is no number.
        writer: Who wrote it.
        strokes: Its points.
        name: Of its class, where that is no number.
    """

    label: int
    writer: str
    strokes: tuple[Stroke, ...]
    name: str = ""

    @property
    def class_name(self) -> str:
        """What it is, in words."""
        return self.name or str(self.label)


def read_stroke_file(path: Path) -> list[StrokeSample]:
    """Read a stroke file, ``.json`` or ``.json.gz``.

    Args:
        path: The file; the first bytes, not the suffix, decide whether it is compressed.

    Returns:
        The samples in the order of the file.

    Raises:
        DataError: The file is missing, damaged, too large or not in the stroke form.
    """
    return [check_entry(item, path, index) for index, item in enumerate(read_entries(path))]


def read_entries(path: Path) -> list[Any]:
    """The entries of a stroke file, unchecked.

    Raises:
        DataError: The file is missing, damaged, too large or holds no list.
    """
    text = _read_capped(path)
    if text.count(b"[") > _MAX_LISTS:
        raise DataError(
            f"The stroke file {path.name} holds too many points",
            expected=f"at most {_MAX_LISTS:,}",
            hint="Split it into several files",
        )
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        if is_web_page(text[:16]):
            raise DataError(
                f"{path.name} is a web page, not a file of data",
                hint="The address gave a page instead of the file: fetch it again",
            ) from None
        raise DataError(
            f"The stroke file {path.name} is not readable JSON", expected=_FORM, received=str(error)
        ) from error
    if not isinstance(content, list):
        raise _form_error(path, 0, type(content).__name__)
    return content


def read_unipen(path: Path) -> list[StrokeSample]:
    """Read labelled digits from UNIPEN text, plain or ``.gz``, as the UCI pen digits come.

    UNIPEN's y grows upward and is turned over here. In the UCI file, ``.COMMENT label writer
    number`` names the writer.

    Returns:
        The samples in the order of the file.

    Raises:
        DataError: The file is missing, damaged, too large or holds no labelled digits.

    Source:
        Guyon et al., "UNIPEN project of on-line data exchange and recognizer benchmarks" (1994).
    """
    samples: list[StrokeSample] = []
    strokes: list[Stroke] = []
    points: list[Point] = []
    label, writer, pen_is_down = -1, "", False

    def finish_sample() -> None:
        if strokes and label >= 0:
            samples.append(StrokeSample(label, writer, tuple(strokes)))
        strokes.clear()

    # Line by line: a list of all lines would take several times the file's own size.
    lines = io.TextIOWrapper(io.BytesIO(_read_capped(path)), "ascii", "replace")
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words:
            continue
        if words[0] == ".SEGMENT":
            finish_sample()
            label, writer = _segment_label(path, number, words[-1]), ""
        elif words[0] == ".COMMENT":
            writer = words[2] if len(words) > 2 else ""
        elif words[0] == ".PEN_DOWN":
            pen_is_down = True
            points.clear()
        elif words[0] == ".PEN_UP":
            pen_is_down = False
            if points:
                strokes.append(tuple(points))
        elif pen_is_down:
            points.append(_unipen_point(path, number, words))
    finish_sample()
    if not samples:
        raise DataError(
            f"{path.name} holds no handwriting",
            expected='UNIPEN text with .SEGMENT … "7", .PEN_DOWN, points, .PEN_UP',
        )
    return samples


def _read_capped(path: Path) -> bytes:
    """The file's uncompressed bytes, never more than the cap."""
    try:
        size_of(path)
    except DigitDeskError as error:
        raise DataError.about(f"Cannot open {shortened(path.name)}", error) from None
    try:
        with path.open("rb") as plain:
            content = unpacked(plain, path.name).read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise DataError(
            f"The stroke file {path.name} cannot be read", received=str(error)
        ) from error
    if len(content) > MAX_FILE_BYTES:
        raise DataError(
            f"The stroke file {path.name} is too large",
            expected=f"at most {MAX_FILE_BYTES // 2**20} MB uncompressed",
        )
    return content


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _form_error(path: Path, index: int, received: str) -> DataError:
    return DataError(
        f"Entry {index} of the stroke file {path.name} is not in the stroke form",
        expected=_FORM,
        received=received,
    )


def check_entry(item: Any, path: Path, index: int) -> StrokeSample:
    """One entry of a stroke file, once it is seen to be in the stroke form.

    Raises:
        DataError: It is not.
    """
    if not isinstance(item, dict) or not isinstance(item.get("strokes"), list):
        raise _form_error(path, index, type(item).__name__)
    label = item.get("label")
    name = label if isinstance(label, str) and is_class_name(label) else ""
    if name:
        label = -1
    elif isinstance(label, bool) or not isinstance(label, int) or not 0 <= label <= 255:
        raise _form_error(path, index, f"the label {str(label)[:40]}")
    strokes = tuple(_stroke(stroke, path, index) for stroke in item["strokes"])
    if sum(map(len, strokes)) > _MAX_POINTS_PER_SAMPLE:
        raise _form_error(path, index, f"more than {_MAX_POINTS_PER_SAMPLE:,} points")
    writer = item.get("writer", "")
    inked = tuple(stroke for stroke in strokes if stroke)
    return StrokeSample(label, str(writer)[:200], inked, name)


def is_class_name(text: str) -> bool:
    """Whether a text can be the name of a class that is no number."""
    return 0 < len(text) <= _MOST_NAME_LETTERS and text.isprintable() and text.strip() == text


def _stroke(stroke: Any, path: Path, index: int) -> Stroke:
    if not isinstance(stroke, list):
        raise _form_error(path, index, f"a stroke that is {type(stroke).__name__}")
    points = []
    for point in stroke:
        if not isinstance(point, list) or len(point) < 2 or not all(map(_is_number, point[:2])):
            raise _form_error(path, index, f"the point {str(point)[:40]}")
        points.append((float(point[0]), float(point[1])))
    return tuple(points)


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        # No whole number is too large for this comparison, and NaN fails it.
        and abs(value) <= _MAX_COORDINATE
    )


def _segment_label(path: Path, number: int, word: str) -> int:
    text = word.strip('"')
    if not (text.isascii() and text.isdigit() and len(text) == 1):
        raise DataError(
            f"Line {number} of {path.name} is not a labelled digit",
            expected='.SEGMENT … "0" to "9"',
            received=word[:40],
        )
    return int(text)


def _unipen_point(path: Path, number: int, words: list[str]) -> Point:
    try:
        x, y = float(words[0]), float(words[1])
    except (ValueError, IndexError):
        x = y = math.nan
    if not (abs(x) <= _MAX_COORDINATE and abs(y) <= _MAX_COORDINATE):
        raise DataError(
            f"Line {number} of {path.name} is not a point",
            expected="two numbers",
            received=" ".join(words)[:40],
        )
    return (x, -y)
