"""What a first run does not need, folded away: fields made from the table of settings."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages.model import READER, ModelEntry
from digitdesk.ui.controls.setting_fields import SettingFields
from digitdesk.ui.controls.setting_grid import lay_out, offer
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit.background import Background
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import Fold
from digitdesk.ui.train.augmentation_view import AugmentationView

START = "start_from"
#: From the top down, two beside each other; samples of augmentation stand between both parts.
_ABOVE = (
    "schedule", "momentum",
    "loss", "label_smoothing",
    "weight_decay", "clip_norm",
    "l1", "l2",
    "validation_fraction", "augmentation",
)  # fmt: skip
_BELOW = (
    "patience", "average",
    "keep_best",
    START,
    "limit", "threads",
    "test_time_averaging",
)  # fmt: skip


class AdvancedFields(Fold):
    """A fold with the fields.

    Args:
        parent: The widget to sit in.
        fields: Keeps the fields.
        background: Draws the samples of augmentation beside the window.
        on_fold: Called when it was opened or closed.
        when_previewed: Called when there are new samples.

    Attributes:
        preview: The samples of augmentation.
    """

    def __init__(
        self,
        parent: tk.Misc,
        fields: SettingFields,
        background: Background,
        on_fold: Callable[[], None],
        when_previewed: Callable[[], None],
    ) -> None:
        super().__init__(parent, _("Advanced"), on_fold)
        explain(self.button, _("Shows or hides what a first run does not need."))
        self._fields = fields
        self._specs: dict[str, str] = {}
        self.body.columnconfigure((0, 1), weight=1, uniform="half")
        row = lay_out(fields, self.body, _ABOVE, titles=_titles())
        self.preview = AugmentationView(self.body, background, when_new=when_previewed)
        self.preview.grid(row=row, column=0, columnspan=2, sticky="w", pady=(0, px(self, GAP)))
        self.preview.grid_remove()
        lay_out(fields, self.body, _BELOW, first_row=row + 1, titles=_titles())
        box = fields.boxes[START]
        box.bind("<<ComboboxSelected>>", lambda _event: self._on_start_chosen(), add="+")

    def offer_models(self, entries: Sequence[ModelEntry]) -> None:
        """Offer models whose weights a run can begin with."""
        found = [entry for entry in entries if entry.path is not None or entry.key == READER]
        self._specs = {str(entry.path or entry.key): entry.card.spec for entry in found}
        offer(self._fields, START, ["", *self._specs])

    def _on_start_chosen(self) -> None:
        """Take the network of the model, too: only the same layers have a place for its weights."""
        chosen = self._fields.texts[START].get()
        if self._specs.get(chosen):
            self._fields.show("model", self._specs[chosen])
        # Of a long path, its end tells the model.
        self._fields.boxes[START].xview_moveto(1.0)


def _titles() -> dict[str, Sentence]:
    """Where it must be said what an empty field means, or how far a number goes."""
    return {
        "augmentation": _("Augmentation, 0 … 1"),
        "limit": _("Images (empty: all)"),
        "threads": _("Threads (empty: all)"),
    }
