"""Whether one can trust a model: how well confidence and accuracy agree, and what refusing buys."""

from __future__ import annotations

from collections.abc import Sequence

from digitdesk.messages.evaluation import RiskPoint
from digitdesk.messages.exam import Exam
from digitdesk.messages.model import READER
from digitdesk.ui.charts.curve_chart import Axis, Curve, CurveChart
from digitdesk.ui.evaluate.page import ExamPage, Shown
from digitdesk.ui.evaluate.words import model_name
from digitdesk.ui.i18n.text import Sentence, _, percent
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.slider import Slider
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable

_COLORS = ("test", "validation")


class TrustPage(ExamPage):
    """The reliability diagram at the left; coverage, accuracy and their slider at the right."""

    def _build(self) -> None:
        gap = px(self, GAP)
        self.rowconfigure(1, weight=1)
        for column in (0, 1):
            self.columnconfigure(column, weight=1, uniform="half")
        self.calibration = theme.Label(self, style="Muted.TLabel", justify="left")
        self.calibration.grid(row=0, column=0, sticky="sw", padx=(0, 2 * gap), pady=(0, gap))
        self.reliability = CurveChart(self)
        self.reliability.grid(row=1, column=0, sticky="nsew", padx=(0, 2 * gap))
        explain(
            self.reliability,
            _("Of answers that are so sure, how many are right. On the dashed line, confidence is "
              "what it says; below it the model is too sure of itself."),
        )  # fmt: skip
        self.sentence = theme.Label(self, style="Heading.TLabel", justify="left")
        self.sentence.grid(row=0, column=1, sticky="sw", pady=(0, gap))
        self.risk = CurveChart(self, self._pick)
        self.risk.grid(row=1, column=1, sticky="nsew")
        explain(
            self.risk,
            _("The surer it must be to answer, the fewer pictures it answers and the more of those "
              "are right. Pull the line, or move the slider below."),
        )  # fmt: skip
        foot = WrappingRow(self, apart=GAP)
        foot.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        title = theme.Label(foot, text=_("Answers only when so sure:"), style="Muted.TLabel")
        self.slider = Slider(foot, 0.0, self._on_slider, length=200)
        explain(
            self.slider,
            _("The refusal threshold: below it the model says that it is not sure. 0 % answers "
              "everything; 90 to 99 % suits reading that must not go wrong."),
        )  # fmt: skip
        self.value = theme.Label(foot, style="Figures.TLabel", width=8)
        self.save_button = theme.Button(
            foot, text=_("Save as refusal threshold"), command=self._save
        )
        explain(
            self.save_button,
            _("Writes it into the model's card: from then on it refuses less sure answers, on the "
              "board and on the command line, too."),
        )  # fmt: skip
        foot.wrap(title, self.slider, self.value, self.save_button)
        self._foot = foot
        self.threshold = 0.0
        self.bind("<Configure>", lambda _event: self._wrap())

    def _wrap(self) -> None:
        room = max(px(self, 160), self.winfo_width() // 2 - px(self, 3 * GAP))
        for label in (self.calibration, self.sentence):
            label.configure(wraplength=room)

    def _fill(self, shown: Shown) -> None:
        self._show_reliability(shown)
        self._show_risk(shown)
        kept = shown.exam.evaluation.threshold
        self.slider.set(kept or 0.0)
        self._show_threshold(kept or 0.0)

    # -- confidence and accuracy

    def _show_reliability(self, shown: Shown) -> None:
        ranges = shown.exam.evaluation.reliability
        if not ranges:
            self.calibration.configure(text=_("These pictures show none of the classes."))
            self.reliability.clear()
            return
        bar = ranges[0].high - ranges[0].low
        curves = [
            Curve([(r.low, r.accuracy) for r in ranges], "agreed", "bars", bar=bar),
            Curve([(0.0, 0.0), (1.0, 1.0)], "muted", "dashes"),
            *(
                Curve(
                    [(r.confidence, r.accuracy) for r in exam.evaluation.reliability],
                    color,
                    "dots",
                    _name(exam, shown),
                )
                for exam, color in zip(shown.both, _COLORS, strict=False)
            ),
        ]
        share = Axis(_("right"), 0.0, 1.0, _whole_percent)
        self.reliability.show(curves, Axis(_("confidence"), 0.0, 1.0, _whole_percent), share)
        error = percent(shown.exam.evaluation.calibration_error, 2)
        self.calibration.configure(
            text=_("Confidence and accuracy differ by {error} on average.").format(error=error)
        )

    # -- what refusing buys

    def _show_risk(self, shown: Shown) -> None:
        points = shown.exam.evaluation.risk
        if not points:
            self.risk.clear()
            return
        lowest = min(
            point.accuracy for exam in shown.both for point in exam.evaluation.risk
            if point.accuracy is not None
        )  # fmt: skip
        curves = [
            Curve(
                [(p.coverage, p.accuracy) for p in exam.evaluation.risk[::-1]
                 if p.accuracy is not None],
                color, "line", _name(exam, shown),
            )
            for exam, color in zip(shown.both, _COLORS, strict=False)
        ]  # fmt: skip
        low = _floor(lowest)
        write = _whole_percent if 1.0 - low > 0.04 else percent
        self.risk.show(
            curves,
            Axis(_("pictures that are answered"), 0.0, 1.0, _whole_percent),
            Axis(_("right of those"), low, 1.0, write),
        )

    def _pick(self, coverage: float) -> None:
        """The line was pulled to a coverage: take the threshold that answers as many."""
        if self._shown is not None and self._shown.exam.evaluation.risk:
            points = self._shown.exam.evaluation.risk
            nearest = min(points, key=lambda point: abs(point.coverage - coverage))
            self.slider.set(nearest.threshold)

    def _on_slider(self, threshold: float) -> None:
        if self._shown is not None:
            self._show_threshold(threshold)

    def _show_threshold(self, threshold: float) -> None:
        assert self._shown is not None
        points = self._shown.exam.evaluation.risk
        self.threshold = threshold
        self.value.configure(text=percent(threshold))
        is_own = self._shown.exam.model_key != READER
        enable(self.save_button, bool(points) and is_own)
        if not points:
            self.sentence.configure(text="")
            return
        point = _at(points, threshold)
        self.risk.mark(point.coverage)
        self.sentence.configure(text=_said(point))

    def _save(self) -> None:
        shown = self._shown
        if shown is None:
            return
        with self._status.guarding():
            entry = shown.exams.keep_threshold(shown.exam.model_key, self.threshold or None)
            self._services.models_changed(entry.key)
            said = _("The model now refuses answers that are less than {share} sure.")
            self._status.say(said.format(share=percent(self.threshold)))


def _name(exam: Exam, shown: Shown) -> Sentence | str:
    """A model's name where there are two to tell apart."""
    return model_name(exam) if shown.other is not None else ""


def _at(points: Sequence[RiskPoint], threshold: float) -> RiskPoint:
    """The last of the points whose threshold is not above one."""
    return next((p for p in reversed(points) if p.threshold <= threshold + 1e-9), points[0])


def _said(point: RiskPoint) -> Sentence:
    if point.accuracy is None:
        return _("It answers none of the pictures.")
    return _("It answers {covered} of the pictures, and {right} of those right.").format(
        covered=percent(point.coverage), right=percent(point.accuracy, 2)
    )


def _floor(lowest: float) -> float:
    """A round number below the lowest accuracy, so that the curve fills its panel."""
    room = 1.0 - lowest
    return next((1.0 - reach for reach in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if reach > room), 0.0)


def _whole_percent(ratio: float) -> str:
    return percent(ratio, 0)
