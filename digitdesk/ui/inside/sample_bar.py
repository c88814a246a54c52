"""Pictures of data sets: by number, by class, the next one, the next that is read wrong."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.picture import Picture
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.i18n.text import _, core_phrase, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

if TYPE_CHECKING:
    from digitdesk.messages.inside.preparation import Sample
    from digitdesk.session.jobs import Job
    from digitdesk.session.session import Session

_ANY = ""


class SampleBar(theme.Frame):
    """Chooses a picture of a data set, beside the window: sets are loaded and read through.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Where the pictures come from.
        on_sample: Takes a picture, and what it is.
        on_data: Called when another data set was chosen.

    Attributes:
        sample: The picture that was chosen last.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        session: Session,
        on_sample: Callable[[Picture, str], None],
        on_data: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._services, self._session = services, session
        self._on_sample, self._tell_data = on_sample, on_data
        self._job = LatestJob(services.background, services.status.show_error)
        self._model_key = ""
        self._edits: tuple[Edit, ...] = ()
        self.sample: Sample | None = None
        gap = px(self, GAP / 2)
        self.columnconfigure((0, 1), weight=1, uniform="half")
        self.data = ChoiceBox(
            self, _("The data set whose pictures are looked at."), self._on_data, width=6
        )
        self.data.stretch()
        self.data.widget.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.number = theme.Entry(self, width=6)
        self.number.grid(row=1, column=0, sticky="ew", pady=gap, padx=(0, gap))
        for keys in ("<Return>", "<KP_Enter>"):
            self.number.bind(keys, lambda _event: self._on_number())
        explain(self.number, _("The picture's number; Enter shows it."))
        self.label = ChoiceBox(
            self, _("Of which class the next picture is to be."), lambda: None, width=5
        )
        self.label.stretch()
        self.label.widget.grid(row=1, column=1, sticky="ew", pady=gap)
        self.next_button = theme.Button(self, text=_("Next one"), command=self.show_next)
        theme.look(self.next_button, theme.QUIET)
        explain(self.next_button, _("The next picture of the class that is chosen."))
        self.next_button.grid(row=2, column=0, sticky="ew", padx=(0, gap))
        self.error_button = theme.Button(self, text=_("Next error"), command=self.show_next_error)
        theme.look(self.error_button, theme.QUIET)
        explain(self.error_button, _("The next picture that this network reads wrong."))
        self.error_button.grid(row=2, column=1, sticky="ew")
        self.label.offer({_ANY: _("any class")})
        self._names_job = LatestJob(services.background, services.status.show_error)

    def look_with(
        self, model_key: str, edits: tuple[Edit, ...], class_names: Sequence[str]
    ) -> None:
        """Look for the errors of another network, or among other classes."""
        self._model_key, self._edits = model_key, edits
        self.label.offer({_ANY: _("any class"), **{name: name for name in class_names}})

    def load(self) -> None:
        """Look which data sets there are."""
        session = self._session

        def look() -> dict[str, str]:
            titles = {data.name: data.title for data in session.exams.choices()}
            return {name: titles.get(name, "") or name for name in session.inside.data_sets()}

        self._names_job.ask(lambda _job: look(), self._offer)

    def _offer(self, titles: dict[str, str]) -> None:
        before = self.data.chosen
        self.data.offer({name: core_phrase(title) for name, title in titles.items()})
        if self.data.chosen != before:
            self._tell_data()

    # -- one picture after the other

    def show_next(self) -> None:
        """Show the next picture of the class that is chosen."""
        self._find(None)

    def show_next_error(self) -> None:
        """Show the next one that the network reads wrong."""
        self._find(self._model_key)

    def _find(self, model_key: str | None) -> None:
        data, label, inside = self.data.chosen, self.label.chosen or None, self._session.inside
        after, edits = self.sample.index if self.sample else -1, self._edits
        if not data:
            self._services.status.say(_("There is no data set on this computer."))
            return

        def work(job: Job[Sample | None]) -> Sample | None:
            return inside.find(
                data, after, label=label, model_key=model_key, edits=edits,
                progress=job.report, cancelled=job.is_cancelled,
            )  # fmt: skip

        self._job.ask(work, self._take_found)

    def _take_found(self, sample: Sample | None) -> None:
        if sample is None:
            self._services.status.say(_("There is no such picture in this data set."))
            return
        self._take(sample)

    def _take(self, sample: Sample) -> None:
        self.sample = sample
        self.number.delete(0, "end")
        self.number.insert(0, str(sample.index))
        self._services.status.say(
            _("Picture {n} of {total}; it is {label}.").format(
                n=whole(sample.index), total=whole(sample.total), label=sample.label
            )
        )
        self._on_sample(sample.picture, sample.label)

    def _on_number(self) -> None:
        text, data, inside = self.number.get().strip(), self.data.chosen, self._session.inside
        if not text.isdecimal():
            self._services.status.say(_("A picture's number is a whole number from 0 on."))
        elif data:
            self._job.ask(lambda _job: inside.sample(data, int(text)), self._take)

    def _on_data(self) -> None:
        self.sample = None
        self._tell_data()
        self.show_next()
