"""Export: the model as a file for another program, each kind with what it is for."""

from __future__ import annotations

import tkinter as tk
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages.model import Exported, ExportTarget
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.i18n.text import _, core_phrase, joined, size
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tooltip import explain

if TYPE_CHECKING:
    from digitdesk.session.session import Session


class ExportButton(theme.Menubutton):
    """A button with a list of the kinds of files there are.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
    """

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, text=_("Export …"))
        explain(self, _("Writes the model for another program: a web page, ONNX, PyTorch …"))
        self._services = services
        self._session: Session | None = None
        self._key, self._title = "", ""
        self._job = LatestJob(services.background, services.status.show_error)
        # Made anew whenever it opens: what writes the files is loaded by then only.
        self.menu = tk.Menu(self, tearoff=False, postcommand=self._fill)
        self.configure(menu=self.menu)

    def offer(self, session: Session, key: str, title: str) -> None:
        """Export this model from now on."""
        self._session, self._key, self._title = session, key, title

    def _fill(self) -> None:
        self.menu.delete(0, "end")
        if self._session is None:
            return
        for target in self._session.export.export_targets():
            title, purpose = core_phrase(target.title), core_phrase(target.purpose)
            self.menu.add_command(
                label=f"{title} (*{target.suffix}): {purpose} …",
                command=partial(self._export, target),
            )

    def _export(self, target: ExportTarget) -> None:
        session, key = self._session, self._key
        chosen = self._services.dialogs.export(target.suffix, self._title)
        if session is None or not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != target.suffix:
            path = path.with_name(path.name + target.suffix)
        self._services.status.say(_("Exporting {name} …").format(name=path.name))
        self._job.ask(lambda _job: session.export.export_model(key, target.name, path), self._tell)

    def _tell(self, written: Exported) -> None:
        said = _("Exported {name} ({size}).").format(
            name=str(written.paths[0]), size=size(written.size_bytes)
        )
        notes = (_("{note}.").format(note=core_phrase(note)) for note in written.notes)
        self._services.status.say(joined(" ", (said, *notes)))
