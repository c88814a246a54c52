"""Which column of a table of pictures is what: the label, a number of the row, and the pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from digitdesk.errors import DataError

_LABELS = frozenset(("label", "labels", "class", "target", "y", "digit", "letter", "character"))
_NUMBERS = frozenset(("id", "index", "imageid", "image_id", "unnamed: 0", "", "usage", "filename"))
_SEPARATORS = (",", ";", "\t")
_MOST_COLUMNS = 1024 * 1024 * 3 + 2


@dataclass(frozen=True, slots=True)
class Columns:
    """The form of a table.

    Attributes:
        separator: Between two columns.
        count: Columns of each row.
        has_header: Whether the first row holds names.
        label: Place of the label; ``None`` where there is none.
        left_out: Places of what is neither label nor pixel.
    """

    separator: bytes
    count: int
    has_header: bool
    label: int | None
    left_out: tuple[int, ...] = ()

    @property
    def pixels(self) -> int:
        """Numbers of each picture."""
        return self.count - (self.label is not None) - len(self.left_out)


def columns_of(lines: Sequence[bytes], source: str) -> Columns:
    """The form of a table, told from its first rows.

    Args:
        lines: The first rows; one at least.
        source: Name of the file, for a sentence.

    Raises:
        DataError: It is no table of pictures.
    """
    text = lines[0].decode("utf-8", "replace")
    separator = max(_SEPARATORS, key=text.count)
    names = [name.strip().strip('"').lower() for name in text.split(separator)]
    if len(names) > _MOST_COLUMNS:
        raise _no_table(source, f"{len(names):,} columns")
    has_header = _are_names(names)
    sep = separator.encode()
    if has_header:
        labels = [k for k, name in enumerate(names) if name in _LABELS]
        out = tuple(k for k, name in enumerate(names) if name in _NUMBERS and k not in labels[:1])
        found = Columns(sep, len(names), True, labels[0] if labels else None, out)
    else:
        found = Columns(sep, len(names), False, _label_place(lines, sep, len(names)))
    if not _is_square(found.pixels):
        raise _no_table(
            source,
            f"{found.pixels:,} pixels a row"
            + ("" if found.label is not None else ", and no column named 'label'"),
        )
    return found


def _are_names(cells: Sequence[str]) -> bool:
    """Whether the first row holds names of columns; a label may be a text, but pixels are none."""
    middle = cells[1:-1]
    texts = sum(not _is_number(cell) for cell in middle)
    if texts * 2 > len(middle):
        return True
    # Names may be the numbers of the pixels: label, 0, 1, 2, ….
    is_counted = list(middle[:3]) in (["0", "1", "2"], ["1", "2", "3"])
    return is_counted and (cells[0] in _LABELS or cells[-1] in _LABELS)


def _label_place(lines: Sequence[bytes], separator: bytes, count: int) -> int | None:
    """Where the label stands in a table without names: what is a text, or varies more."""
    if _is_square(count):
        return None
    rows = [line.split(separator) for line in lines]
    first, last = ({row[k].decode("utf-8", "replace").strip('"') for row in rows} for k in (0, -1))
    for place, cells in ((0, first), (count - 1, last)):
        if not all(map(_is_number, cells)):
            return place
    return count - 1 if len(last) > len(first) else 0


def _is_square(count: int) -> bool:
    """Whether so many numbers are a square picture, in grey or in color."""
    return count >= 16 and any(math.isqrt(count // k) ** 2 * k == count for k in (1, 3))


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _no_table(source: str, received: str) -> DataError:
    return DataError(
        f"{source} is no table of square pictures",
        expected="a column 'label' and 784 pixels (28×28) a row, or another square",
        received=received,
    )
