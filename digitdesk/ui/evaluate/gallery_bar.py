"""What is chosen above the gallery: which answers, in which order, and of which cell."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace

from digitdesk.messages.evaluation import CONFIDENT, Evaluation, ItemOrder, ItemSelection
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.i18n.text import Sentence, _, percent
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown

WRONG, CONFIDENT_ERRORS, RIGHT, REFUSED, ANSWERED, EVERY = (
    "wrong", "confident", "right", "refused", "answered", "every"
)  # fmt: skip

_SELECTIONS = {
    WRONG: ItemSelection(is_right=False, order="confidence"),
    CONFIDENT_ERRORS: ItemSelection(is_right=False, confidence_above=CONFIDENT, order="confidence"),
    RIGHT: ItemSelection(is_right=True, order="unsure"),
    REFUSED: ItemSelection(is_refused=True, order="confidence"),
    ANSWERED: ItemSelection(is_refused=False, order="confidence"),
    EVERY: ItemSelection(order="file"),
}


class GalleryBar(theme.Frame):
    """Two lists in a row, and below them what is seen now.

    Args:
        parent: The widget to sit in.
        on_change: Called when something else is to be seen.
        on_all: Called when one cell of the matrix is no longer wanted.
    """

    def __init__(
        self, parent: tk.Misc, on_change: Callable[[], None], on_all: Callable[[], None]
    ) -> None:
        super().__init__(parent)
        self._on_change = on_change
        self._cell: tuple[str | None, str | None] = (None, None)
        self.columnconfigure(0, weight=1)
        gap = px(self, GAP)
        row = WrappingRow(self, apart=GAP)
        row.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.which = ChoiceBox(row, _("Which answers are shown below."), self._on_which, width=22)
        self.order = ChoiceBox(
            row, _("In which order they stand: wrong answers that were given with most confidence "
                   "are the most embarrassing."), on_change, width=18,
        )  # fmt: skip
        self.order.offer(
            {
                "confidence": _("the surest first"),
                "unsure": _("the least sure first"),
                "label": _("class by class"),
                "file": _("as in the file"),
            }
        )
        row.wrap(self.which.widget, self.order.widget)
        self.row = row
        self.summary = theme.Label(self, style="Small.Figures.TLabel", anchor="w", width=1)
        self.summary.grid(row=1, column=0, sticky="ew", pady=(gap // 2, gap // 2))
        self.all_button = theme.Button(self, text=_("Show all cells"), command=on_all)
        theme.look(self.all_button, theme.TOOL)
        explain(self.all_button, _("Shows the pictures of the whole matrix again."))
        self.all_button.grid(row=1, column=1, sticky="e", padx=(gap, 0))
        self.all_button.grid_remove()
        self.offer_for(None)

    @property
    def selection(self) -> ItemSelection:
        """What is to be seen."""
        label, answer = self._cell
        chosen = _SELECTIONS[self.which.chosen]
        if label is not None and label == answer:
            # A cell of the diagonal holds right answers only.
            chosen = _SELECTIONS[RIGHT]
        order: ItemOrder = self.order.chosen  # type: ignore[assignment]
        return replace(chosen, label=label, answer=answer, order=order)

    def offer_for(self, evaluation: Evaluation | None) -> None:
        """Offer what there can be of such an evaluation; pictures of no class have no errors."""
        titles = {
            WRONG: _("Wrong answers"),
            CONFIDENT_ERRORS: _("Wrong, above {share}").format(share=percent(CONFIDENT, 0)),
            RIGHT: _("Right answers"),
            REFUSED: _("Refused: not sure"),
            ANSWERED: _("Answered"),
            EVERY: _("All pictures"),
        }
        has_labels = evaluation is None or evaluation.accuracy is not None
        of_labels = (WRONG, CONFIDENT_ERRORS, RIGHT)
        before = self.which.chosen
        offered = {k: t for k, t in titles.items() if has_labels or k not in of_labels}
        self.which.offer(offered)
        if before not in offered:
            self._choose(next(iter(offered)))

    def show_cell(self, label: str | None, answer: str | None) -> None:
        """Show only the pictures of a cell, a row or a column of the matrix."""
        self._cell = (label, answer)
        if label is not None and label == answer:
            self.order.choose("unsure")
        set_shown(self.all_button, (label, answer) != (None, None))

    def say(self, sentence: Sentence) -> None:
        """Say how many pictures there are to see."""
        self.summary.configure(text=sentence)

    def _on_which(self) -> None:
        self._choose(self.which.chosen)
        self._on_change()

    def _choose(self, which: str) -> None:
        self.which.choose(which)
        self.order.choose(_SELECTIONS[which].order)

    def see(self, which: str) -> None:
        """Have other answers shown, as a choice by hand would."""
        self._choose(which)
        self._on_change()
