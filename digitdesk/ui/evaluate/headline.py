"""How good a model is, in large type, and the figures that belong to it; a second one below."""

from __future__ import annotations

import tkinter as tk

from digitdesk.messages.evaluation import Evaluation
from digitdesk.messages.exam import Exam
from digitdesk.ui.evaluate.export_menu import ExportButton
from digitdesk.ui.evaluate.page import Shown
from digitdesk.ui.evaluate.words import made_of, model_name
from digitdesk.ui.i18n.text import (
    NOTHING,
    Sentence,
    _,
    core_phrase,
    decimal,
    interval,
    joined,
    percent,
    whole,
)
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown


class Headline(theme.Frame):
    """A row of figures, and below it what they were made of.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
    """

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent)
        self.columnconfigure(0, weight=1)
        self._row = WrappingRow(self, apart=3 * GAP)
        self._row.grid(row=0, column=0, sticky="ew")
        first = theme.Frame(self._row)
        self.accuracy = theme.Label(first, style="Headline.TLabel", text=NOTHING)
        self.accuracy.grid(row=0, column=0, sticky="w")
        explain(
            self.accuracy,
            _("Part of the pictures that are read right, the best guess counted where the answer "
              "is refused. It is honest where none of them was used for training."),
        )  # fmt: skip
        self.other = theme.Label(first, style="Other.TLabel")
        self.other.grid(row=1, column=0, sticky="w")
        facts = {
            "interval": (_("95 % interval"), _(
                "With other pictures of this kind, the accuracy would come to lie in here, 19 "
                "times of 20. Two models whose intervals overlap widely may be equally good.")),
            "loss": (_("Loss"), _(
                "Mean cross-entropy: it counts how sure the answers were, too. 0 is best.")),
            "errors": (_("Errors"), _("Pictures read wrong.")),
            "confident": (_("Confident errors"), _(
                "Pictures read wrong with a confidence above 90 %: the dangerous ones.")),
            "refusals": (_("Refusals"), _(
                "Answers the model would rather not give: it says that it is not sure.")),
            "calibration": (_("Calibration error"), _(
                "By how much confidence and accuracy differ on average. At 0, of the answers that "
                "are 80 % sure, 80 % are right.")),
        }  # fmt: skip
        self._values = {
            name: self._fact(title, help_text) for name, (title, help_text) in facts.items()
        }
        self.export_button = ExportButton(self._row, services)
        cells = [value.master for value, _other in self._values.values()]
        self._row.wrap(first, *cells, self.export_button, pushed=self.export_button)  # type: ignore[arg-type]
        self.made_of = theme.Label(self, style="Small.Figures.TLabel", anchor="w", width=1)
        self.made_of.grid(row=1, column=0, sticky="ew", pady=(px(self, GAP / 2), 0))

    def _fact(self, title: Sentence, help_text: Sentence) -> tuple[theme.Label, theme.Label]:
        cell = theme.Frame(self._row)
        theme.Label(cell, text=title, style="Muted.TLabel").grid(row=0, column=0, sticky="w")
        value = theme.Label(cell, style="Figures.TLabel", text=NOTHING)
        other = theme.Label(cell, style="Other.TLabel")
        value.grid(row=1, column=0, sticky="w")
        other.grid(row=2, column=0, sticky="w")
        explain(cell, help_text)
        for label in cell.winfo_children():
            explain(label, help_text)
        return value, other

    @property
    def facts(self) -> dict[str, str]:
        """What the figures of the first model are, by their names."""
        return {name: str(value.cget("text")) for name, (value, _o) in self._values.items()}

    def show(self, shown: Shown) -> None:
        """Show the figures of an exam, and of the second where there is one."""
        evaluation = shown.exam.evaluation
        self.export_button.offer(shown)
        self.accuracy.configure(text=_large(evaluation))
        other = shown.other
        if other is not None:
            said = _("beside it: {accuracy}").format(accuracy=_large(other.evaluation))
            self.other.configure(text=said)
        for name, (value, below) in self._values.items():
            value.configure(text=_figure(evaluation, name))
            if other is not None:
                below.configure(text=_figure(other.evaluation, name))
        for label in (self.other, *(below for _v, below in self._values.values())):
            set_shown(label, other is not None)
        self.made_of.configure(text=self._made_of(shown.exam, other))

    def _made_of(self, exam: Exam, other: Exam | None) -> Sentence:
        if other is None:
            return joined("  ", (made_of(exam), *map(core_phrase, exam.evaluation.notes)))
        beside = _("beside it {model}").format(model=model_name(other))
        return joined(" · ", (made_of(exam), beside))


def _large(evaluation: Evaluation) -> Sentence:
    """The accuracy; where nothing is labelled, how much is refused."""
    if evaluation.accuracy is not None:
        return joined("", (percent(evaluation.accuracy, 2),))
    rate = evaluation.refusals.rate if evaluation.refusals is not None else 0.0
    return _("{share} refused").format(share=percent(rate))


def _figure(evaluation: Evaluation, name: str) -> str | Sentence:
    has_labels = evaluation.accuracy is not None
    match name:
        case "interval":
            return interval(evaluation.interval)
        case "loss":
            return decimal(evaluation.loss)
        case "errors":
            return whole(evaluation.errors) if has_labels else NOTHING
        case "confident":
            return whole(evaluation.confident_errors) if has_labels else NOTHING
        case "refusals":
            return whole(evaluation.refusals.count) if evaluation.refusals is not None else NOTHING
        case _:
            return percent(evaluation.calibration_error, 2)
