"""What is said of the selected row, and what can be done with it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from digitdesk.messages.experiments.results import ResultTable, RowResult
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.experiments.words import p_value, row_title
from digitdesk.ui.i18n.text import Sentence, _, core_problem, joined, plural
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import enable

#: Height of a line of small print.
_LINE = 17


@dataclass(frozen=True, slots=True)
class RowActions:
    """What can be done with a row."""

    take_as_base: Callable[[], None]
    use_in_train: Callable[[], None]
    examine: Callable[[], None]
    look_inside: Callable[[], None]


class RowBar(theme.Frame):
    """A line about a row, and a button for each of its actions.

    Args:
        parent: The widget to sit in.
        actions: What they do.
    """

    def __init__(self, parent: tk.Misc, actions: RowActions) -> None:
        super().__init__(parent)
        self.columnconfigure(0, weight=1)
        self.said = WrappedLabel(self)
        self.said.grid(row=0, column=0, sticky="new")
        # Two lines have room, so that nothing moves as another row is selected.
        self.rowconfigure(0, minsize=px(self, 2 * _LINE))
        row = WrappingRow(self, apart=GAP)
        row.grid(row=1, column=0, sticky="ew", pady=(px(self, GAP), 0))

        button = partial(explained_button, row)
        self.base_button = button(
            _("Compare with it"), actions.take_as_base,
            _("Every other row is compared with this one: whether it is better, and how sure that "
              "is."),
        )  # fmt: skip
        self.train_button = button(
            _("Use in Train"), actions.use_in_train,
            _("Puts the settings of this row into the Train form."),
        )  # fmt: skip
        self.examine_button = button(
            _("Examine"), actions.examine,
            _("Opens its best model in Evaluate: what it gets wrong, and how sure it is."),
        )  # fmt: skip
        self.inside_button = button(
            _("Look inside"), actions.look_inside, _("Opens its best model in Inside.")
        )
        row.wrap(self.base_button, self.train_button, self.examine_button, self.inside_button)

    def show(self, row: RowResult | None, table: ResultTable, *, has_model: bool) -> None:
        """Show what is known of a row; ``None`` where none is selected."""
        enable(self.base_button, row is not None and not row.is_base and bool(row.count))
        enable(self.train_button, row is not None)
        for button in (self.examine_button, self.inside_button):
            enable(button, has_model)
        if row is None:
            self.said.configure(text=_("Select a row to use its settings, or its model."))
        else:
            self.said.configure(text=joined("  ·  ", _said_of(row, table)))


def _said_of(row: RowResult, table: ResultTable) -> list[str]:
    title = _("Row {n}").format(n=str(row.number))
    said: list[str] = [joined(": ", (title, row_title(row.values, table.columns)))]
    if row.reason is not None:
        said.append(core_problem(row.reason))
    if row.is_base:
        said.append(_("the others are compared with it"))
    elif row.p is not None:
        said.append(_verdict(row, table))
    elif row.count == 1 or row.of == 1:
        said.append(_("more seeds would tell whether a difference is more than chance"))
    if row.is_fast:
        said.append(_("nothing is both better and quicker"))
    return said


def _verdict(row: RowResult, table: ResultTable) -> Sentence:
    verdicts = {
        "better": _("better than row {base} (p = {p}, {corrected})"),
        "worse": _("worse than row {base} (p = {p}, {corrected})"),
        "": _("no sure difference from row {base} (p = {p}, {corrected})"),
    }
    corrected = plural(
        "corrected for {n} comparison", "corrected for {n} comparisons", table.comparisons
    )
    return verdicts[row.verdict].format(base=str(table.base), p=p_value(row.p), corrected=corrected)
