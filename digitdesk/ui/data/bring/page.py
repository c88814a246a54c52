"""Import: from what people have to a set that can be trained on, and nothing written by halves."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages.own.importing import ImportPreview
from digitdesk.messages.own.pictures import PictureSet
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.data.bring.preview import PreviewPane
from digitdesk.ui.data.bring.source_form import SourceForm
from digitdesk.ui.data.work_line import WorkLine
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, joined
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.pictures.pictures import Pictures


class BringPage(theme.Frame):
    """The form at the left; at the right what would come of it, or what can be imported.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        pictures: Reads and writes.
        on_written: Takes the set that was written.

    Attributes:
        form: What is imported, and how.
        preview: What would come of it.
        line: How far it is read or written, and why not.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        pictures: Pictures,
        on_written: Callable[[PictureSet], None],
    ) -> None:
        super().__init__(parent)
        self._status, self._pictures, self._on_written = services.status, pictures, on_written
        self._read: ImportPreview | None = None
        gap = px(self, GAP)
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        self.form = SourceForm(
            self, services.dialogs,
            on_change=self._look, on_write=self.write, on_discard=self.ask_to_discard,
        )  # fmt: skip
        self.form.grid(row=0, column=0, rowspan=2, sticky="new", padx=(0, 3 * gap))
        self.line = WorkLine(self, services)
        self.line.grid(row=0, column=1, sticky="ew", pady=(0, gap))
        self.preview = PreviewPane(self, services.status, pictures, self._take_facts)
        self.preview.grid(row=1, column=1, sticky="nsew")
        self.kinds = WrappedLabel(self, text=self._said_kinds, anchor="nw")
        self.kinds.grid(row=1, column=1, sticky="nsew")
        self._show_parts()

    # -- what is asked of it

    @property
    def has_labels(self) -> bool:
        """Whether somebody has labelled what is not written yet."""
        return self._read is not None and self.preview.has_labels

    def take(self, path: Path) -> None:
        """Read a file or a folder, and show what would come of it."""
        if self.has_labels:
            self._status.say(_("Write or discard what you have labelled first."))
        else:
            self.form.take(path)

    def write(self) -> None:
        """Write what was read, whole or not at all."""
        read, pictures = self._read, self._pictures
        if read is None or self.line.is_busy:
            return
        name = self.form.name.get().strip()
        self.form.show_state(can_write=False, is_locked=True)
        self.line.ask(
            _("Writing …"),
            lambda job: pictures.write(
                read.key, name=name, progress=job.report, cancelled=job.is_cancelled
            ),
            self._take_written,
            self._show_state,
        )

    def ask_to_discard(self) -> None:
        """Forget what was read; after a question, where somebody has labelled it."""
        if self.has_labels:
            self._status.notice.ask(
                _("Discard the labels you have given?"),
                Choice(_("Discard"), self.discard),
                Choice(_("Keep them"), lambda: None),
            )
        else:
            self.discard()

    def discard(self) -> None:
        """Forget what was read, or is being read."""
        self.line.cancel()
        self._forget()
        self.form.take(None)
        self._show_parts()

    # -- reading

    def _look(self) -> None:
        """Read what is chosen."""
        source, pictures = self.form.source, self._pictures
        if source is None:
            return
        self._forget()
        self._show_parts()
        self.line.ask(
            _("Reading {name} …").format(name=source.path.name),
            lambda job: pictures.look_at(
                source.path, classes=source.classes, is_plain=source.is_plain,
                progress=job.report, cancelled=job.is_cancelled,
            ),
            self._take_read,
        )  # fmt: skip

    def _take_read(self, read: ImportPreview) -> None:
        self._read = read
        if not self.form.name.get().strip():
            self.form.name.set(read.pictures.title)
        self._show_parts()
        self.preview.show(read)

    def _take_facts(self, facts: Sentence) -> None:
        self.line.tell(facts)
        self._show_state()

    def _take_written(self, written: PictureSet) -> None:
        self._status.say(_("Written: {name}.").format(name=written.title))
        self._forget()
        self.form.take(None)
        self._show_parts()
        self._on_written(written)

    def _forget(self) -> None:
        if self._read is not None:
            self._pictures.discard(self._read.key)
            self._read = None

    # -- what is shown

    def _show_parts(self) -> None:
        set_shown(self.preview, self._read is not None)
        set_shown(self.kinds, self._read is None)
        if self._read is None:
            self.line.tell(
                _("Choose a file or a folder, or drop it here: some of its pictures are shown "
                  "before anything is written.")
            )  # fmt: skip
        self._show_state()

    def _show_state(self) -> None:
        can_write = self._read is not None and self.preview.is_complete
        self.form.show_state(can_write=can_write, is_locked=self.has_labels)

    @property
    def _said_kinds(self) -> Sentence:
        """What can be imported."""
        lines: list[Sentence] = [_("What can be imported:")]
        for kind in self._pictures.kinds():
            said = joined(": ", (core_phrase(kind.title), core_phrase(kind.sentence)))
            lines.append(said)
        return joined("\n\n", lines)
