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
        width: In logical pixels.
        on_source: Called with the key of the model chosen to read.
        on_other: Called with the key of the second model; empty for none.
        on_number: Called to read what is on the board as a number.
        copy: Copies the preprocessed picture.
    """

    def __init__(
        self,
        parent: tk.Misc,
        width: float,
        *,
        on_source: Callable[[str], None],
        on_other: Callable[[str], None],
        on_number: Callable[[], None],
        copy: Callable[[], None],
    ) -> None:
        super().__init__(parent, width=px(parent, width))
        self.columnconfigure(1, weight=1, minsize=px(self, 176))
        self.rowconfigure(2, weight=1)
        gap = px(self, GAP)
        head = theme.Frame(self)
        head.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap / 2))
        theme.Label(head, text=_("What the network sees"), style="Muted.TLabel").grid(row=0)
        self.copy_button = theme.Button(head, text=_("Copy"), command=copy)
        theme.look(self.copy_button, theme.TOOL)
        theme.icon(self.copy_button, "copy", alone=True)
        self.copy_button.grid(row=0, column=1, padx=(gap, 0))
        explain(self.copy_button, _("Copies the 28×28 picture the network sees (Ctrl+C)."))
        self.network_view = NetworkView(self)
        self.network_view.grid(row=1, column=0, sticky="nw")
        self.answer = AnswerView(self, on_number)
        self.answer.grid(row=1, column=1, sticky="nw", padx=(3 * gap, 0))
        self.bars = ProbabilityBars(self)
        self.bars.grid(row=2, column=0, columnspan=2, sticky="nsew")
        self.choice = ModelChoice(
            self,
            _("A second model beside the first: its answer is the thin line below each bar."),
            on_source=on_source,
            on_other=on_other,
        )
        self.choice.grid(row=3, column=0, columnspan=2, sticky="ew")
        self.be_low(False)

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
