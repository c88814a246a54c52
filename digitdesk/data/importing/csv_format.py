"""Tables of pictures as Kaggle has them: a row a picture, its label and its pixels in columns.

With or without a row of names; read a few thousand rows at a time.
"""

from __future__ import annotations

import codecs
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitdesk.data.idx_files import Split
from digitdesk.data.importing.bounded_file import Measured, opened
from digitdesk.data.importing.csv_columns import Columns, columns_of
from digitdesk.data.importing.found import (
    MOST_BYTES,
    ArrayPictures,
    Found,
    FoundPart,
    Importer,
    Labels,
    Reading,
    is_emnist,
)
from digitdesk.data.importing.greys import as_pictures
from digitdesk.data.importing.labels import as_labels
from digitdesk.errors import DataError

_PIECE_BYTES = 2**22
_LONGEST_ROW = 2**24
_LOOKED_AT = 100
_MOST_FRACTION_BYTES = MOST_BYTES // 4
_ENDINGS = (".csv", ".tsv", ".txt", ".csv.gz")
_TEST = re.compile(r"test|t10k|valid", re.IGNORECASE)


def _takes(source: Path, start: bytes) -> bool:
    if source.is_dir():
        return bool(_tables(source))
    return bool(start) and b"\0" not in start


def _tables(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.name.lower().endswith((".csv", ".csv.gz")))


def _read(source: Path, reading: Reading) -> Found:
    """A table, or those for training and for testing in a folder.

    Raises:
        DataError: A table is damaged or does not hold pictures; the sentence names the row.
    """
    by_part = _files(source)
    parts: dict[Split, FoundPart] = {}
    notes: list[str] = []
    hashes = []
    for part, path in by_part.items():
        table = _read_table(path, reading)
        hashes.append(table.sha256)
        if part == "test" and table.labels is None and "train" in parts:
            # Kaggle keeps the answers to these to itself.
            notes.append("The test table has no labels; it was left out.")
            continue
        greys, done = as_pictures(table.pixels, path.name)
        notes += [note for note in done if note not in notes]
        pictures = ArrayPictures(greys, path.name, 1 + table.has_header)
        parts[part] = FoundPart(pictures, table.labels)
    return Found(
        source.name.split(".")[0],
        "a table (CSV)",
        parts,
        " ".join(hashes),
        is_emnist=any(is_emnist(path.name) for path in by_part.values()),
        notes=tuple(notes),
    )


def _files(source: Path) -> dict[Split, Path]:
    """The tables of a source by part; of a file, the one for testing that lies beside it, too.

    Raises:
        DataError: A folder holds several for the same part.
    """
    if not source.is_dir():
        return {"train": source}
    found: dict[Split, Path] = {}
    for path in _tables(source):
        if "submission" in path.name.lower():
            continue
        part: Split = "test" if _TEST.search(path.name) else "train"
        if part in found:
            raise DataError(
                f"The folder {source.name} holds several tables for the same part",
                expected="one for training, and one with 'test' in its name",
                received=f"{found[part].name}, {path.name}",
                hint="Import one of them by its name",
            )
        found[part] = path
    if "train" not in found:
        return {"train": found["test"]}
    return {part: found[part] for part in sorted(found, reverse=True)}


class _Table:
    """What was read of one file.

    Args:
        has_header: Whether its first row holds names.
    """

    def __init__(self, has_header: bool) -> None:
        self.has_header = has_header
        self.labels: Labels | None = None
        self.pixels: NDArray[np.generic] = np.zeros((0, 0), dtype=np.uint8)
        self.sha256 = ""


def _read_table(path: Path, reading: Reading) -> _Table:
    with opened(path) as (file, size):
        measured = Measured(file, size, reading.progress, reading.stop_if_told)
        pieces = _lines(measured, path.name)
        lines = next(pieces, [])
        if not lines:
            raise DataError(f"{path.name} is empty", expected="a table with a row a picture")
        columns = columns_of(lines[:_LOOKED_AT], path.name)
        table = _Table(columns.has_header)
        rows = _Rows(columns, path.name)
        rows.add(lines[1:] if columns.has_header else lines)
        for lines in pieces:
            rows.add(lines)
    table.labels, table.pixels = rows.labels(), rows.pixels()
    table.sha256 = measured.sha256
    return table


def _lines(file: Measured, source: str) -> Iterator[list[bytes]]:
    """The rows of a file, some thousand at a time; empty ones are left out."""
    left = b""
    is_first = True
    while piece := file.read(_PIECE_BYTES):
        if is_first:
            piece, is_first = piece.removeprefix(codecs.BOM_UTF8), False
        if b"\0" in piece:
            raise DataError(
                f"{source} is no text in UTF-8",
                hint="Save it as UTF-8 text, with commas between the columns",
            )
        *lines, left = (left + piece.replace(b"\r", b"\n")).split(b"\n")
        if len(left) > _LONGEST_ROW:
            raise DataError(f"A row of {source} is too long", expected="a row a picture")
        if lines:
            yield [line for line in lines if line.strip()]
    if left.strip():
        yield [left]


class _Rows:
    """Rows of a table, as numbers, as they come.

    Args:
        columns: The form of the table.
        source: Name of the file, for a sentence.
    """

    def __init__(self, columns: Columns, source: str) -> None:
        self._columns = columns
        self._source = source
        self._count = 0
        self._bytes = 0
        self._labels: list[bytes] = []
        self._pieces: list[NDArray[np.generic]] = []

    def add(self, lines: Sequence[bytes]) -> None:
        """Take some rows more.

        Raises:
            DataError: A row has another number of columns, or a pixel that is no number.
        """
        if not lines:
            return
        if b'"' in lines[0]:
            lines = [line.replace(b'"', b"") for line in lines]
        rows = [self._without_label(line) for line in lines]
        numbers = _numbers(rows, self._columns.separator)
        wanted = self._columns.count - (self._columns.label is not None)
        if numbers is None or numbers.size != wanted * len(rows):
            raise self._wrong(rows, wanted)
        if any(row.count(self._columns.separator) != wanted - 1 for row in rows):
            raise self._wrong(rows, wanted)
        self._keep(numbers.reshape(len(rows), wanted))
        self._count += len(rows)

    def _without_label(self, line: bytes) -> bytes:
        """The row's pixels; its label is noted."""
        place, separator = self._columns.label, self._columns.separator
        if place is None:
            return line
        if place == 0:
            label, _, rest = line.partition(separator)
        elif place == self._columns.count - 1:
            rest, _, label = line.rpartition(separator)
        else:
            cells = line.split(separator)
            label = cells.pop(place) if place < len(cells) else b""
            rest = separator.join(cells)
        self._labels.append(label.strip())
        return rest

    def _keep(self, numbers: NDArray[np.float64]) -> None:
        out = [
            k - (self._columns.label is not None and k > self._columns.label)
            for k in self._columns.left_out
        ]
        pixels = np.delete(numbers, out, axis=1) if out else numbers
        if ((pixels >= 0) & (pixels <= 255)).all() and (pixels == np.rint(pixels)).all():
            piece: NDArray[np.generic] = pixels.astype(np.uint8)
        else:
            # What is too large for a shade is refused once all is read.
            piece = pixels.clip(-1e9, 1e9).astype(np.float32)
        self._bytes += piece.nbytes
        if self._bytes > (MOST_BYTES if piece.dtype == np.uint8 else _MOST_FRACTION_BYTES):
            raise DataError(
                f"{self._source} holds too many pictures",
                expected=f"at most {MOST_BYTES >> 20} MB",
                received=f"more than {self._count:,} rows",
            )
        self._pieces.append(piece)

    def _wrong(self, rows: Sequence[bytes], wanted: int) -> DataError:
        """What is wrong with the first row that is."""
        first = 1 + self._columns.has_header + self._count
        for number, row in enumerate(rows, first):
            cells = row.split(self._columns.separator)
            if len(cells) != wanted:
                more = self._columns.count - wanted
                return DataError(
                    f"Row {number} of {self._source} has another number of columns",
                    expected=f"{self._columns.count:,}",
                    received=f"{len(cells) + more:,}",
                )
            for column, cell in enumerate(cells, 1):
                number_in = _numbers([cell], self._columns.separator)
                if number_in is None or number_in.size != 1:
                    return DataError(
                        f"Row {number} of {self._source} holds something else than numbers",
                        expected="a number in every column of pixels",
                        received=f"{cell.decode('utf-8', 'replace')[:40]!r} in column "
                        f"{column + (self._columns.label == 0)}",
                    )
        return DataError(f"{self._source} is no table of numbers")

    def labels(self) -> Labels | None:
        """The labels of all rows, as numbers where all are."""
        if self._columns.label is None:
            return None
        texts = [label.decode("utf-8", "replace") for label in self._labels]
        if "" in texts:
            row = texts.index("") + 1 + self._columns.has_header
            raise DataError(
                f"Row {row} of {self._source} has no label", expected="one in every row"
            )
        try:
            return as_labels(np.array([float(text) for text in texts]), self._source)
        except (ValueError, DataError):
            return as_labels(np.array([text[:100] for text in texts]), self._source)

    def pixels(self) -> NDArray[np.generic]:
        """(N, D) of all rows.

        Raises:
            DataError: There are none.
        """
        if not self._pieces:
            raise DataError(f"{self._source} holds no pictures", expected="a row a picture")
        return np.concatenate(self._pieces)


def _numbers(rows: Sequence[bytes], separator: bytes) -> NDArray[np.float64] | None:
    """All numbers of some rows, or ``None`` where there is anything else."""
    with warnings.catch_warnings():
        # NumPy only warns where a text ends before the numbers do.
        warnings.simplefilter("error")
        try:
            text = separator.join(rows).decode("ascii")
            numbers = np.fromstring(text, dtype=np.float64, sep=separator.decode())
        except (ValueError, DeprecationWarning, UnicodeDecodeError):
            return None
    return numbers if np.isfinite(numbers).all() else None


CSV = Importer(
    "csv",
    "Table (CSV)",
    "A row a picture: its label and its pixels, as on Kaggle, with or without names of columns.",
    _ENDINGS,
    _takes,
    _read,
)
