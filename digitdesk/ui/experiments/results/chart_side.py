"""The chart beside the table: which it is, over which setting, and the picture itself."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages.experiments.results import Curve, ResultTable, SettingImportance
from digitdesk.ui.charts.plots.plot import Plot
from digitdesk.ui.charts.plots.plot_view import PlotView
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.experiments.results import plots
from digitdesk.ui.experiments.words import column_title
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session.experiments.experiments import Experiments

#: The least that can be read, in logical pixels.
_LEAST = 248


class ChartSide(theme.Frame):
    """Chooses a chart and shows it.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        experiments: What knows curves and what settings matter.
        on_pick: Takes the number of the row that was pressed.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        experiments: Experiments,
        on_pick: Callable[[int], None],
    ) -> None:
        super().__init__(parent)
        self._experiments = experiments
        self._services = services
        self._key = ""
        self._table: ResultTable | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1, minsize=px(self, _LEAST))
        bar = self._bar = WrappingRow(self, apart=GAP)
        bar.grid(row=0, column=0, sticky="ew", pady=(0, px(self, GAP)))
        self.kind = ChoiceBox(
            bar, _("What the chart shows. A press on a point or a line selects its row."),
            self._draw, width=18,
        )  # fmt: skip
        self.kind.offer({name: title for name, (title, _without) in _kinds().items()})
        self.across = ChoiceBox(bar, _("The setting from left to right"), self._draw, width=13)
        self.up = ChoiceBox(bar, _("The setting from bottom to top"), self._draw, width=13)
        self.view = PlotView(self, services, on_pick)
        self.view.grid(row=1, column=0, sticky="nsew")

    @property
    def plot(self) -> Plot | None:
        """What is shown."""
        return self.view.plot

    def show(self, key: str, table: ResultTable) -> None:
        """Show an experiment's results."""
        names = table.columns
        is_other = self._table is None or names != self._table.columns
        self._key, self._table = key, table
        if is_other:
            titles: dict[str, Sentence | str] = {name: column_title(name) for name in names}
            self.across.offer(titles)
            self.up.offer(titles)
            if len(names) > 1:
                self.up.choose(names[1])
        self._draw()

    def mark(self, rows: Sequence[int]) -> None:
        """Let some rows stand out."""
        self.view.mark(rows)

    def choose(self, kind: str) -> None:
        """Show another chart."""
        self.kind.choose(kind)
        self._draw()

    def save(self, path: Path) -> None:
        """Write the chart to a picture file.

        Raises:
            SaveError: The file cannot be written.
        """
        self.view.save(path)

    def _draw(self) -> None:
        kind, table = self.kind.chosen, self._table
        self._offer_axes(kind)
        if table is None:
            return
        with self._services.status.guarding():
            self.view.show(self._maker(kind, table), _kinds()[kind][1])

    def _offer_axes(self, kind: str) -> None:
        """Have boxes for as many settings as the chart has axes for."""
        boxes = {"setting": [self.across], "heat": [self.across, self.up]}.get(kind, [])
        self._bar.wrap(self.kind.widget, *(box.widget for box in boxes))

    def _maker(self, kind: str, table: ResultTable) -> Callable[[], Plot | None]:
        across, up = self.across.chosen, self.up.chosen
        if kind == "curves":
            curves: tuple[Curve, ...] = self._experiments.curves(self._key)
            return lambda: plots.curve_plot(table, curves)
        if kind == "importance":
            found: tuple[SettingImportance, ...] = self._experiments.importance(
                self._key, table.measure
            )
            return lambda: plots.importance_plot(found)
        makers: dict[str, Callable[[], Plot | None]] = {
            "setting": lambda: plots.setting_plot(table, across),
            "heat": lambda: plots.heat_plot(table, across, up),
            "parallel": lambda: plots.parallel_plot(table),
            "time": lambda: plots.time_plot(table),
        }
        return makers[kind]


def _kinds() -> dict[str, tuple[Sentence, Sentence]]:
    """Titles of the charts by name, each with what is said while there is nothing to see."""
    soon = _("The chart appears here when the first run is finished.")
    return {
        "setting": (_("Against one setting"), soon),
        "heat": (
            _("Two settings"),
            _("This chart needs two different settings that vary."),
        ),
        "parallel": (_("All settings"), _("This chart needs two rows that are finished.")),
        "curves": (_("Learning curves"), _("The curves appear here after the first epoch.")),
        "time": (_("Time and accuracy"), soon),
        "importance": (
            _("What matters"),
            _("Too little was tried to tell which setting matters."),
        ),
    }
