"""The two panels of the chart, loss and accuracy: their lines, their look, their words.

What is drawn when, and onto what, is ``figure``'s business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, Locator, LogLocator, MaxNLocator, NullLocator

from digitdesk.training.history.run_history import Mark
from digitdesk.ui.charts.fonts import text_families
from digitdesk.ui.charts.ranges import (
    Lines,
    Points,
    accuracy_range,
    cut_below,
    highest_loss,
    loss_range,
)
from digitdesk.ui.charts.run_record import RunRecord
from digitdesk.ui.i18n.text import NOTHING, _, decimal, percent, setting, setting_title
from digitdesk.ui.toolkit import theme

# Room around the panels for their titles and numbers, in logical pixels.
_LEFT, _RIGHT, _TOP, _BOTTOM, _BETWEEN = 48, 12, 28, 44, 64
_LOSS_SHARE = 0.56
_LEGEND = ("train_loss", "validation_loss", "test_loss")
_CUT = "cut_accuracy"
#: A logarithmic scale that spans less than this, as a ratio, gets even ticks.
_NARROW = 20.0
_WIDEST_LOSS = 10_000.0


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
        self._others: Sequence[Lines] = ()
        self._epochs = 3
        self._is_log = False
        # Said above the losses where some are cut off.
        self.cut_note = self.loss.text(
            1.0, 1.0, "", transform=self.loss.transAxes, fontsize=7, ha="right", va="bottom"
        )
        for axes in self.both:
            axes.spines[["top", "right"]].set_visible(False)
            axes.tick_params(labelsize=8, length=3)
            axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            axes.set_xlim(0, 3)
        self.loss.set_ylim(0, 2.5)
        self.accuracy.set_ylim(0, 1)
        self.accuracy.yaxis.set_major_formatter(FuncFormatter(_tick_percent))
        self.accuracy.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        self._scale_loss()

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
        """Let both span a run, and those that are drawn with it."""
        self._epochs = max(1, epochs)
        longest = max((_end(lines) for lines in self._others), default=0.0)
        for axes in self.both:
            axes.set_xlim(0, max(self._epochs, longest))

    def set_log(self, is_log: bool) -> None:
        """Draw the loss on a logarithmic scale, or not."""
        self._is_log = is_log
        self.loss.set_yscale("log" if is_log else "linear")
        self._scale_loss()

    def set_points(self, points: Mapping[str, Points]) -> bool:
        """Give the lines their points; whether a range had to change for that."""
        runs = (points, *self._others)
        changed = _set_range(self.loss, loss_range(runs, is_log=self._is_log))
        if changed:
            self._scale_loss()
            self._note_cut(max(map(highest_loss, runs)))
        accuracies = accuracy_range(runs)
        cut = cut_below(points["train_accuracy"], accuracies[0])
        for name, line in self.lines.items():
            xs, ys = cut if name == _CUT else points[name]
            line.set_data(xs, ys)
            line.set_visible(bool(xs))
        return _set_range(self.accuracy, accuracies) or changed

    def _scale_loss(self) -> None:
        """Put ticks where they can be told apart, each with a plain number."""
        low, high = self.loss.get_ylim()
        is_wide = self._is_log and high > _NARROW * low > 0
        locator: Locator = LogLocator(subs=(1.0, 2.0, 5.0), numticks=8) if is_wide else _even()
        axis = self.loss.yaxis
        axis.set_major_locator(locator)
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(_tick_loss))

    def _note_cut(self, highest: float) -> None:
        """Say how high the losses go that are cut off above."""
        is_cut = highest > self.loss.get_ylim()[1]
        said = _("first steps up to {loss}, cut off").format(loss=decimal(highest, 2) or NOTHING)
        self.cut_note.set_text(said if is_cut else "")
        self.cut_note.set_fontfamily(text_families())

    # -- earlier runs

    def show_others(self, records: Sequence[RunRecord], marks: Sequence[Mark]) -> None:
        """Draw earlier runs below the present one, and where its settings were changed."""
        for extra in self.extras:
            extra.remove()
        self.extras = []
        colors = theme.palette()
        self._others = [
            {name: line.points() for name, line in record.history.series.items()}
            for record in records
        ]
        self.set_epochs(self._epochs)
        for record, lines in zip(records, self._others, strict=True):
            color = _color(record)
            for axes, name, style in (
                (self.loss, "train_loss", "-"),
                (self.accuracy, "test_accuracy", "o--"),
            ):
                line = axes.plot(
                    *lines[name], style, color=color, linewidth=1.0, markersize=3, alpha=0.8
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
            self.cut_note.set_color(colors.muted)
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
        handles += [Line2D([], [], color=_color(r), label=r.name) for r in self._records]
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
            # Where the line of training falls through the floor.
            _CUT: accuracy.plot(
                [], [], animated=True, clip_on=False, linestyle="", marker="v", markersize=5
            )[0],
        }


def _set_range(axes: Axes, heights: tuple[float, float]) -> bool:
    """Let a panel span these heights; whether it did not before."""
    if axes.get_ylim() == heights:
        return False
    axes.set_ylim(*heights)
    return True


def _color(record: RunRecord) -> str:
    colors = theme.palette().runs
    return colors[record.color % len(colors)]


def _end(lines: Lines) -> float:
    """Where a run has come to, in epochs."""
    return max((xs[-1] for xs, _ys in lines.values() if xs), default=0.0)


def _even() -> MaxNLocator:
    return MaxNLocator(5)


def _tick_loss(loss: float, _position: int | None) -> str:
    """A tick of the loss axis: ``0.25``, ``2``, ``5e6`` where the number would be too wide."""
    if abs(loss) < _WIDEST_LOSS:
        return f"{round(loss, 10):g}"
    digits, power = f"{loss:e}".split("e")
    return f"{float(digits):g}e{int(power)}"


def _tick_percent(ratio: float, _position: int | None) -> str:
    """A tick of the accuracy axis, with a decimal only where it has one."""
    ratio = round(ratio, 6)  # ticks are sums, and 1 may come as a little less
    return percent(ratio, 0 if abs(ratio * 100 - round(ratio * 100)) < 0.01 else 1)
