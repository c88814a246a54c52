"""A chart of many runs in the window: drawn when it is seen, and pressed to choose a run.

The drawing library is loaded beside the window, when there is something to draw for the first
time.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.ui.charts.loss_chart import import_matplotlib
from digitdesk.ui.charts.plots.plot import Plot, marked
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.toolkit.timer import Timer

if TYPE_CHECKING:
    from digitdesk.ui.charts.plots.plot_figure import PlotFigure

#: The least that can be read, in logical pixels.
_LEAST = (312, 216)
_REDRAW_MS = 60


class PlotView(theme.Frame):
    """Shows one chart, or a sentence in its place.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        on_pick: Takes the key of what was pressed.
    """

    def __init__(
        self, parent: tk.Misc, services: PageServices, on_pick: Callable[[int], None]
    ) -> None:
        super().__init__(parent, width=px(parent, _LEAST[0]), height=px(parent, _LEAST[1]))
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.grid_propagate(False)
        self._services, self._on_pick = services, on_pick
        self._make: Callable[[], Plot | None] = lambda: None
        self._marked: Sequence[int] = ()
        self._figure: PlotFigure | None = None
        self._library = "missing"
        self.plot: Plot | None = None
        self.hint = theme.Label(self, style="Muted.TLabel", justify="center", anchor="center")
        self.bind("<Configure>", lambda event: self.hint.configure(wraplength=event.width))
        self._redraw = Timer(self, _REDRAW_MS, self._draw_if_seen)
        self.bind("<Map>", lambda _event: self._redraw.ask(), add="+")
        self.bind("<<ThemeChanged>>", lambda _event: self._redraw.ask())
        theme.follow_size(self, self._on_size)
        follow_language(self, self._remake)

    def show(self, make: Callable[[], Plot | None], without: Sentence) -> None:
        """Show another chart.

        Args:
            make: Makes it in the language of now; ``None`` where there is nothing to see yet.
            without: What is said then.
        """
        self._make = make
        self.hint.configure(text=without)
        self._remake()

    def mark(self, keys: Sequence[int]) -> None:
        """Let what has these keys stand out."""
        if tuple(keys) != tuple(self._marked):
            self._marked = tuple(keys)
            self._redraw.ask()

    def save(self, path: Path) -> None:
        """Write the chart to a picture file; the format is that of its suffix.

        Raises:
            SaveError: The file cannot be written; what was there before stays.
        """
        if self.plot is not None:
            self._draw(self.plot)
            assert self._figure is not None
            self._figure.save(path)

    # -- inside

    def _remake(self) -> None:
        self.plot = self._make()
        if self.plot is None:
            if self._figure is not None:
                self._figure.widget.grid_remove()
            self.hint.place(relx=0.5, rely=0.45, anchor="center")
        self._redraw.ask()

    def _draw_if_seen(self) -> None:
        if self.plot is None or not self.winfo_viewable():
            return
        if self._library == "here":
            self._draw(self.plot)
        elif self._library == "missing":
            self._library = "on its way"
            self.hint.configure(text=_("Loading …"))
            cache = self._services.cache
            self._services.background(
                lambda _job: import_matplotlib(cache), self._on_library, self._on_no_library
            )

    def _on_library(self, _nothing: None) -> None:
        self._library = "here"
        self._redraw.ask()

    def _on_no_library(self, error: Exception) -> None:
        self._library = "missing"
        self._services.status.show_error(error)

    def _draw(self, plot: Plot) -> None:
        if self._figure is None:
            from digitdesk.ui.charts.plots.plot_figure import PlotFigure

            self._figure = PlotFigure(self, self._on_pick)
        self.hint.place_forget()
        self._figure.widget.grid(row=0, column=0, sticky="nsew")
        self._figure.show(marked(plot, self._marked))

    def _on_size(self) -> None:
        if self._figure is not None:
            self._figure.resize()
            self._redraw.ask()
