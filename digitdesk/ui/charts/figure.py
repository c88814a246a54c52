"""The chart as a Matplotlib figure inside the window: what is drawn anew, and when.

Only this module, ``panels`` and ``fonts`` import Matplotlib, when the window is already on the
screen.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
from matplotlib.figure import Figure

from digitdesk.files.atomic import write_atomically
from digitdesk.training.history.run_history import Mark
from digitdesk.ui.charts.fonts import text_families
from digitdesk.ui.charts.panels import Panels
from digitdesk.ui.charts.ranges import Points
from digitdesk.ui.charts.run_record import RunRecord
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import px

# The library leaves its canvases untyped.
_new_canvas: Any = FigureCanvasTkAgg
_new_unseen_canvas: Any = FigureCanvasAgg

#: Dots may stand out of their panel by so many screen pixels.
_DOT_ROOM = 10


class ChartFigure:
    """Draws all only where it must, else the lines alone.

    Args:
        parent: The widget to sit in.

    Attributes:
        widget: The canvas, for its parent to place.
        panels: What is drawn.
    """

    def __init__(self, parent: tk.Misc) -> None:
        self._figure = Figure(figsize=(4, 3), dpi=96)
        self._canvas = _new_canvas(self._figure, master=parent)
        self.widget: tk.Canvas = self._canvas.get_tk_widget()
        # No key does anything here: the Tab key need not stop.
        self.widget.configure(takefocus=False)
        self.widget.configure(highlightthickness=0, borderwidth=0)
        self.panels = Panels(self._figure)
        self._pointer = [
            axes.axvline(0.0, animated=True, linewidth=0.8, visible=False)
            for axes in self.panels.both
        ]
        self._has_points = False
        # Everything but the lines, as it was last drawn in full; None where that is out of date.
        self._ground: Any = None
        follow_language(self.widget, self.relabel)
        self.widget.bind("<Configure>", lambda _event: self._place(), add="+")
        self._canvas.mpl_connect("draw_event", self._on_full_draw)

    def set_epochs(self, epochs: int) -> None:
        """Let both panels span a run."""
        self.panels.set_epochs(epochs)
        self._ground = None

    def set_log(self, is_log: bool) -> None:
        """Draw the loss on a logarithmic scale, or not."""
        self.panels.set_log(is_log)
        self.recolor()

    def show_others(self, records: Sequence[RunRecord], marks: Sequence[Mark]) -> None:
        """Draw earlier runs below the present one, and where its settings were changed."""
        self.panels.show_others(records, marks)
        self._ground = None

    def relabel(self) -> None:
        """Write every word in the language of now."""
        self.panels.name_lines()
        self.recolor()
        if self._has_points:
            self._show()

    def recolor(self) -> None:
        """Take the theme's colors."""
        colors = theme.palette()
        self.widget.configure(background=colors.background)
        self.panels.recolor()
        for pointer in self._pointer:
            pointer.set_color(colors.muted)
        self._ground = None

    def draw(self, points: Mapping[str, Points]) -> None:
        """Give the lines their points and draw.

        Axes and texts are drawn only when a range has changed; otherwise the lines go onto a copy
        of them, which takes a fifth of the time.
        """
        self._has_points = True
        if self.panels.set_points(points):
            self._ground = None
        self._show()

    def point_at(self, x: float | None) -> None:
        """Put a line through both panels at an epoch, or take it away."""
        for line in self._pointer:
            line.set_visible(x is not None)
            if x is not None:
                line.set_xdata([x, x])
        self._show()

    def when_pointed(self, callback: Callable[[float | None], None]) -> None:
        """Have the epoch below the mouse told, or ``None`` when it leaves the panels."""

        def moved(event: Any) -> None:
            inside = event.inaxes in self.panels.both
            callback(float(event.xdata) if inside else None)

        self._canvas.mpl_connect("motion_notify_event", moved)
        self._canvas.mpl_connect("axes_leave_event", lambda _event: callback(None))
        self._canvas.mpl_connect("figure_leave_event", lambda _event: callback(None))

    def save(self, path: Path) -> None:
        """Write the chart as it is on the screen; the format is that of the suffix.

        Raises:
            SaveError: The file cannot be written; what was there before stays.
        """
        self.point_at(None)
        look: dict[str, Any] = {"format": path.suffix[1:], "dpi": 2 * self._figure.dpi}
        with matplotlib.rc_context({"svg.fonttype": "path", "pdf.fonttype": 42}):
            write_atomically(path, lambda stream: self._figure.savefig(stream, **look))
        self._ground = None
        self._show()

    def _show(self) -> None:
        if self._ground is None:
            self._canvas.draw()
        else:
            self._canvas.restore_region(self._ground)
            self._draw_lines()
            # Bringing pixels to the screen is the dear part: only those of the panels.
            for axes in self.panels.both:
                self._canvas.blit(axes.bbox.padded(_DOT_ROOM))

    def _on_full_draw(self, event: Any) -> None:
        """Keep what was drawn, then put the lines on it."""
        if event.canvas is not self._canvas:
            return  # written to a file, lines and all
        self._ground = self._canvas.copy_from_bbox(self._figure.bbox)
        self._draw_lines()

    def _draw_lines(self) -> None:
        for name, line in self.panels.lines.items():
            if line.get_visible():
                self.panels.axes_of(name).draw_artist(line)
        for axes, pointer in zip(self.panels.both, self._pointer, strict=True):
            if pointer.get_visible():
                axes.draw_artist(pointer)

    def resize(self) -> None:
        """Draw everything as large as things are now."""
        # The library looks by itself only when its canvas comes to the screen.
        self._canvas._update_device_pixel_ratio()
        self._place()
        self._ground = None

    def _place(self) -> None:
        scale = px(self.widget, 100) / 100
        self.panels.place(self.widget.winfo_width() / scale, self.widget.winfo_height() / scale)


def warm_up() -> None:
    """Draw something small and unseen, so that fonts are found before they are needed."""
    # Whatever the user has set up for figures of his own is not meant for ours.
    matplotlib.rcdefaults()
    matplotlib.rcParams["font.family"] = text_families()
    figure = Figure(figsize=(1, 1))
    figure.add_subplot().set_title("0")
    _new_unseen_canvas(figure).draw()
