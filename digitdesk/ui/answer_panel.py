"""The right side of the Draw tab: what the network sees, what it says, and which network it is."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages import Prediction
from digitdesk.ui import theme
from digitdesk.ui.answer_view import AnswerView, NetworkView
from digitdesk.ui.hover_help import explain
from digitdesk.ui.probability_bars import ProbabilityBars
from digitdesk.ui.text import Sentence, _, joined, percent, refusal, whole
from digitdesk.ui.theme import GAP, px

Choices = Sequence[tuple[str, str]]


class AnswerPanel(theme.Frame):
    """Shows one prediction in full, and beside it what a second model says.

    Args:
        parent: The widget to sit in.
        width: In logical pixels.
        on_source: Called with the key of the model chosen to read.
        on_other: Called with the key of the second model; empty for none.
        copy: Copies the prepared picture.
    """

    def __init__(
        self,
        parent: tk.Misc,
        width: float,
        *,
        on_source: Callable[[str], None],
        on_other: Callable[[str], None],
        copy: Callable[[], None],
    ) -> None:
        super().__init__(parent, width=px(parent, width))
        self._on_source = on_source
        self._on_other = on_other
        self._keys: list[str] = []
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
        explain(self.copy_button, _("Copies the 28×28 picture the network sees."))
        self.network_view = NetworkView(self)
        self.network_view.grid(row=1, column=0, sticky="nw")
        self.answer = AnswerView(self)
        self.answer.grid(row=1, column=1, sticky="nw", padx=(3 * gap, 0))
        self.bars = ProbabilityBars(self)
        self.bars.grid(row=2, column=0, columnspan=2, sticky="nsew", pady=(3 * gap, 2 * gap))
        choice = theme.Frame(self)
        choice.grid(row=3, column=0, columnspan=2, sticky="ew")
        choice.columnconfigure(1, weight=1)
        self.read_with = self._box(
            choice, 0, _("Read with"), _("The model that reads the board."), self._on_read_with
        )
        self.step_note = theme.Label(choice, style="Muted.TLabel")
        self.step_note.grid(row=1, column=1, sticky="w", pady=(gap // 2, gap // 2))
        self.and_with = self._box(
            choice, 2, _("and with"),
            _("A second model beside the first: its answer is the thin line below each bar."),
            self._on_and_with,
        )  # fmt: skip
        self.other_note = theme.Label(choice, style="Other.TLabel")
        self.other_note.grid(row=3, column=1, sticky="w", pady=(gap // 2, 0))
        self.read_with.set(_("loading …"))

    def offer(self, choices: Choices) -> None:
        """Offer models by key and title."""
        self._keys = [key for key, _title in choices]
        titles = [title for _key, title in choices]
        self.read_with.configure(values=titles)
        self.and_with.configure(values=[_("no other"), *titles])

    def choose(self, key: str, other: str) -> None:
        """Show which models read."""
        if key in self._keys:
            self.read_with.current(self._keys.index(key))
            self.and_with.current(self._keys.index(other) + 1 if other in self._keys else 0)
        for box in (self.read_with, self.and_with):
            box.selection_clear()

    def show(self, prediction: Prediction) -> None:
        """Show an answer in full."""
        self.network_view.show(prediction.prepared)
        self.answer.show(prediction)
        self.bars.show(prediction.class_names, prediction.probabilities)
        step = prediction.step
        self.step_note.configure(
            text="" if step is None else _("as it was at step {step}").format(step=whole(step))
        )

    def show_other(self, prediction: Prediction | None) -> None:
        """Show what the second model says; nothing where there is none."""
        if prediction is None:
            self.bars.show_other((), ())
            self.other_note.configure(text="")
            return
        self.bars.show_other(prediction.class_names, prediction.probabilities)
        self.other_note.configure(text=_other_answer(prediction))

    def _box(
        self,
        parent: theme.Frame,
        row: int,
        title: Sentence,
        help_text: Sentence,
        on_choice: Callable[[], None],
    ) -> theme.Combobox:
        theme.Label(parent, text=title, style="Muted.TLabel").grid(
            row=row, column=0, sticky="w", padx=(0, px(self, GAP))
        )
        box = theme.Combobox(parent, state="readonly", takefocus=True)
        box.grid(row=row, column=1, sticky="ew")
        box.bind("<<ComboboxSelected>>", lambda _event: on_choice())
        explain(box, help_text)
        return box

    def _on_read_with(self) -> None:
        index = self.read_with.current()
        if 0 <= index < len(self._keys):
            self._on_source(self._keys[index])

    def _on_and_with(self) -> None:
        index = self.and_with.current()
        self._on_other(self._keys[index - 1] if 0 < index <= len(self._keys) else "")


def _other_answer(prediction: Prediction) -> str:
    if prediction.reason or not prediction.probabilities:
        return refusal(prediction.reason) if prediction.reason != "empty" else ""
    sure = _("{percent} sure").format(percent=percent(prediction.confidence))
    return joined(" · ", (prediction.label, sure))
