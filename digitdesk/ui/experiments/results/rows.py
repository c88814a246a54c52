"""The rows of a table of results: what their cells say, their order, and which are wanted."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence

from digitdesk.messages.experiments.results import ResultTable, RowResult
from digitdesk.messages.setting import Value
from digitdesk.ui.experiments.row_table import TableRow, column, setting_column
from digitdesk.ui.experiments.words import (
    column_title,
    mean_and_spread,
    measure_title,
    measured,
    p_value,
    shown_value,
)
from digitdesk.ui.i18n.text import NOTHING, _
from digitdesk.ui.toolkit.widgets import Column

NUMBER, MEAN, P, RUNS, SECONDS = "#", "= mean", "= p", "= runs", "= seconds"
"""Columns beside those of settings, which have no such names."""

_WISH = re.compile(r"(\S+?)(<=|>=|<|>|=)(\S+)")
_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
}


def columns_of(table: ResultTable) -> dict[str, Column]:
    """The columns, from left to right."""
    return {
        NUMBER: column(_("row"), least=40),
        **{
            name: setting_column(name, (dict(row.values).get(name) for row in table.rows))
            for name in table.columns
        },
        MEAN: column(measure_title(table.measure), least=128),
        P: column(_("p"), least=70),
        RUNS: column(_("runs")),
        SECONDS: column(_("time"), least=56),
    }


def table_row(row: RowResult, table: ResultTable) -> TableRow:
    """A row as it is shown."""
    values = dict(row.values)
    mean = mean_and_spread(table.measure, row.mean, row.sd)
    if not row.count and row.failed:
        mean = _("failed")
    cells = (
        str(row.number),
        *(shown_value(name, values.get(name)) for name in table.columns),
        mean,
        _verdict(row),
        f"{row.count}/{row.of}",
        measured("seconds", row.seconds),
    )
    look = "best" if row.is_best else "failed" if row.failed and not row.count else ""
    return TableRow(row.number, cells, look)


def _verdict(row: RowResult) -> str:
    if row.is_base:
        return _("base")
    sign = {"better": "▲ ", "worse": "▼ "}.get(row.verdict, "")
    return sign + p_value(row.p) if row.p is not None else NOTHING


def sorted_rows(rows: Sequence[RowResult], name: str, *, is_rising: bool) -> tuple[RowResult, ...]:
    """Rows in the order of a column; what has no value there comes last either way."""

    def place(row: RowResult) -> tuple[bool, float, str]:
        value = _sortable(row, name)
        if isinstance(value, int | float):
            return (False, float(value), "")
        return (True, 0.0, str(value))

    known = [row for row in rows if _sortable(row, name) is not None]
    lost = [row for row in rows if _sortable(row, name) is None]
    return (*sorted(known, key=place, reverse=not is_rising), *lost)


def _sortable(row: RowResult, name: str) -> Value:
    match name:
        case "#":
            return row.number
        case "= mean":
            return row.mean
        case "= p":
            return row.p
        case "= runs":
            return row.count
        case "= seconds":
            return row.seconds
    return dict(row.values).get(name)


def wanted_rows(rows: Sequence[RowResult], table: ResultTable, text: str) -> tuple[RowResult, ...]:
    """Those that have every word of a text: ``adam``, ``units>100``, ``batch_size=64``."""
    words = text.casefold().split()
    return tuple(row for row in rows if all(_has(row, table, word) for word in words))


def _has(row: RowResult, table: ResultTable, word: str) -> bool:
    match = _WISH.fullmatch(word)
    if match is not None:
        name, sign, wanted = match.groups()
        for column in table.columns:
            if name in (column.casefold(), column_title(column).casefold().replace(" ", "_")):
                return _compares(dict(row.values).get(column), sign, wanted, column)
    return any(word in cell.casefold() for cell in table_row(row, table).cells)


def _compares(value: Value, sign: str, wanted: str, column: str) -> bool:
    try:
        number, limit = float(value or 0), float(wanted)
    except ValueError:
        return sign == "=" and shown_value(column, value).casefold() == wanted
    return _OPERATORS[sign](number, limit) or (sign == "=" and math.isclose(number, limit))
