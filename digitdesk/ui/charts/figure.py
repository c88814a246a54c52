"""The two panels of the chart as a Matplotlib figure inside the window.

Only this module and ``fonts`` import Matplotlib, when the window is already on the screen.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_tkagg import FigureCanvasTkAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from digitdesk.files.atomic import write_atomically
from digitdesk.training.history.run_history import Mark
from digitdesk.ui.charts.fonts import text_families
from digitdesk.ui.charts.ranges import Points, accuracy_range, loss_range
from digitdesk.ui.charts.run_record import RunRecord
from digitdesk.ui.i18n.text import _, percent, setting, setting_title
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme

# The library leaves its canvases untyped.
_new_canvas: Any = FigureCanvasTkAgg
_new_unseen_canvas: Any = FigureCanvasAgg

# Room around the panels for their titles and numbers, in logical pixels.
_LEFT, _RIGHT, _TOP, _BOTTOM, _BETWEEN = 48, 12, 28, 44, 64
_LOSS_SHARE = 0.56
#: Dots may stand out of their panel by so many screen pixels.
_DOT_ROOM = 10
_LEGEND = ("train_loss", "validation_loss", "test_loss")


class ChartFigure:
    """Lines that are made once and given new points.

    Args:
        parent: The widget to sit in.
        scale: Screen pixels per logical pixel.

    Attributes:
        widget: The canvas, for its parent to place.
    """

    def __init__(self, parent: tk.Misc, scale: float) -> None:
        self._scale = scale
        self._figure = Figure(figsize=(4, 3), dpi=96)
        self._canvas = _new_canvas(self._figure, master=parent)
        self.widget: tk.Canvas = self._canvas.get_tk_widget()
        self.widget.configure(highlightthickness=0, borderwidth=0)
        self._loss: Axes = self._figure.add_subplot(1, 2, 1)
        self._accuracy: Axes = self._figure.add_subplot(1, 2, 2)
        self.lines = self._make_lines()
        self._extras: list[Any] = []
        self._records: Sequence[RunRecord] = ()
        self._is_log = False
        self._pointer = [
            axes.axvline(0.0, animated=True, linewidth=0.8, visible=False)
            for axes in (self._loss, self._accuracy)
        ]
        for axes in (self._loss, self._accuracy):
            axes.spines[["top", "right"]].set_visible(False)
            axes.tick_params(labelsize=8, length=3)
            axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            axes.set_xlim(0, 3)
        self._loss.set_ylim(0, 2.5)
        self._accuracy.set_ylim(0, 1)
        self._accuracy.yaxis.set_major_formatter(FuncFormatter(_tick_percent))
        self._accuracy.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        self._loss.yaxis.set_major_locator(MaxNLocator(5))
        self._last_points: Mapping[str, Points] = {}
        # Everything but the lines, as it was last drawn in full; None where that is out of date.
        self._ground: Any = None
        follow_language(self.widget, self.relabel)
        self.widget.bind("<Configure>", self._on_configure, add="+")
        self._canvas.mpl_connect("draw_event", self._on_full_draw)

    def set_epochs(self, epochs: int) -> None:
        """Let both panels span a run."""
        for axes in (self._loss, self._accuracy):
            axes.set_xlim(0, max(1, epochs))
        self._ground = None

    def set_log(self, is_log: bool) -> None:
        """Draw the loss on a logarithmic scale, or not."""
        self._is_log = is_log
        self._loss.set_yscale("log" if is_log else "linear")
        if not is_log:
            self._loss.yaxis.set_major_locator(MaxNLocator(5))
        self.recolor()

    def show_others(self, records: Sequence[RunRecord], marks: Sequence[Mark]) -> None:
        """Draw earlier runs below the present one, and where its settings were changed."""
        for extra in self._extras:
            extra.remove()
        self._extras = []
        colors = theme.palette()
        for index, record in enumerate(records):
            color = colors.runs[index % len(colors.runs)]
            for axes, name, style in (
                (self._loss, "train_loss", "-"),
                (self._accuracy, "test_accuracy", "o--"),
            ):
                xs, ys = record.history.series[name].points()
                line = axes.plot(
                    xs, ys, style, color=color, linewidth=1.0, markersize=3, alpha=0.8
                )[0]
                line.set_gid(record.name)
                self._extras.append(line)
        for number, mark in enumerate(marks):
            for axes in (self._loss, self._accuracy):
                self._extras.append(axes.axvline(mark.x, color=colors.muted, linewidth=0.8, ls=":"))
            self._extras.append(self._write_mark(mark, number, colors.muted))
        self._records = records
        self._make_legend()
        self._ground = None

    def _write_mark(self, mark: Mark, number: int, color: str) -> Any:
        """The name of a changed setting beside its line, each a row below the one before."""
        is_late = mark.x > 0.6 * self._loss.get_xlim()[1]
        return self._loss.annotate(
            f"{setting_title(mark.name)} {setting(mark.value)}",
            (mark.x, 0.56),
            xycoords=("data", "axes fraction"),
            xytext=(-3 if is_late else 3, -2 - 11 * (number % 4)),
            ha="right" if is_late else "left",
            textcoords="offset points",
            va="top",
            fontsize=7,
            family=text_families(),
            color=color,
        )

    def draw(self, points: Mapping[str, Points]) -> None:
        """Give the lines their points and draw.

        Axes and texts are drawn only when a range has changed; otherwise the lines go onto a copy
        of them, which takes a fifth of the time.
        """
        self._last_points = points
        for name, line in self.lines.items():
            xs, ys = points[name]
            line.set_data(xs, ys)
            line.set_visible(bool(xs))
        self._fit(points)
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
            inside = event.inaxes in (self._loss, self._accuracy)
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
            for axes in (self._loss, self._accuracy):
                self._canvas.blit(axes.bbox.padded(_DOT_ROOM))

    def relabel(self) -> None:
        """Write every word in the language of now."""
        self._write_titles()
        for name, label in (
            ("train_loss", _("train")),
            ("validation_loss", _("validation")),
            ("test_loss", _("test")),
        ):
            self.lines[name].set_label(label)
        self.recolor()
        if self._last_points:
            self._show()

    def _write_titles(self) -> None:
        family = text_families()
        for axes, title in ((self._loss, _("Loss")), (self._accuracy, _("Accuracy"))):
            written = axes.set_title(title, loc="left", fontsize=10, pad=10, family=family)
            written.set_color(theme.palette().text)
            axes.set_xlabel(_("epoch"), fontsize=8, family=family)

    def _make_legend(self) -> None:
        colors = theme.palette()
        # Copies: a line that has no points yet is hidden, and its copy must not be.
        handles = [
            Line2D([], [], color=line.get_color(), marker=line.get_marker(), markersize=3.5,
                   label=line.get_label())
            for line in (self.lines[name] for name in _LEGEND)
        ]  # fmt: skip
        for index, record in enumerate(self._records):
            line = Line2D([], [], color=colors.runs[index % len(colors.runs)], label=record.name)
            handles.append(line)
        self._loss.legend(
            handles=handles,
            loc="upper right",
            facecolor=colors.background,
            edgecolor="none",
            framealpha=0.85,
            labelcolor=colors.muted,
            prop={"family": text_families(), "size": 8},
        )

    def recolor(self) -> None:
        """Take the theme's colors."""
        colors = theme.palette()
        self._figure.set_facecolor(colors.background)
        self.widget.configure(background=colors.background)
        for axes in (self._loss, self._accuracy):
            axes.set_facecolor(colors.background)
            axes.xaxis.label.set_color(colors.muted)
            axes.tick_params(colors=colors.muted, labelcolor=colors.muted)
            axes.grid(True, axis="y", color=colors.track, linewidth=0.8)
            axes.set_axisbelow(True)
            for spine in axes.spines.values():
                spine.set_color(colors.border)
        meanings = {"validation": colors.validation, "test": colors.test}
        for name, line in self.lines.items():
            line.set_color(meanings.get(name.split("_")[0], colors.train))
        for pointer in self._pointer:
            pointer.set_color(colors.muted)
        self._write_titles()
        self._make_legend()
        self._ground = None

    def _on_full_draw(self, event: Any) -> None:
        """Keep what was drawn, then put the lines on it."""
        if event.canvas is not self._canvas:
            return  # written to a file, lines and all
        self._ground = self._canvas.copy_from_bbox(self._figure.bbox)
        self._draw_lines()

    def _draw_lines(self) -> None:
        for name, line in self.lines.items():
            axes = self._loss if name.endswith("loss") else self._accuracy
            if line.get_visible():
                axes.draw_artist(line)
        for axes, pointer in zip((self._loss, self._accuracy), self._pointer, strict=True):
            if pointer.get_visible():
                axes.draw_artist(pointer)

    def _make_lines(self) -> dict[str, Line2D]:
        thin: dict[str, Any] = {"animated": True, "linewidth": 0.8, "alpha": 0.3}
        thick: dict[str, Any] = {"animated": True, "linewidth": 1.6}
        # Dots of the last epoch and of 100 % lie on the panel's edge: they are not cut.
        dots: dict[str, Any] = {
            "animated": True,
            "clip_on": False,
            "linewidth": 1.4,
            "marker": "o",
            "markersize": 3.5,
        }
        loss, accuracy = self._loss, self._accuracy
        return {
            "step_loss": loss.plot([], [], **thin)[0],
            "train_loss": loss.plot([], [], **thick)[0],
            "validation_loss": loss.plot([], [], **dots)[0],
            "test_loss": loss.plot([], [], **dots)[0],
            "train_accuracy": accuracy.plot([], [], **(dots | {"clip_on": True}))[0],
            "validation_accuracy": accuracy.plot([], [], **dots)[0],
            "test_accuracy": accuracy.plot([], [], **dots)[0],
        }

    def _fit(self, points: Mapping[str, Points]) -> None:
        """Choose the vertical ranges."""
        self._set_range(self._loss, *loss_range(points, is_log=self._is_log))
        self._set_range(self._accuracy, *accuracy_range(points))

    def _set_range(self, axes: Axes, low: float, high: float) -> None:
        if axes.get_ylim() != (low, high):
            axes.set_ylim(low, high)
            self._ground = None

    def _on_configure(self, event: tk.Event[tk.Misc]) -> None:
        """Keep the room for numbers and titles the same at every size."""
        width, height = event.width / self._scale, event.height / self._scale
        inner = width - _LEFT - _BETWEEN - _RIGHT
        if inner < _BETWEEN or height < 2 * (_TOP + _BOTTOM):
            return
        loss = inner * _LOSS_SHARE
        bottom, panel_height = _BOTTOM / height, 1 - (_TOP + _BOTTOM) / height
        self._loss.set_position((_LEFT / width, bottom, loss / width, panel_height))
        left = _LEFT + loss + _BETWEEN
        self._accuracy.set_position((left / width, bottom, (inner - loss) / width, panel_height))


def warm_up() -> None:
    """Draw something small and unseen, so that fonts are found before they are needed."""
    matplotlib.rcParams["font.family"] = text_families()
    figure = Figure(figsize=(1, 1))
    figure.add_subplot().set_title("0")
    _new_unseen_canvas(figure).draw()


def _tick_percent(ratio: float, _position: int | None) -> str:
    """A tick of the accuracy axis, with a decimal only where it has one."""
    ratio = round(ratio, 6)  # ticks are sums, and 1 may come as a little less
    return percent(ratio, 0 if abs(ratio * 100 - round(ratio * 100)) < 0.01 else 1)
