"""Tables to take along: every run as CSV, the rows as Markdown and LaTeX."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from digitdesk.errors import SaveError
from digitdesk.experiments.folder import TrialRecord
from digitdesk.experiments.plans.rows import differing
from digitdesk.files.atomic import write_atomically
from digitdesk.messages.experiments.plan import Row
from digitdesk.messages.experiments.results import (
    MEASURES,
    ResultTable,
    RowResult,
    seconds_number,
)
from digitdesk.messages.setting import Value
from digitdesk.messages.setting_table import SETTINGS

FORMATS = ("csv", "md", "tex")


def runs_csv(rows: Sequence[Row], records: Iterable[TrialRecord]) -> str:
    """Every run that is over, one a line."""
    names = differing(rows)
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    last = [measure for measure in MEASURES if measure not in ("test_accuracy", "seconds")]
    write(["run", "row", "seed", *names, "state", "epochs", "best_epoch", "test_accuracy", *last,
           "seconds", "parameters", "reason"])  # fmt: skip
    for record in sorted(records, key=lambda record: record.number):
        values, judged = dict(rows[record.row - 1]), record.judged
        write([
            record.number, record.row, record.seed, *(_plain(values.get(name)) for name in names),
            record.state, len(record.epochs), record.best_epoch or "",
            _plain(record.test_accuracy), *(_plain(getattr(judged, m, None)) for m in last),
            f"{record.seconds:.3f}", record.parameter_count,
            record.problem.sentence if record.problem else "",
        ])  # fmt: skip
    return text.getvalue()


def rows_markdown(table: ResultTable) -> str:
    """The rows as a table of Markdown; the best is bold."""
    heading = _heading(table)
    lines = ["| " + " | ".join(heading) + " |", "|" + " --- |" * len(heading)]
    for row in table.rows:
        cells = [_escaped(cell, _markdown_sign) for cell in _cells(table, row)]
        lines.append("| " + " | ".join(_bold(cells, row, "**{}**")) + " |")
    return "\n".join([*lines, "", _footnote(table), ""])


def rows_latex(table: ResultTable) -> str:
    """The rows as a tabular of LaTeX with the rules of the package booktabs; the best is bold."""
    heading = [_escaped(cell, _latex_sign) for cell in _heading(table)]
    columns = "l" * len(table.columns) + "r" * (len(heading) - len(table.columns))
    lines = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", " & ".join(heading) + r" \\"]
    lines.append(r"\midrule")
    for row in table.rows:
        cells = [_escaped(cell, _latex_sign) for cell in _cells(table, row)]
        lines.append(" & ".join(_bold(cells, row, r"\textbf{{{}}}")) + r" \\")
    note = _escaped(_footnote(table), _latex_sign)
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", f"% {note}", ""])


def write_text(path: Path, text: str) -> None:
    """Write an export.

    Raises:
        SaveError: The disk refuses.
    """
    write_atomically(path, lambda stream: stream.write(text.encode("utf-8")))


def format_of(path: Path) -> str:
    """The format that the ending of a name stands for.

    Raises:
        SaveError: It stands for none.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise SaveError(
            f"Cannot write {path.name}", expected="a name that ends in .csv, .md or .tex"
        )
    return ending


def _heading(table: ResultTable) -> list[str]:
    names = [SETTINGS[name].title if name in SETTINGS else name for name in table.columns]
    unit = ", %" if table.measure.endswith("accuracy") else ""
    return [*names, f"{table.measure.replace('_', ' ')}{unit}", "runs", "seconds", "p"]


def _cells(table: ResultTable, row: RowResult) -> list[str]:
    values = dict(row.values)
    names = [_plain(values.get(name)) for name in table.columns]
    seconds = "" if row.seconds is None else seconds_number(row.seconds)
    return [*names, told(table.measure, row), f"{row.count}/{row.of}", seconds, _chance(row)]


def told(measure: str, row: RowResult) -> str:
    """Mean and deviation as one reads them: ``97.82 ± 0.11``; why there is none where there is."""
    if row.mean is None:
        return "failed" if row.failed else ("ended early" if row.hopeless else "–")
    scale, digits = (100, 2) if measure.endswith("accuracy") else (1, 4)

    def written(value: float) -> str:
        return seconds_number(value) if measure == "seconds" else f"{scale * value:.{digits}f}"

    deviation = "" if row.sd is None else f" ± {written(row.sd)}"
    return f"{written(row.mean)}{deviation}"


def _chance(row: RowResult) -> str:
    if row.is_base:
        return "base"
    if row.p is None:
        return ""
    sign = {"better": " ▲", "worse": " ▼"}.get(row.verdict, "")
    return ("< 0.001" if row.p < 0.001 else f"{row.p:.3f}") + sign


def _footnote(table: ResultTable) -> str:
    return (
        "Mean ± standard deviation over seeds; p: Welch's t-test against the base row, "
        f"corrected by Holm for {table.comparisons} comparisons."
    )


def _bold(cells: list[str], row: RowResult, form: str) -> list[str]:
    return [form.format(cell) if row.is_best and cell else cell for cell in cells]


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    return repr(value) if isinstance(value, float) else str(value)


def _escaped(text: str, sign_of: Callable[[str], str]) -> str:
    return "".join(map(sign_of, text.replace("\n", " ")))


def _markdown_sign(sign: str) -> str:
    return f"\\{sign}" if sign in r"\|*_`<>" else sign


_LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "±": r"$\pm$", "–": "--", "▲": r"$\uparrow$", "▼": r"$\downarrow$",
    "<": r"$<$", ">": r"$>$",
} | {sign: f"\\{sign}" for sign in "&%$#_{}"}  # fmt: skip


def _latex_sign(sign: str) -> str:
    return _LATEX.get(sign, sign)
