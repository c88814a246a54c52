"""The two panels of the chart, loss and accuracy: their lines, their look, their words.

What is drawn when, and onto what, is ``figure``'s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from digitdesk.training.history.run_history import Mark
from digitdesk.ui.charts.fonts import text_families
from digitdesk.ui.charts.ranges import Points, accuracy_range, loss_range
from digitdesk.ui.charts.run_record import RunRecord
from digitdesk.ui.i18n.text import _, percent, setting, setting_title
from digitdesk.ui.toolkit import theme

# Room around the panels for their titles and numbers, in logical pixels.
_LEFT, _RIGHT, _TOP, _BOTTOM, _BETWEEN = 48, 12, 28, 44, 64
_LOSS_SHARE = 0.56
_LEGEND = ("train_loss", "validation_loss", "test_loss")


class Panels:
    """Lines that are made once and given new points.

    Args:
        figure: Empty; gets the panels.

    Attributes:
        loss: The left panel.
        accuracy: The right panel.
        lines: The lines of the present run by name.
        extras: What else is drawn: earlier runs, and marks of changed settings.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self.loss: Axes = figure.add_subplot(1, 2, 1)
        self.accuracy: Axes = figure.add_subplot(1, 2, 2)
        self.lines = self._make_lines()
        self.extras: list[Any] = []
        self._records: Sequence[RunRecord] = ()
        self._is_log = False
        for axes in self.both:
            axes.spines[["top", "right"]].set_visible(False)
            axes.tick_params(labelsize=8, length=3)
            axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            axes.set_xlim(0, 3)
        self.loss.set_ylim(0, 2.5)
        self.accuracy.set_ylim(0, 1)
        self.accuracy.yaxis.set_major_formatter(FuncFormatter(_tick_percent))
        self.accuracy.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        self.loss.yaxis.set_major_locator(MaxNLocator(5))

    @property
    def both(self) -> tuple[Axes, Axes]:
        """Loss and accuracy."""
        return self.loss, self.accuracy

    def axes_of(self, name: str) -> Axes:
        """The panel that a line lies in."""
        return self.loss if name.endswith("loss") else self.accuracy

    def place(self, width: float, height: float) -> None:
        """Keep the room for numbers and titles the same at every size, in logical pixels."""
        inner = width - _LEFT - _BETWEEN - _RIGHT
        if inner < _BETWEEN or height < 2 * (_TOP + _BOTTOM):
            return
        loss = inner * _LOSS_SHARE
        bottom, panel_height = _BOTTOM / height, 1 - (_TOP + _BOTTOM) / height
        self.loss.set_position((_LEFT / width, bottom, loss / width, panel_height))
        left = _LEFT + loss + _BETWEEN
        self.accuracy.set_position((left / width, bottom, (inner - loss) / width, panel_height))

    # -- what they span

    def set_epochs(self, epochs: int) -> None:
        """Let both span a run."""
        for axes in self.both:
            axes.set_xlim(0, max(1, epochs))

    def set_log(self, is_log: bool) -> None:
        """Draw the loss on a logarithmic scale, or not."""
        self._is_log = is_log
        self.loss.set_yscale("log" if is_log else "linear")
        if not is_log:
            self.loss.yaxis.set_major_locator(MaxNLocator(5))

    def set_points(self, points: Mapping[str, Points]) -> bool:
        """Give the lines their points; whether a range had to change for that."""
        for name, line in self.lines.items():
            xs, ys = points[name]
            line.set_data(xs, ys)
            line.set_visible(bool(xs))
        changed = _set_range(self.loss, loss_range(points, is_log=self._is_log))
        return _set_range(self.accuracy, accuracy_range(points)) or changed

    # -- earlier runs

    def show_others(self, records: Sequence[RunRecord], marks: Sequence[Mark]) -> None:
        """Draw earlier runs below the present one, and where its settings were changed."""
        for extra in self.extras:
            extra.remove()
        self.extras = []
        colors = theme.palette()
        for index, record in enumerate(records):
            color = colors.runs[index % len(colors.runs)]
            for axes, name, style in (
                (self.loss, "train_loss", "-"),
                (self.accuracy, "test_accuracy", "o--"),
            ):
                xs, ys = record.history.series[name].points()
                line = axes.plot(
                    xs, ys, style, color=color, linewidth=1.0, markersize=3, alpha=0.8
                )[0]
                line.set_gid(record.name)
                self.extras.append(line)
        for number, mark in enumerate(marks):
            for axes in self.both:
                self.extras.append(axes.axvline(mark.x, color=colors.muted, linewidth=0.8, ls=":"))
            self.extras.append(self._write_mark(mark, number, colors.muted))
        self._records = records
        self._make_legend()

    def _write_mark(self, mark: Mark, number: int, color: str) -> Any:
        """The name of a changed setting beside its line, each a row below the one before."""
        is_late = mark.x > 0.6 * self.loss.get_xlim()[1]
        return self.loss.annotate(
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

    # -- look and words

    def name_lines(self) -> None:
        """Name the lines in the language of now; ``recolor`` writes all words anew."""
        for name, label in (
            ("train_loss", _("train")),
            ("validation_loss", _("validation")),
            ("test_loss", _("test")),
        ):
            self.lines[name].set_label(label)

    def recolor(self) -> None:
        """Take the theme's colors, and write titles and legend in them."""
        colors = theme.palette()
        self._figure.set_facecolor(colors.background)
        for axes in self.both:
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
        self._write_titles()
        self._make_legend()

    def _write_titles(self) -> None:
        family = text_families()
        for axes, title in ((self.loss, _("Loss")), (self.accuracy, _("Accuracy"))):
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
        self.loss.legend(
            handles=handles,
            loc="upper right",
            facecolor=colors.background,
            edgecolor="none",
            framealpha=0.85,
            labelcolor=colors.muted,
            prop={"family": text_families(), "size": 8},
        )

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
        loss, accuracy = self.loss, self.accuracy
        return {
            "step_loss": loss.plot([], [], **thin)[0],
            "train_loss": loss.plot([], [], **thick)[0],
            "validation_loss": loss.plot([], [], **dots)[0],
            "test_loss": loss.plot([], [], **dots)[0],
            "train_accuracy": accuracy.plot([], [], **(dots | {"clip_on": True}))[0],
            "validation_accuracy": accuracy.plot([], [], **dots)[0],
            "test_accuracy": accuracy.plot([], [], **dots)[0],
        }


def _set_range(axes: Axes, heights: tuple[float, float]) -> bool:
    """Let a panel span these heights; whether it did not before."""
    if axes.get_ylim() == heights:
        return False
    axes.set_ylim(*heights)
    return True


def _tick_percent(ratio: float, _position: int | None) -> str:
    """A tick of the accuracy axis, with a decimal only where it has one."""
    ratio = round(ratio, 6)  # ticks are sums, and 1 may come as a little less
    return percent(ratio, 0 if abs(ratio * 100 - round(ratio * 100)) < 0.01 else 1)
