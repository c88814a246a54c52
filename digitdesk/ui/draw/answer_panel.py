"""The right side of the Draw tab: what the network sees, what it says, and which network it is."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.messages.prediction import Prediction
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.draw.answer_view import AnswerView, NetworkView
from digitdesk.ui.draw.model_choice import ModelChoice
from digitdesk.ui.i18n.text import _, joined, percent, refusal
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain


class AnswerPanel(theme.Frame):
    """Shows one prediction in full, and beside it what a second model says.

    Args:
        parent: The widget to sit in.
        on_source: Called with the key of the model chosen to read.
        on_other: Called with the key of the second model; empty for none.
        on_number: Called to read what is on the board as a number.
        copy: Copies the preprocessed picture.

    Attributes:
        is_narrow: Whether everything stands in one column.
    """

    def __init__(
        self,
        parent: tk.Misc,
        *,
        on_source: Callable[[str], None],
        on_other: Callable[[str], None],
        on_number: Callable[[], None],
        copy: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        head = self._head = theme.Frame(self)
        theme.Label(head, text=_("What the network sees"), style="Muted.TLabel").grid(row=0)
        self.copy_button = theme.Button(head, text=_("Copy"), command=copy)
        theme.look(self.copy_button, theme.TOOL)
        theme.icon(self.copy_button, "copy", alone=True)
        self.copy_button.grid(row=0, column=1, padx=(gap, 0))
        explain(self.copy_button, _("Copies the 28×28 picture the network sees (Ctrl+C)."))
        self.network_view = NetworkView(self)
        self.answer = AnswerView(self, on_number)
        self.bars = ProbabilityBars(self)
        self.choice = ModelChoice(
            self,
            _("A second model beside the first: its answer is the thin line below each bar."),
            on_source=on_source,
            on_other=on_other,
        )
        self.is_narrow = False
        self._place()
        self.be_low(False)

    def be_narrow(self, narrow: bool) -> None:
        """Put everything into one column, the answer first, or back."""
        if narrow is not self.is_narrow:
            self.is_narrow = narrow
            self.choice.be_narrow(narrow)
            self._place()

    def _place(self) -> None:
        gap = px(self, GAP)
        narrow = self.is_narrow
        self.columnconfigure(0, weight=1 if narrow else 0)
        self.columnconfigure(1, weight=0 if narrow else 1, minsize=0 if narrow else px(self, 176))
        for row in range(5):
            self.rowconfigure(row, weight=int(row == (3 if narrow else 2)))
        first = 1 if narrow else 0
        self._head.grid(
            row=first, column=0, columnspan=2, sticky="ew", pady=(first * gap, gap // 2)
        )
        self.network_view.grid(row=first + 1, column=0, sticky="nw")
        self.answer.grid(
            row=0 if narrow else 1,
            column=0 if narrow else 1,
            sticky="nw",
            padx=(0 if narrow else 3 * gap, 0),
        )
        self.bars.grid(row=first + 2, column=0, columnspan=2, sticky="nsew")
        self.choice.grid(row=first + 3, column=0, columnspan=2, sticky="ew")

    def be_low(self, low: bool) -> None:
        """Leave the bars what room there is in a low window."""
        gap = px(self, GAP)
        self.bars.grid_configure(pady=(gap, gap) if low else (3 * gap, 2 * gap))
        self.choice.be_low(low)

    def show(self, prediction: Prediction) -> None:
        """Show an answer in full."""
        self.network_view.show(prediction.preprocessed)
        self.answer.show(prediction)
        self.bars.show(
            prediction.class_names, prediction.probabilities, is_answer=not prediction.reason
        )
        self.choice.show_step(prediction.step)

    def show_other(self, prediction: Prediction | None) -> None:
        """Show what the second model says; nothing where there is none."""
        if prediction is None:
            self.bars.show_other((), ())
            self.choice.show_other("")
            return
        self.bars.show_other(prediction.class_names, prediction.probabilities)
        self.choice.show_other(_other_answer(prediction))


def _other_answer(prediction: Prediction) -> str:
    if prediction.reason or not prediction.probabilities:
        return refusal(prediction.reason) if prediction.reason != "empty" else ""
    sure = _("{percent} sure").format(percent=percent(prediction.confidence))
    return joined(" · ", (prediction.label, sure))
