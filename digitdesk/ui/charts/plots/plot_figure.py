"""A chart of many runs as a Matplotlib figure inside the window: made, pressed and written."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
from matplotlib.figure import Figure

from digitdesk.files.atomic import write_atomically
from digitdesk.ui.charts.fonts import text_families
from digitdesk.ui.charts.plots.drawing import Spot, draw
from digitdesk.ui.charts.plots.plot import Plot
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import px

# The library leaves its canvas untyped.
_new_canvas: Any = FigureCanvasTkAgg
#: What is pressed is the nearest within so many logical pixels.
_REACH = 24


class PlotFigure:
    """Draws a chart as large as its widget is.

    Args:
        parent: The widget to sit in.
        on_pick: Takes the key of what was pressed.

    Attributes:
        widget: The canvas, for its parent to place.
    """

    def __init__(self, parent: tk.Misc, on_pick: Callable[[int], None]) -> None:
        self._figure = Figure(figsize=(4, 3), dpi=96, layout="constrained")
        self._canvas = _new_canvas(self._figure, master=parent)
        self.widget: tk.Canvas = self._canvas.get_tk_widget()
        self.widget.configure(takefocus=False, highlightthickness=0, borderwidth=0)
        self._spots: list[Spot] = []
        self._on_pick = on_pick
        self._canvas.mpl_connect("button_press_event", self._on_press)

    def show(self, plot: Plot) -> None:
        """Draw another chart."""
        self.widget.configure(background=theme.palette().background)
        with self._look():
            self._spots = draw(self._figure, plot)
            self._canvas.draw()

    def save(self, path: Path) -> None:
        """Write it as it is on the screen, twice as fine.

        Raises:
            SaveError: The file cannot be written.
        """
        options: dict[str, Any] = {"format": path.suffix[1:], "dpi": 2 * self._figure.dpi}
        with self._look():
            write_atomically(path, lambda stream: self._figure.savefig(stream, **options))
            self._canvas.draw()

    def resize(self) -> None:
        """Draw everything as large as things are now."""
        # The library looks by itself only when its canvas comes to the screen.
        self._canvas._update_device_pixel_ratio()

    def place_of(self, key: int) -> tuple[float, float]:
        """Where on the widget something lies that can be pressed."""
        return next(self._seen(spot) for spot in self._spots if spot.key == key)

    @staticmethod
    def _look() -> Any:
        """Words as they are: a network's text is no formula."""
        return matplotlib.rc_context(
            {
                "font.family": text_families(),
                "text.parse_math": False,
                "svg.fonttype": "path",
                "pdf.fonttype": 42,
            }
        )

    def _seen(self, spot: Spot) -> tuple[float, float]:
        x, y = spot.axes.transData.transform((spot.x, spot.y))
        return float(x), self.widget.winfo_height() - float(y)

    def _on_press(self, event: Any) -> None:
        place = (event.x, self.widget.winfo_height() - event.y)
        near = [(math.dist(place, self._seen(spot)), spot.key) for spot in self._spots]
        distance, key = min(near, default=(math.inf, 0))
        if distance <= px(self.widget, _REACH):
            self._on_pick(key)
