"""Which pictures of a set are shown, in which order, and whom they are shown to."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages.model import ModelEntry
from digitdesk.messages.own.pictures import UNLABELLED, Order, Part, PictureSet, Selection
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.data.words import count_of, part_title
from digitdesk.ui.i18n.text import Sentence, _, joined, whole
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit.model_names import model_title
from digitdesk.ui.toolkit.theme import GAP

_EVERY, NOBODY = "", ""


class SelectionBar(WrappingRow):
    """Four lists.

    Args:
        parent: The widget to sit in.
        on_change: Called when other pictures are to be seen.
        on_model: Called when another model was chosen.

    Attributes:
        label: The class.
        order: As in the file, or the least likely labels first.
        model: Who is asked.
    """

    def __init__(
        self, parent: tk.Misc, on_change: Callable[[], None], on_model: Callable[[], None]
    ) -> None:
        super().__init__(parent, apart=GAP)
        self._shown: PictureSet | None = None
        self._entries: Sequence[ModelEntry] = ()
        self.part = ChoiceBox(self, _("Which part of the set is shown."), on_change, width=13)
        self.label = ChoiceBox(self, _("Which class is shown."), on_change, width=16)
        self.order = ChoiceBox(
            self,
            _("In which order they stand. Suspicious labels are those that the model finds least "
              "likely: it reads every picture once."),
            on_change, width=18,
        )  # fmt: skip
        self.model = ChoiceBox(
            self, _("The model that says what it takes a picture for."), on_model,
            title=_("Ask"), width=18,
        )  # fmt: skip
        self.order.offer({"file": _("as in the file"), "doubt": _("suspicious labels first")})
        self.wrap(self.part.widget, self.label.widget, self.order.widget, self.model.widget)
        follow_language(self, self._offer)

    @property
    def selection(self) -> Selection:
        """What is to be seen."""
        part: Part | str = self.part.chosen
        order: Order = self.order.chosen  # type: ignore[assignment]
        label = self.label.chosen
        return Selection(part, int(label) if label else None, order)  # type: ignore[arg-type]

    def offer_for(self, shown: PictureSet) -> None:
        """Offer the parts and classes of another set, all of them shown at first."""
        self._shown = shown
        for choice in (self.part, self.label):
            choice.choose("")
        self.order.choose("file")
        self._offer()

    def offer_models(self, entries: Sequence[ModelEntry]) -> None:
        """Offer models to ask."""
        self._entries = entries
        self._offer()

    def _offer(self) -> None:
        self.model.offer(
            {NOBODY: _("nobody"), **{entry.key: model_title(entry) for entry in self._entries}}
        )
        shown = self._shown
        if shown is None:
            return
        parts = [part.part for part in shown.parts]
        self.part.offer({name: part_title(name) for name in (_EVERY, *parts)})
        titles: dict[str, Sentence | str] = {_EVERY: _("all classes")}
        for place, name in enumerate(shown.labels):
            titles[str(place)] = joined("  ·  ", (name, whole(count_of(shown, place))))
        unlabelled = sum(part.unlabelled for part in shown.parts)
        if unlabelled:
            titles[str(UNLABELLED)] = joined("  ·  ", (_("no label"), whole(unlabelled)))
        self.label.offer(titles)
