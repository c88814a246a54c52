"""One picture large, with every probability, and what can be done with it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digitdesk.messages.exam import ItemDetail
from digitdesk.ui.charts.photos import LargePicture
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.i18n.text import Sentence, _, percent, refusal, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

#: The picture's side, in logical pixels.
_SIDE = 168


@dataclass(frozen=True, slots=True)
class DetailCommands:
    """What can be done with the picture that is shown.

    Attributes:
        put_on_board: Puts it on the board.
        show_next: Shows the next of those in the gallery.
        close: Shows the matrix again.
    """

    put_on_board: Callable[[], None]
    show_next: Callable[[], None]
    close: Callable[[], None]


class DetailView(theme.Frame):
    """Picture and words at the left above, bars at the right, buttons below.

    Args:
        parent: The widget to sit in.
        commands: What its buttons do.
    """

    def __init__(self, parent: tk.Misc, commands: DetailCommands) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self.detail: ItemDetail | None = None
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        self.picture = LargePicture(self, _SIDE)
        self.picture.grid(row=0, column=0, sticky="nw", padx=(0, 2 * gap))
        words = theme.Frame(self)
        words.grid(row=1, column=0, sticky="new", padx=(0, 2 * gap), pady=(gap, 0))
        self.truth = theme.Label(words, style="Muted.TLabel", justify="left")
        self.answer = theme.Label(words, style="Heading.TLabel", justify="left")
        self.note = theme.Label(words, style="Muted.TLabel", justify="left")
        for row, label in enumerate((self.truth, self.answer, self.note)):
            label.configure(wraplength=px(self, _SIDE))
            label.grid(row=row, column=0, sticky="w", pady=(0, gap // 2))
        self.bars = ProbabilityBars(self)
        self.bars.grid(row=0, column=1, rowspan=2, sticky="nsew")
        self.buttons = theme.Frame(self)
        self.buttons.grid(row=2, column=0, columnspan=2, sticky="w", pady=(gap, 0))
        self.next_button = self._button(
            0, _("Next error"), commands.show_next,
            _("Shows the next picture of the gallery large (or an arrow key there)."),
        )  # fmt: skip
        self.board_button = self._button(
            1, _("On the board"), commands.put_on_board,
            _("Puts it on the board, as strokes where it was drawn, and reads it with this model."),
        )  # fmt: skip
        self.close_button = self._button(
            2, _("Back to the matrix"), commands.close, _("Shows the confusion matrix again.")
        )

    def show(self, detail: ItemDetail, class_names: Sequence[str], next_title: Sentence) -> None:
        """Show a picture of an exam with these classes."""
        self.detail = detail
        self.next_button.configure(text=next_title)
        item = detail.item
        self.picture.show(item.picture)
        place = _("Number {n} of the set").format(n=whole(item.index + 1))
        self.truth.configure(
            text=_("It is {name}.").format(name=item.label) if item.label else place
        )
        self.answer.configure(
            text=_("Read as {name}, {share} sure").format(
                name=item.answer, share=percent(item.confidence)
            )
        )
        self.note.configure(text=refusal(item.reason) if item.reason else place)
        self.bars.show(class_names, detail.probabilities)

    def _button(
        self, column: int, title: Sentence, run: Callable[[], None], why: Sentence
    ) -> theme.Button:
        button = explained_button(self.buttons, title, run, why)
        button.grid(row=0, column=column, padx=(px(self, GAP) if column else 0, 0))
        return button
