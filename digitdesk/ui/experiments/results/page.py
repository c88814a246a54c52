"""Results: the table of what was tried, a chart of it, and what can be done with a row."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

from digitdesk.messages.experiments.results import MEASURES, ResultTable, RowResult
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.experiments.page import StudyPage
from digitdesk.ui.experiments.results.chart_side import ChartSide
from digitdesk.ui.experiments.results.export_menu import ExportButton
from digitdesk.ui.experiments.results.row_bar import RowActions, RowBar
from digitdesk.ui.experiments.results.rows import (
    NUMBER,
    columns_of,
    sorted_rows,
    table_row,
    wanted_rows,
)
from digitdesk.ui.experiments.row_table import RowTable
from digitdesk.ui.experiments.words import measure_title
from digitdesk.ui.i18n.text import _
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

#: Below this width, in logical pixels, the chart stands below the table.
_BESIDE = 864


class ResultsPage(StudyPage):
    """What is measured above; table and chart beside each other, or one below the other."""

    def _build(self) -> None:
        gap = px(self, GAP)
        self._base: dict[str, int] = {}
        self._order = (NUMBER, True)
        self._is_beside: bool | None = None
        self._seen: object = None
        self.results: ResultTable | None = None
        bar = self._build_bar()
        bar.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self._left = theme.Frame(self)
        self._left.columnconfigure(0, weight=1)
        self._left.rowconfigure(0, weight=1)
        self.table = RowTable(
            self._left, self._on_select, on_heading=self.sort_by, on_open=self._open_curve, rows=6
        )
        self.table.grid(row=0, column=0, sticky="nsew")
        self.row_bar = RowBar(
            self._left,
            RowActions(self._take_as_base, self._use_in_train, self._examine, self._look_inside),
        )
        self.row_bar.grid(row=1, column=0, sticky="ew", pady=(gap, 0))
        self.chart = ChartSide(self, self._services, self._study.experiments, self.table.select)
        self.columnconfigure(0, weight=1)
        self.fit(_BESIDE)
        follow_language(self, self._show_rows)

    def _build_bar(self) -> WrappingRow:
        bar = WrappingRow(self, apart=2 * GAP)
        self.measure = ChoiceBox(
            bar, _("What the runs are compared by. Choose by the images held out (validation), "
                   "report by the test images."),
            self.show, title=_("Measure"), width=18,
        )  # fmt: skip
        self.measure.offer({name: measure_title(name) for name in MEASURES})
        cell = theme.Frame(bar)
        theme.Label(cell, text=_("Only rows with"), style="Muted.TLabel").grid(
            row=0, column=0, padx=(0, px(self, GAP))
        )
        self.filter = tk.StringVar(self)
        self.filter_entry = theme.Entry(cell, textvariable=self.filter, width=18)
        self.filter_entry.grid(row=0, column=1)
        explain(
            self.filter_entry,
            _("Words that a row must have: adam, units>100, batch_size=64. Several with a space "
              "between them."),
        )  # fmt: skip
        self.filter.trace_add("write", lambda *_: self._show_rows())
        self.export_button = ExportButton(
            bar, self._services, name=lambda: self._title, write_table=self._write_table,
            write_chart=lambda path: self.chart.save(path),
        )  # fmt: skip
        bar.wrap(self.measure.widget, cell, self.export_button, pushed=self.export_button)
        return bar

    def fit(self, width: int) -> None:
        """Lay itself out for a width in screen pixels."""
        is_beside = width >= px(self, _BESIDE)
        if is_beside is self._is_beside:
            return
        self._is_beside = is_beside
        apart = px(self, 2 * GAP)
        self._left.grid(row=1, column=0, sticky="nsew")
        row, column = (1, 1) if is_beside else (2, 0)
        self.chart.grid(
            row=row, column=column, sticky="nsew",
            padx=(apart if is_beside else 0, 0), pady=(0 if is_beside else apart, 0),
        )  # fmt: skip
        # The table is the largest: five parts of eight.
        self.columnconfigure(0, weight=5, uniform="side" if is_beside else "")
        self.columnconfigure(1, weight=3 if is_beside else 0, uniform="side" if is_beside else "")
        self.rowconfigure(1, weight=3)
        self.rowconfigure(2, weight=0 if is_beside else 2)

    # -- what is shown

    @property
    def _title(self) -> str:
        view = self._study.shown
        return view.plan.title if view is not None else "experiment"

    def show(self) -> None:
        """Show the results there are now."""
        key = self._study.key
        if not key:
            return
        with self._status.guarding():
            self.results = self._study.experiments.table(
                key, self.measure.chosen, self._base.get(key)
            )
            columns = columns_of(self.results)
            seen = (self.measure.chosen, tuple(columns))
            if seen != self._seen:
                self._seen = seen
                self.table.set_columns(columns)
                self.table.show_order(self._order[0], is_rising=self._order[1])
            self.chart.show(key, self.results)
            self.export_button.offer_chart(self.chart.plot is not None)
            self._show_rows()

    def _show_rows(self) -> None:
        if self.results is None:
            return
        name, is_rising = self._order
        rows = wanted_rows(self.results.rows, self.results, self.filter.get())
        ordered = sorted_rows(rows, name, is_rising=is_rising)
        self.table.show([table_row(row, self.results) for row in ordered])
        self._on_select()

    def sort_by(self, name: str) -> None:
        """Sort by a column; once more, the other way round."""
        before, was_rising = self._order
        self._order = (name, not was_rising if name == before else True)
        self.table.show_order(name, is_rising=self._order[1])
        self._show_rows()

    # -- the selected row

    @property
    def row(self) -> RowResult | None:
        """The row that is selected; ``None`` for none or several."""
        chosen = self.table.selected
        if len(chosen) != 1 or self.results is None:
            return None
        return next((row for row in self.results.rows if row.number == chosen[0]), None)

    def _on_select(self) -> None:
        if self.results is not None:
            self.row_bar.show(self.row, self.results, has_model=bool(self._best_run(self.row)))
            self.chart.mark(self.table.selected)

    def _best_run(self, row: RowResult | None) -> int:
        """Number of the row's run whose model is the best by what was held out; 0 for none."""
        found = (self._study.run(number) for number in (row.runs if row is not None else ()))
        runs = [run for run in found if run is not None and run.has_model]
        # Of equals, the first.
        best = max(
            runs, key=lambda run: run.validation_accuracy or run.test_accuracy or 0, default=None
        )
        return best.number if best is not None else 0

    def _open_curve(self) -> None:
        self.chart.choose("curves")

    def _take_as_base(self) -> None:
        if self.row is not None:
            self._base[self._study.key] = self.row.number
            self.show()

    def _use_in_train(self) -> None:
        row = self.row
        if row is not None and row.runs:
            with self._status.guarding():
                config = self._study.experiments.config(self._study.key, row.runs[0])
                self._services.set_up_run(config)

    def _examine(self) -> None:
        key = self._open_model()
        if key:
            self._services.examine(key, "")

    def _look_inside(self) -> None:
        key = self._open_model()
        if key:
            self._services.look_inside(key)

    def _open_model(self) -> str:
        """Open the row's best model; gives its key, or nothing where it cannot be opened."""
        number = self._best_run(self.row)
        if not number:
            return ""
        with self._status.guarding():
            path = self._study.experiments.model(self._study.key, number)
            return self._services.open_model(path)
        return ""

    def _write_table(self, path: Path) -> None:
        key = self._study.key
        self._study.experiments.export(
            key, path, measure=self.measure.chosen, base=self._base.get(key)
        )
