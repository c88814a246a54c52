"""The exams of a person: begin one, go on with one, choose one to see how models read it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digitdesk.messages.own.hand import ExamSheet
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.hand.classes_field import ClassesField
from digitdesk.ui.hand.words import day_of
from digitdesk.ui.i18n.text import Sentence, _, plural
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import Column, Table, enable

COUNTS = (50, 100)
_WIDTH = 304


@dataclass(frozen=True, slots=True)
class SheetCommands:
    """What is done with exams.

    Attributes:
        begin: Begins one of so many drawings.
        go_on: Goes on with the chosen one.
        discard: Asks whether the chosen one shall be thrown away.
        choose: Hears that another one is chosen.
    """

    begin: Callable[[int], None]
    go_on: Callable[[], None]
    discard: Callable[[], None]
    choose: Callable[[], None]


class SheetList(theme.Frame):
    """What an exam is, a button to begin one, and a table of those there are.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        commands: What is done with them.
    """

    def __init__(self, parent: tk.Misc, services: PageServices, commands: SheetCommands) -> None:
        super().__init__(parent, width=px(parent, _WIDTH))
        self._commands = commands
        self._sheets: dict[str, ExamSheet] = {}
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1, minsize=px(self, _WIDTH))
        self.rowconfigure(3, weight=1)
        said = WrappedLabel(
            self,
            text=_("What you write in an exam is never learned: every training refuses it. So it "
                   "tells honestly how well a model reads you."),
        )  # fmt: skip
        said.grid(row=0, column=0, sticky="ew")
        self.field = ClassesField(self, services, lambda: None, fewest=2)
        self.field.box.configure(width=1)
        self.field.grid(row=1, column=0, sticky="ew", pady=(1.5 * gap, gap))
        begin = WrappingRow(self, apart=GAP)
        begin.grid(row=2, column=0, sticky="ew", pady=(0, 1.5 * gap))
        self.count = ChoiceBox(
            begin, _("How many drawings: with more, the score is known more exactly."),
            lambda: None, width=14,
        )  # fmt: skip
        self.count.offer({str(n): plural("{n} drawing", "{n} drawings", n) for n in COUNTS})
        self.begin_button = theme.Button(
            begin, text=_("Begin an exam"),
            command=lambda: commands.begin(int(self.count.chosen)),
        )  # fmt: skip
        explain(self.begin_button, _("Words are dictated; the last drawing seals the exam."))
        begin.wrap(self.begin_button, self.count.widget)
        columns = {
            "begun": Column(_("begun"), 136, "w", least=120),
            "done": Column(_("written"), 72, least=64),
            "state": Column(_("state"), 80, "w", least=64),
        }
        self.table = Table(self, columns, rows=4, selects=True)
        self.table.grid(row=3, column=0, sticky="nsew")
        self.table.tree.bind("<<TreeviewSelect>>", lambda _event: self._on_select())
        self.table.tree.bind("<Double-1>", lambda _event: self._go_on())
        self.table.tree.bind("<Return>", lambda _event: self._go_on())
        tools = WrappingRow(self, apart=GAP)
        tools.grid(row=4, column=0, sticky="ew", pady=(gap, 0))
        self.go_on_button = theme.Button(tools, text=_("Go on"), command=commands.go_on)
        explain(self.go_on_button, _("Goes on with an exam where it was left."))
        self.discard_button = theme.Button(tools, text=_("Discard …"), command=commands.discard)
        explain(self.discard_button, _("Throws an exam away that is not sealed yet."))
        tools.wrap(self.go_on_button, self.discard_button)
        follow_language(self, lambda: self.show(tuple(self._sheets.values())))

    @property
    def chosen(self) -> ExamSheet | None:
        """The one that is selected."""
        selection = self.table.tree.selection()
        return self._sheets.get(str(selection[0])) if selection else None

    def show(self, sheets: Sequence[ExamSheet], wanted: str = "") -> None:
        """Show these; the one wanted is selected, else the one before, else the newest."""
        before = self.chosen
        wanted = wanted or (before.key if before is not None else "")
        self._sheets = {sheet.key: sheet for sheet in sheets}
        self.table.clear()
        for sheet in sheets:
            cells = (day_of(sheet.begun), f"{sheet.done} / {sheet.count}", state_of(sheet))
            self.table.tree.insert("", "end", iid=sheet.key, values=cells)
        if self._sheets:
            chosen = wanted if wanted in self._sheets else next(iter(self._sheets))
            self.table.tree.selection_set((chosen,))
            self.table.tree.focus(chosen)
        self._show_state()

    def _on_select(self) -> None:
        self._show_state()
        self._commands.choose()

    def _show_state(self) -> None:
        chosen = self.chosen
        is_open = chosen is not None and not chosen.is_sealed
        for button in (self.go_on_button, self.discard_button):
            enable(button, is_open)
        theme.look(self.go_on_button, theme.ACCENT if is_open else theme.QUIET)
        theme.look(self.begin_button, theme.QUIET if is_open else theme.ACCENT)

    def _go_on(self) -> None:
        if self.chosen is not None and not self.chosen.is_sealed:
            self._commands.go_on()


def state_of(sheet: ExamSheet) -> Sentence:
    """Whether an exam is sealed."""
    return _("sealed") if sheet.is_sealed else _("open")
