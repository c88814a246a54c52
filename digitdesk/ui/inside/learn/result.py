"""What a lesson led to: the answer before and after, the loss step by step, and other rates."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages.inside.lesson import Lesson, RatePoint
from digitdesk.ui.charts.curve_chart import Axis, Curve, CurveChart
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.i18n.text import _, decimal, joined, percent, plural
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

#: The curve's axis ends at so many times the loss before, or at the second number if that is more.
_HIGHEST, _LEAST_LOSS = 1.5, 0.1


class LearnResult(theme.Frame):
    """Bars at the left, a curve at the right.

    Args:
        parent: The widget to sit in.
        on_rate: Takes the rate that was pressed on the curve.

    Attributes:
        bars: The probabilities after the last step; those before are the thin lines.
    """

    def __init__(self, parent: tk.Misc, on_rate: Callable[[float], None]) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self._before = 0.0
        self.columnconfigure((0, 1), weight=1, uniform="half")
        self.rowconfigure(1, weight=1)
        self.said = theme.Label(self, style="Figures.TLabel", anchor="w", width=1)
        self.said.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self.bars = ProbabilityBars(self)
        self.bars.grid(row=1, column=0, sticky="nsew", padx=(0, 2 * gap))
        explain(
            self.bars,
            _("The bar is the probability after the step, the thin line below it before."),
        )
        self.chart = CurveChart(self, lambda power: on_rate(10.0**power))
        self.chart.grid(row=1, column=1, sticky="nsew")
        explain(
            self.chart,
            _("The loss after one step with each rate: too small changes nothing, too large "
              "throws it off. A click chooses a rate."),
        )  # fmt: skip

    def show(self, lesson: Lesson, names: Sequence[str]) -> None:
        """Show what a lesson led to."""
        first, last = lesson.steps[0], lesson.steps[-1]
        self._before = first.loss
        self.bars.show(names, last.probabilities)
        self.bars.show_other(names, first.probabilities)
        name, label = names[lesson.label], lesson.label
        steps = plural("after {n} step", "after {n} steps", last.step)
        said = _("p of {name}: {before} → {after}").format(
            name=name, before=percent(first.probabilities[label]),
            after=percent(last.probabilities[label]),
        )  # fmt: skip
        loss = _("loss: {before} → {after}").format(
            before=decimal(first.loss), after=decimal(last.loss)
        )
        self.said.configure(text=joined(" · ", (steps, said, loss)))

    def show_rates(self, points: Sequence[RatePoint], rate: float) -> None:
        """Show the loss after one step by its rate; nothing yet for no points."""
        usable = [point for point in points if math.isfinite(point.loss)]
        if not usable:
            self.chart.clear()
            return
        # A step that is far too large leads far beyond the page, where the exact place is no news.
        most = _HIGHEST * max(self._before, min(point.loss for point in usable), _LEAST_LOSS)
        curve = [(math.log10(point.rate), min(point.loss, most)) for point in usable]
        x = Axis(_("learning rate"), curve[0][0], curve[-1][0], _power)
        y = Axis(_("loss after one step"), 0.0, most, lambda value: f"{value:g}")
        before = [(curve[0][0], self._before), (curve[-1][0], self._before)]
        lines = (Curve(before, "muted", "dashes", _("before")), Curve(curve, "train", "dots"))
        self.chart.show(lines, x, y)
        self.mark_rate(rate)

    def mark_rate(self, rate: float) -> None:
        """Mark the rate of the lesson."""
        self.chart.mark(math.log10(rate))


def _power(exponent: float) -> str:
    """A power of ten as a number; nothing between two."""
    return f"{10.0**exponent:g}" if abs(exponent - round(exponent)) < 1e-6 else ""
