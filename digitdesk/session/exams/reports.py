"""Writes the report of an exam: one page, or a folder of it with tables and figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from digitdesk import __version__
from digitdesk.errors import SaveError
from digitdesk.evaluation.pairs import PairedSets
from digitdesk.files.atomic import check_place, make_folder, shortened, write_atomically
from digitdesk.messages.evaluation import EVERY_ITEM, ItemSelection
from digitdesk.report.content import Compared, ReportContent
from digitdesk.report.figures import figures
from digitdesk.report.page import page
from digitdesk.report.svg import alone
from digitdesk.report.tables import as_csv, tables
from digitdesk.report.words import Say, Words
from digitdesk.session.exams.kept_exams import KeptExam

PAGE_SUFFIXES = (".html", ".htm")
_MOST_ERRORS = 60


def check_report_path(path: Path) -> None:
    """Find out whether a report could be written, before anything is read for it.

    Raises:
        SaveError: There is no such folder, writing is not permitted, or the ending is another.
    """
    is_folder = path.is_dir()
    if path.suffix and path.suffix.lower() not in PAGE_SUFFIXES and not is_folder:
        raise SaveError(
            f"Cannot write the report {shortened(path.name)}",
            expected=f"a name ending in {PAGE_SUFFIXES[0]}, or that of a folder",
            received=path.suffix,
        )
    check_place(path / "report.html" if is_folder else path)


def write_report(
    kept: KeptExam, other: KeptExam | None, path: Path, say: Say, language: str
) -> tuple[Path, ...]:
    """Write what is known of an exam.

    Args:
        kept: The exam.
        other: A second one on the same pictures.
        path: A page, ending in ``.html``; without an ending, a folder for page, tables and figures.
        say: Translates a sentence of the report.
        language: Into which language, as HTML names it.

    Returns:
        The files, the page first.

    Raises:
        DataError: The two exams are not on the same pictures.
        SaveError: The disk refuses, or the ending is another.
    """
    check_report_path(path)
    content, word = _content(kept, other), Words(say)
    if path.suffix.lower() in PAGE_SUFFIXES:
        files = [(path, page(content, word, language))]
    else:
        make_folder(path)
        files = [(path / "report.html", page(content, word, language))]
        files += [(path / name, text) for name, text in _parts(kept, content, word)]
    for file, text in files:
        _write(file, text)
    return tuple(file for file, _ in files)


def _write(file: Path, text: str) -> None:
    write_atomically(file, lambda stream: stream.write(text.encode("utf-8")))


def _content(kept: KeptExam, other: KeptExam | None) -> ReportContent:
    errors = kept.evaluated.page(0, _MOST_ERRORS, ItemSelection(is_right=False, order="confidence"))
    compared = None
    if other is not None:
        pair = PairedSets(kept.evaluated, other.evaluated).counts()
        compared = Compared(other.exam, tuple(other.curves.values()), pair)
    return ReportContent(kept.exam, errors.items, kept.known_curves(), __version__, compared)


def _parts(kept: KeptExam, content: ReportContent, word: Words) -> Iterator[tuple[str, str]]:
    items = kept.evaluated.page(0, len(kept.evaluated), EVERY_ITEM).items
    for name, table in tables(content, items):
        yield f"{name}.csv", as_csv(table)
    for name, drawn in figures(content, word):
        yield f"{name}.svg", alone(drawn)
