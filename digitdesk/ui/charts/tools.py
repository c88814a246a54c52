"""The line above the chart: what the mouse points at, smoothing, scale, runs and export."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable
from functools import partial
from pathlib import Path

from digitdesk.files.atomic import write_atomically
from digitdesk.training.history.run_history import USUAL_MEMORY, RunHistory
from digitdesk.ui.charts.loss_chart import LossChart
from digitdesk.ui.charts.run_record import RunRecord
from digitdesk.ui.controls.name_field import NameField
from digitdesk.ui.i18n.text import NOTHING, _, decimal, joined, percent
from digitdesk.ui.i18n.widgets import translate_menu
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.slider import Slider
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

_LEAST_MEMORY, _MOST_MEMORY = 1.0, 500.0
_FORMATS = (".csv", ".png", ".svg", ".pdf")


class ChartTools(theme.Frame):
    """Tools of one chart.

    Args:
        parent: The widget to sit in.
        chart: The chart.
        status: Where outcomes are said.
        ask_path: Asks where to export to; takes the suffix and the name of the run.

    Attributes:
        name: Is typed into to call the present run otherwise.
    """

    def __init__(
        self,
        parent: tk.Misc,
        chart: LossChart,
        status: StatusBar,
        ask_path: Callable[[str, str], str],
    ) -> None:
        super().__init__(parent)
        self._chart = chart
        self._status = status
        self._ask_path = ask_path
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.readout = theme.Label(self, style="Small.Figures.TLabel", width=1, anchor="w")
        self.readout.grid(row=1, column=0, columnspan=6, sticky="ew", pady=(gap // 2, 0))
        title = theme.Label(self, text=_("Smoothing"), style="Muted.TLabel")
        title.grid(row=0, column=1, padx=(gap, gap))
        self.smoothing = Slider(self, _ratio(USUAL_MEMORY), self._on_smoothing, length=88)
        self.smoothing.grid(row=0, column=2)
        explain(
            self.smoothing,
            _(
                "Averages the line of the training loss over more or fewer steps: from 1 (every "
                "wiggle) to 500. About 25 suits most runs. The points stay as they are."
            ),
        )
        self._log = tk.BooleanVar(self, False)
        self.log_box = theme.Checkbutton(
            self, text=_("Log scale"), variable=self._log, command=self._on_log
        )
        self.log_box.grid(row=0, column=3, padx=(2 * gap, 0))
        explain(
            self.log_box,
            _("Draws the loss on a logarithmic scale: small improvements late in a run show."),
        )
        self.runs_button, self.runs_menu = self._menu(4, _("Runs"))
        explain(
            self.runs_button,
            _("Shows or hides earlier runs below the present one, renames or forgets them."),
        )
        self.export_button, self.export_menu = self._menu(5, _("Export"))
        explain(
            self.export_button,
            _("Writes the run as a table (CSV) or the chart as a picture (PNG, SVG, PDF)."),
        )
        titles = [_("Table as {suffix} …"), *[_("Chart as {suffix} …")] * 3]
        for suffix in _FORMATS:
            self.export_menu.add_command(command=partial(self.export, suffix))
        translate_menu(
            self.export_menu,
            tuple(t.format(suffix=s[1:].upper()) for t, s in zip(titles, _FORMATS, strict=True)),
        )
        self.name = NameField(
            self, _("The name of the present run. Enter keeps it, Escape does not."),
            self._end_renaming,
        )  # fmt: skip
        chart.when_pointed = self.point_at
        chart.when_records_change = self._show_runs
        self._show_runs()

    def point_at(self, x: float | None) -> None:
        """Say what the lines are at an epoch; nothing for ``None``."""
        self.readout.configure(
            text="" if x is None else self._reading(self._chart.record.history, x)
        )

    def export(self, suffix: str) -> None:
        """Ask for a path and write the run there."""
        chosen = self._ask_path(suffix, self._chart.record.name)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.lower() != suffix:
            path = path.with_name(path.name + suffix)
        with self._status.guarding():
            if suffix == ".csv":
                table = self._chart.record.history.table().encode("utf-8")
                write_atomically(path, lambda stream: stream.write(table))
            else:
                self._chart.save(path)
            self._status.say(_("Exported {name}.").format(name=path.name))

    # -- inside

    def _menu(self, column: int, title: str) -> tuple[theme.Menubutton, tk.Menu]:
        button = theme.Menubutton(self, text=title)
        theme.look(button, theme.TOOL)
        button.grid(row=0, column=column, padx=(px(self, GAP), 0))
        menu = tk.Menu(button, tearoff=False)
        button.configure(menu=menu)
        return button, menu

    def _reading(self, history: RunHistory, x: float) -> str:
        x = min(max(x, 0.0), float(history.epochs))
        parts = [_("epoch {x}").format(x=f"{x:.2f}")]
        for name, title in (
            ("train_loss", _("train")),
            ("validation_loss", _("validation")),
            ("test_loss", _("test")),
        ):
            value = history.value_at(name, x)
            if value is None:
                continue
            accuracy = history.value_at(name.replace("loss", "accuracy"), x)
            shown = "" if accuracy is None else f" / {percent(accuracy)}"
            parts.append(joined(" ", (title, (decimal(value, 3) or NOTHING) + shown)))
        return joined("  ·  ", parts)

    def _on_smoothing(self, ratio: float) -> None:
        self._chart.smooth(_memory(ratio))

    def _on_log(self) -> None:
        self._chart.set_log(self._log.get())

    def _show_runs(self) -> None:
        menu, records = self.runs_menu, self._chart.records
        menu.delete(0, "end")
        for record in records[1:]:
            shown = tk.BooleanVar(self, record.is_shown)
            menu.add_checkbutton(
                label=record.name,
                variable=shown,
                command=partial(self._show_run, record, shown),
            )
        menu.add_command(label=_("Rename this run …"), command=self.start_renaming)
        menu.add_command(label=_("Forget earlier runs"), command=self._chart.forget_earlier)
        menu.configure(postcommand=self._translate_runs)
        self.runs_button.state(["!disabled" if records else "disabled"])
        self.export_button.state(["!disabled" if records else "disabled"])

    def _translate_runs(self) -> None:
        last = self.runs_menu.index("end")
        if last is not None:
            self.runs_menu.entryconfigure(last - 1, label=_("Rename this run …"))
            self.runs_menu.entryconfigure(last, label=_("Forget earlier runs"))

    def _show_run(self, record: RunRecord, is_shown: tk.BooleanVar) -> None:
        record.is_shown = is_shown.get()
        self._chart.records_changed()

    def start_renaming(self) -> None:
        """Let the present run's name be typed."""
        button = self.runs_button
        # Over all the tools before it: beside them there may be no room.
        width = button.winfo_x() - px(self, GAP)
        self.name.begin(
            self._chart.record.name, x=0, y=0, width=width, height=button.winfo_height()
        )

    def _end_renaming(self, name: str) -> None:
        if name:
            self._chart.record.name = name
            self._chart.records_changed()


def _memory(ratio: float) -> float:
    """Steps of smoothing at a place of the slider; each tenth multiplies."""
    return _LEAST_MEMORY * math.exp(ratio * math.log(_MOST_MEMORY / _LEAST_MEMORY))


def _ratio(memory: float) -> float:
    return math.log(memory / _LEAST_MEMORY) / math.log(_MOST_MEMORY / _LEAST_MEMORY)
