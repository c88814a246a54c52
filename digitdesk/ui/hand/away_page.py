"""Take away: a person's drawings as files for other programs, and back from another computer."""

from __future__ import annotations

import itertools
import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.hand.page import Around, HandPage
from digitdesk.ui.i18n.text import Sentence, _, plural
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable, set_shown

if TYPE_CHECKING:
    from digitdesk.session.session import Session

Form = Literal["strokes", "idx", "png"]
_LEAST = 448


class AwayPage(HandPage):
    """A row for each form, and one for the way back.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Writes and reads the files.
        around: What may be asked of the tab.

    Attributes:
        buttons: By the form, or ``back``.
    """

    def __init__(
        self, parent: tk.Misc, services: PageServices, session: Session, around: Around
    ) -> None:
        super().__init__(parent, services, session, around)
        self._hand = session.hand
        self._job = LatestJob(services.background, services.status.show_error)
        self._can_take = False
        self.columnconfigure(0, weight=1)
        self.buttons: dict[str, theme.Button] = {}
        self._row(
            "strokes", _("As strokes"), _("Save strokes …"), partial(self.take_away, "strokes"),
            _("One file with every point and its time, as it was written (JSON). DigitDesk reads "
              "it elsewhere, examines on it, and brings it back here."),
        )  # fmt: skip
        self._row(
            "idx", _("As a data set"), _("Save a data set …"), partial(self.take_away, "idx"),
            _("A folder in the form of MNIST (IDX): pictures of 28×28 and their labels, to train "
              "on here or in any other program."),
        )  # fmt: skip
        self._row(
            "png",
            _("As pictures"),
            _("Save pictures …"),
            partial(self.take_away, "png"),
            _("A folder for each class, with a PNG file for each drawing."),
        )
        self._row(
            "back", _("Bring in"), _("Open strokes …"), self.bring_back,
            _("Adds the drawings of a stroke file to those of who writes; what is there already "
              "is left out."),
        )  # fmt: skip
        last = 2 * len(self.buttons)
        self.progress = theme.Progressbar(self, maximum=1.0)
        self.progress.grid(row=last, column=0, sticky="ew", padx=(0, px(self, 2 * GAP)))
        self.cancel_button = theme.Button(self, text=_("Cancel"), command=self._cancel)
        explain(self.cancel_button, _("Writes no more; what is half written is taken away."))
        self.cancel_button.grid(row=last, column=1, sticky="ew")
        note = WrappedLabel(
            self,
            text=_("Nothing leaves this computer by itself. Drawings of exams are not among "
                   "these."),
        )  # fmt: skip
        note.grid(row=last + 1, column=0, columnspan=2, sticky="ew", pady=(px(self, 2 * GAP), 0))
        self._show_state()

    def _row(
        self,
        name: str,
        title: Sentence,
        button_title: Sentence,
        command: Callable[[], None],
        sentence: Sentence,
    ) -> None:
        row, gap = 2 * len(self.buttons), px(self, GAP)
        heading = theme.Label(self, text=title, style="Heading.TLabel")
        heading.grid(row=row, column=0, sticky="w")
        said = WrappedLabel(self, text=sentence)
        said.grid(row=row + 1, column=0, sticky="new", pady=(gap // 2, 3 * gap))
        button = self.buttons[name] = theme.Button(self, text=button_title, command=command)
        button.grid(row=row, column=1, rowspan=2, sticky="new", padx=(2 * gap, 0))
        explain(button, sentence)

    # -- what the tab asks and tells

    def show(self) -> None:
        """Offer what can be taken away of who writes now."""
        person = self._around.person()

        def look(_job: object) -> bool:
            return any(one.writer == person and one.count for one in self._hand.people())

        def take(can_take: bool) -> None:
            self._can_take = can_take
            self._show_state()

        self._services.background(look, take, self._status.show_error)

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        return px(self, _LEAST), self.winfo_reqheight()

    # -- what is done

    def take_away(self, form: Form) -> None:
        """Ask where to, and write."""
        person, dialogs = self._around.person(), self._services.dialogs
        if form == "strokes":
            chosen = dialogs.export(".json", person)
            target = Path(chosen)
        else:
            chosen = dialogs.drawings_folder()
            target = _free(Path(chosen) / f"{person} {form.upper()}")
        if not chosen:
            return
        hand = self._hand
        self._job.ask(
            lambda job: hand.take_away(person, target, form, job.report, job.is_cancelled),
            self._taken, self._moved, self._show_state,
        )  # fmt: skip
        self._show_state()

    def bring_back(self) -> None:
        """Ask for a stroke file, and add its drawings."""
        person = self._around.person()
        chosen = self._services.dialogs.strokes_file()
        if not chosen:
            return
        self._job.ask(
            lambda _job: self._hand.bring_back(Path(chosen), person), self._brought,
            when_failed=self._show_state,
        )  # fmt: skip
        self._show_state()

    def _taken(self, path: Path) -> None:
        self._show_state()
        self._status.say(_("Saved {name}.").format(name=path.name))

    def _brought(self, count: int) -> None:
        self._show_state()
        said = plural("{n} new drawing was added.", "{n} new drawings were added.", count)
        self._status.say(said)
        self._around.people_changed()
        self._services.data_changed()
        self.show()

    def _cancel(self) -> None:
        self._job.cancel()
        self._show_state()

    def _moved(self, done: int, total: int) -> None:
        self.progress.configure(value=done / max(1, total))

    def _show_state(self) -> None:
        is_busy = self._job.is_busy
        for name, button in self.buttons.items():
            enable(button, not is_busy and (self._can_take or name == "back"))
        for widget in (self.progress, self.cancel_button):
            set_shown(widget, is_busy)


def _free(folder: Path) -> Path:
    """A folder that is not there yet, with a number where its name is taken."""
    names = (folder.with_name(f"{folder.name} {n}") for n in itertools.count(2))
    return next(path for path in itertools.chain((folder,), names) if not path.exists())
