"""One picture large, what it is said to show, and what a model says of it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass

from digitdesk.messages.own.pictures import SeenPicture
from digitdesk.messages.prediction import Prediction
from digitdesk.ui.charts.photos import LargePicture
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.data.words import number_of
from digitdesk.ui.i18n.text import Sentence, _, percent
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import set_shown

#: Side of the picture, and the width of all, in logical pixels.
_SIDE, _WIDTH = 168, 232


@dataclass(frozen=True, slots=True)
class DetailCommands:
    """What can be done with the picture that is shown."""

    put_on_board: Callable[[], None]
    look_inside: Callable[[], None]


class PictureDetail(theme.Frame):
    """Picture above, words and a model's answer below it, buttons at the foot.

    Args:
        parent: The widget to sit in.
        commands: What its buttons do.

    Attributes:
        seen: The picture that is shown; ``None`` at first.
        bars: How probable a model finds each class.
    """

    def __init__(self, parent: tk.Misc, commands: DetailCommands) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self.seen: SeenPicture | None = None
        self.columnconfigure(0, weight=1, minsize=px(self, _WIDTH))
        self.rowconfigure(5, weight=1)
        self.hint = self._label(
            0, "Muted.TLabel",
            _("Click a picture: here it is large, with what the model chosen above says of it."),
        )  # fmt: skip
        self.picture = LargePicture(self, _SIDE)
        self.picture.grid(row=1, column=0, sticky="nw")
        self.label = self._label(2, "Heading.TLabel")
        self.label.grid(pady=(gap, 0))
        self.number = self._label(3, "Small.Figures.TLabel")
        self.answer = self._label(4, "Muted.TLabel")
        self.answer.grid(pady=(gap // 2, 0))
        self.bars = ProbabilityBars(self)
        self.bars.configure(width=px(self, _WIDTH), height=px(self, 120))
        self.bars.grid(row=5, column=0, sticky="nsew", pady=(gap, 0))
        self.buttons = theme.Frame(self)
        self.buttons.grid(row=6, column=0, sticky="ew", pady=(gap, 0))
        self.board_button = self._button(
            0, _("On the board"), commands.put_on_board, _("Puts it on the board, and reads it.")
        )
        self.inside_button = self._button(
            1, _("Look inside"), commands.look_inside,
            _("Shows every number of the network at work on this picture."),
        )  # fmt: skip
        self.clear()

    def show(self, seen: SeenPicture) -> None:
        """Show a picture of which no model has said anything yet."""
        self.seen = seen
        is_labelled = _("It is {name}.").format(name=seen.label)
        self.label.configure(text=is_labelled if seen.label else _("Without a label"))
        self.number.configure(text=number_of(seen))
        self.show_answer(None)
        self._show_parts()
        self.picture.show(seen.picture)

    def show_answer(self, said: Prediction | None) -> None:
        """Show what a model says of it; nothing where none was asked."""
        if said is None:
            self.answer.configure(text="")
            self.bars.show((), ())
            return
        sentence = _("Read as {name}, {share} sure")
        self.answer.configure(text=sentence.format(name=said.label, share=percent(said.confidence)))
        self.bars.show(said.class_names, said.probabilities)

    def clear(self) -> None:
        """Show no picture."""
        self.seen = None
        self._show_parts()

    def _show_parts(self) -> None:
        has_picture = self.seen is not None
        set_shown(self.hint, not has_picture)
        for part in (
            self.picture, self.label, self.number, self.answer, self.bars, self.buttons
        ):  # fmt: skip
            set_shown(part, has_picture)

    def _label(self, row: int, style: str, text: Sentence | str = "") -> WrappedLabel:
        label = WrappedLabel(self, style, text)
        label.grid(row=row, column=0, sticky="ew")
        return label

    def _button(
        self, column: int, title: Sentence, run: Callable[[], None], why: Sentence
    ) -> theme.Button:
        button = explained_button(self.buttons, title, run, why)
        button.grid(row=0, column=column, padx=(px(self, GAP) if column else 0, 0))
        return button
