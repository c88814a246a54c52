"""Where a value stands in a text of TOML, for sentences about it."""

from __future__ import annotations

import re

_HEADING = re.compile(r"\s*\[(\[?)\s*([A-Za-z0-9_.\-\s\"']+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*[\"']?([A-Za-z0-9_\-]+)[\"']?\s*(=|\.)")


def line_of(text: str, path: tuple[str | int, ...]) -> int:
    """The line of a value, from 1; that of the table around it where it is not found; 0 for none.

    Args:
        text: TOML, right or wrong.
        path: Names from the outermost table on; after ``rows``, which of them, from 0.
    """
    *above, name = path or ("",)
    best = 0
    table: list[str | int] = []
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _HEADING.match(line)
        if heading:
            table = [part.strip(" \"'") for part in heading[2].split(".")]
            if heading[1]:
                place = counts[heading[2]] = counts.get(heading[2], -1) + 1
                table = [*table, place]
            if table == list(path) or (table == above and above):
                best = number
            continue
        key = _KEY.match(line)
        if key and table == above and key[1] == name:
            return number
        if key and [*table, key[1]] == above:
            best = number  # an inline table
    return best
