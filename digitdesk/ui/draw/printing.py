"""Prints what is on a board, with what was read: a page is made, and handed to the system."""

from __future__ import annotations

import datetime
import tkinter as tk
from dataclasses import dataclass
from pathlib import Path

from digitdesk.messages.picture import Picture
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit.desktop import PrintedBy, print_file
from digitdesk.ui.toolkit.page_services import PageServices

_SAID = {
    PrintedBy.PRINTER: _("Sent to the printer."),
    PrintedBy.VIEWER: _("There is no printer here: the page is open, and is in {file}."),
    PrintedBy.NOBODY: _(
        "There is no printer here, nor anything to show the page: it is in {file}."
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What was read, as it is printed.

    Attributes:
        source: Title of the model that read.
        answer: The answer, in large; empty where there is none.
        lines: How sure that is, or why there is none.
        bars: Names with their probabilities, 0 … 1.
    """

    source: str
    answer: str
    lines: tuple[str, ...]
    bars: tuple[tuple[str, float], ...] = ()


class Printing:
    """Prints the board of one page.

    Args:
        owner: The page.
        services: What may be asked of the window.
        name: Of the file that is made, in the folder for what may be lost.
    """

    def __init__(self, owner: tk.Misc, services: PageServices, name: str) -> None:
        self._owner = owner
        self._services = services
        self._file = services.cache / f"{name}.pdf"

    def begin(self, drawing: Picture | None, said: Said) -> None:
        """Print, beside the window."""
        status, file = self._services.status, self._file
        if drawing is None:
            status.say(_("There is nothing to print yet: draw first."))
            return
        status.say(_("Making the page …"))
        self._services.background(
            lambda _job: _print(drawing, said, file), self._say, status.show_error
        )

    def _say(self, by: PrintedBy) -> None:
        said: Sentence = _SAID[by]
        self._services.status.say(said.format(file=self._file))


def _print(drawing: Picture, said: Said, file: Path) -> PrintedBy:
    # Matplotlib takes a while to import, and the window is there before it is needed.
    from digitdesk.ui.charts.paper import Page, write_page

    when = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    foot = f"{said.source} · {when}" if said.source else when
    lines = tuple(filter(None, said.lines))
    write_page(Page(drawing, said.answer, lines, said.bars, foot), file)
    return print_file(file)
