"""What a plan comes to before it begins: its rows, how many runs, and how long they take."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.messages.experiments.plan import Estimate, Plan, PlanSize
from digitdesk.ui.experiments.plan.typed_values import written_axis
from digitdesk.ui.experiments.row_table import RowTable, TableRow, column, setting_column
from digitdesk.ui.experiments.words import differing, shown_value
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, joined, plural
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable, set_shown

_NUMBER = "#"


class Preview(theme.Frame):
    """A table of the rows to come, and the button that begins.

    Args:
        parent: The widget to sit in.
        on_start: Begins the plan.
    """

    def __init__(self, parent: tk.Misc, on_start: Callable[[], None]) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.title = theme.Label(self, style="Heading.TLabel", width=1, anchor="w")
        self.title.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.note = theme.Label(self, style="Muted.TLabel", width=1, justify="left")
        self.note.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(gap // 2, 0))
        self.table = RowTable(self, lambda: None)
        self.table.grid(row=2, column=0, columnspan=2, sticky="nsew", pady=gap)
        self.count = theme.Label(self, style="Figures.TLabel", width=1, anchor="w")
        self.count.grid(row=3, column=0, sticky="ew")
        self.time = theme.Label(self, style="Muted.TLabel", width=1, justify="left", anchor="w")
        self.time.grid(row=4, column=0, sticky="ew", pady=(gap // 2, 0))
        self.problem = theme.Label(self, style="Problem.TLabel", width=1, justify="left")
        self.problem.grid(row=5, column=0, columnspan=2, sticky="ew", pady=(gap // 2, 0))
        self.start_button = theme.Button(self, text=_("Start"), command=on_start)
        theme.look(self.start_button, theme.ACCENT)
        explain(self.start_button, _("Puts all runs into the queue and begins; the board stays "
                                     "free meanwhile."))  # fmt: skip
        self.start_button.grid(row=3, column=1, rowspan=2, sticky="e", padx=(gap, 0))
        self.bind("<Configure>", self._wrap)
        self._problem = ""

    def show(self, plan: Plan, size: PlanSize) -> None:
        """Show what a plan comes to."""
        self.title.configure(text=core_phrase(plan.title))
        self.note.configure(text=core_phrase(plan.note))
        set_shown(self.note, bool(plan.note))
        names = differing(size.first) if size.first else _searched(plan)
        columns = {
            _NUMBER: column(_("row")),
            **{
                name: setting_column(name, (dict(row).get(name) for row in size.first))
                for name in names
            },
        }
        if self.table.columns != tuple(columns):
            self.table.set_columns(columns)
        rows = [
            TableRow(
                number,
                (str(number), *(shown_value(name, dict(row).get(name)) for name in names)),
            )
            for number, row in enumerate(size.first, start=1)
        ]
        if plan.search is not None:
            ranges = (written_axis(axis) for axis in plan.search.axes)
            rows = [TableRow(0, ("…", *ranges), "muted")]
        self.table.show(rows)
        self.count.configure(text=_size(plan, size))
        self.say_problem(core_phrase(size.needs) if size.needs else "")

    def say_time(self, said: Estimate | str) -> None:
        """Say how long it will take, or what is being done to know."""
        if isinstance(said, str):
            self.time.configure(text=said)
            return
        cores = plural("on {n} core", "on {n} cores", said.cores)
        parts = [_("about {time}").format(time=_long(said.seconds)), cores]
        time = joined(" ", parts)
        self.time.configure(
            text=joined(" · ", (time, core_phrase(said.note))) if said.note else time
        )

    def say_problem(self, sentence: Sentence | str) -> None:
        """Say why it cannot begin; nothing where it can."""
        self._problem = sentence
        self.problem.configure(text=sentence)
        set_shown(self.problem, bool(sentence))
        enable(self.start_button, not sentence)

    def _wrap(self, event: tk.Event[tk.Misc]) -> None:
        for label in (self.note, self.problem):
            label.configure(wraplength=event.width)


def _searched(plan: Plan) -> tuple[str, ...]:
    return tuple(axis.name for axis in plan.search.axes) if plan.search is not None else ()


def _size(plan: Plan, size: PlanSize) -> Sentence:
    seeds = plural("{n} seed", "{n} seeds", len(plan.seeds))
    if not size.runs:
        limit = _("as many runs as {minutes} minutes take").format(minutes=f"{plan.minutes:g}")
        return joined(" · ", (limit, seeds))
    runs = plural("{n} run", "{n} runs", size.runs)
    if not size.rows or len(plan.seeds) == 1:
        return runs
    rows = plural("{n} row", "{n} rows", size.rows)
    return joined(" ", (rows, "×", seeds, "=", runs))


def _long(seconds: float) -> Sentence:
    """A time in the unit that one thinks in."""
    if seconds >= 5400:
        return plural("{n} hour", "{n} hours", round(seconds / 3600))
    if seconds >= 90:
        return plural("{n} minute", "{n} minutes", round(seconds / 60))
    return plural("{n} second", "{n} seconds", max(1, round(seconds)))
