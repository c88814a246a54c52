"""Export: one page with everything about an exam, or a folder with tables and figures, too."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.evaluate.page import Shown
from digitdesk.ui.i18n.language import system_language
from digitdesk.ui.i18n.text import _, translated
from digitdesk.ui.i18n.widgets import translate_menu
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tooltip import explain

_PAGE = ".html"


class ExportButton(theme.Menubutton):
    """A button with a list of what can be written.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
    """

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, text=_("Export"))
        theme.look(self, theme.TOOL)
        explain(
            self,
            _("Writes a report: one page that opens in any browser, or a folder with the tables "
              "(CSV) and the figures (SVG), too."),
        )  # fmt: skip
        self._services = services
        self._shown: Shown | None = None
        self._job = LatestJob(services.background, services.status.show_error)
        self.menu = tk.Menu(self, tearoff=False)
        self.configure(menu=self.menu)
        self.menu.add_command(command=self._export_page)
        self.menu.add_command(command=self._export_folder)
        translate_menu(self.menu, (_("Report as HTML …"), _("Report, tables and figures …")))

    def offer(self, shown: Shown) -> None:
        """Export what is known of this exam from now on."""
        self._shown = shown

    def _export_page(self) -> None:
        if self._shown is None:
            return
        chosen = self._services.dialogs.export(_PAGE, self._report_name)
        if chosen:
            path = Path(chosen)
            self._write(path if path.suffix == _PAGE else path.with_name(path.name + _PAGE))

    def _export_folder(self) -> None:
        if self._shown is None:
            return
        chosen = self._services.dialogs.export_folder()
        if chosen:
            self._write(Path(chosen) / self._report_name)

    @property
    def _report_name(self) -> str:
        assert self._shown is not None
        exam = self._shown.exam
        return "-".join((Path(exam.model_key).stem, Path(exam.data.name).stem, exam.made_at[:10]))

    def _write(self, path: Path) -> None:
        shown = self._shown
        if shown is None:
            return
        other = None if shown.other is None else shown.other.key
        # As HTML names a language: with a hyphen.
        language = (self._services.settings.language or system_language()).replace("_", "-")
        self._services.status.say(_("Writing the report …"))
        self._job.ask(
            lambda _job: shown.exams.report(
                shown.exam.key,
                path,
                other,
                say=lambda said: str(translated(said)),
                language=language,
            ),
            self._tell,
        )

    def _tell(self, files: tuple[Path, ...]) -> None:
        self._services.status.say(_("Exported {name}.").format(name=str(files[0])))
