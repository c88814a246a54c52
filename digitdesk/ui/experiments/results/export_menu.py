"""Export: the table as CSV, Markdown or LaTeX, the chart as PNG or SVG."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path

from digitdesk.ui.i18n.text import _
from digitdesk.ui.i18n.widgets import translate_menu
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tooltip import explain

_TABLES, _PICTURES = (".csv", ".md", ".tex"), (".png", ".svg")
_NAMES = {".md": "Markdown", ".tex": "LaTeX"}


class ExportButton(theme.Menubutton):
    """A button with a list of what can be written.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        name: Gives the name of the experiment.
        write_table: Writes the table to a path, in the format of its suffix.
        write_chart: Writes the chart, as ``write_table`` does the table.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        *,
        name: Callable[[], str],
        write_table: Callable[[Path], None],
        write_chart: Callable[[Path], None],
    ) -> None:
        super().__init__(parent, text=_("Export"))
        theme.look(self, theme.TOOL)
        explain(
            self,
            _("Writes the table (CSV with every run; Markdown and LaTeX as it is here) or the "
              "chart as a picture."),
        )  # fmt: skip
        self._services, self._name = services, name
        self.menu = tk.Menu(self, tearoff=False)
        self.configure(menu=self.menu)
        for suffix in _TABLES:
            self.menu.add_command(command=partial(self.export, suffix, write_table))
        for suffix in _PICTURES:
            self.menu.add_command(command=partial(self.export, suffix, write_chart))
        tables = [_("Table as {suffix} …").format(suffix=_title(suffix)) for suffix in _TABLES]
        charts = [_("Chart as {suffix} …").format(suffix=_title(suffix)) for suffix in _PICTURES]
        translate_menu(self.menu, (*tables, *charts))

    def offer_chart(self, is_there: bool) -> None:
        """Let the chart be written, or not where there is none."""
        for place in range(len(_TABLES), len(_TABLES) + len(_PICTURES)):
            self.menu.entryconfigure(place, state="normal" if is_there else "disabled")

    def export(self, suffix: str, write: Callable[[Path], None]) -> None:
        """Ask for a path, and write there."""
        chosen = self._services.dialogs.export(suffix, self._name())
        if chosen:
            path = Path(chosen)
            path = path if path.suffix == suffix else path.with_name(path.name + suffix)
            with self._services.status.guarding():
                write(path)
                self._services.status.say(_("Exported {name}.").format(name=path.name))


def _title(suffix: str) -> str:
    return _NAMES.get(suffix, suffix[1:].upper())
