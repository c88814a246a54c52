"""From ink to input: every step of the preparation, and how usual this drawing is."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tk_font

from digitdesk.messages.inside.preparation import (
    InkDistribution,
    Preparation,
    PreparationStep,
)
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Prediction
from digitdesk.ui.charts.curve_chart import CurveChart
from digitdesk.ui.charts.ink_chart import ink_chart
from digitdesk.ui.charts.photos import ZoomedPhoto
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.i18n.text import Sentence, _, percent
from digitdesk.ui.inside.page import InsidePage
from digitdesk.ui.inside.subject import Subject
from digitdesk.ui.inside.widgets.fitting import fitted_zoom, shrunk
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown

_SIDE = 112
_STEPS = 5


class StepView(theme.Canvas):
    """One step: its picture, its name, and the answer without it.

    Args:
        parent: The widget to sit in.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(
            parent, width=px(parent, _SIDE), height=px(parent, _SIDE + 80),
            highlightthickness=0, borderwidth=0,
        )  # fmt: skip
        self._photo = ZoomedPhoto(self)
        self._step: PreparationStep | None = None
        self._answer = ""
        self.bind("<Configure>", lambda _event: self._draw())
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        theme.follow_size(self, self._draw)

    def show(self, step: PreparationStep, answer: str) -> None:
        """Show a step of a drawing that is read as something with all steps."""
        self._step, self._answer = step, answer
        self._draw()

    @property
    def said(self) -> str:
        """What is written below the picture."""
        step = self._step
        return "" if step is None else str(_without(step.without))

    def _draw(self) -> None:
        colors, step = theme.palette(), self._step
        self.configure(background=colors.background)
        self.delete("all")
        if step is None:
            return
        small = theme.font("small")
        line = tk_font.nametofont(small, root=self).metrics("linespace")
        side = int(px(self, _SIDE))
        self.create_text(0, 0, anchor="nw", text=str(_name_of(step.name)), fill=colors.text,
                         font=theme.font("heading"))  # fmt: skip
        top = line + int(px(self, GAP))
        self._show_picture(step.picture, top, side)
        if step.without is None:
            return
        is_other = step.without.label != self._answer
        self.create_text(
            0, top + side + px(self, GAP / 2), anchor="nw", text=str(_without(step.without)),
            width=self.winfo_width(), font=small,
            fill=colors.danger if is_other else colors.muted,
        )  # fmt: skip

    def _show_picture(self, picture: Picture, top: int, side: int) -> None:
        """In a square of one size, whatever the picture's."""
        small = shrunk(picture, side)
        zoom = fitted_zoom(small, side)
        self._photo.show(small, zoom)
        self.create_rectangle(0, top, side, top + side, width=0, fill=theme.palette().ink_ground)
        self.create_image(side // 2, top + side // 2, image=self._photo.image)


class PreparePage(InsidePage):
    """Steps in a row above, three histograms below.

    Attributes:
        steps: One for each step.
        charts: One for each feature of the ink.
    """

    seen = _(
        "How your ink becomes what the network sees, and what it would say if a step were left "
        "out; below, where your ink lies among the training pictures."
    )
    to_try = _("Draw tiny in a corner, or with a very thick pen, and see which step saves it.")

    def _build(self) -> None:
        gap, body = px(self, GAP), self.body
        self._job = LatestJob(self._services.background, self._status.show_error)
        self._usual_job = LatestJob(self._services.background, self._status.show_error)
        self._usual: InkDistribution | None = None
        self._usual_data = ""
        self._prepared: Preparation | None = None
        body.columnconfigure(0, weight=1)
        body.rowconfigure(2, weight=1)
        self.row = theme.Frame(body)
        self.row.grid(row=0, column=0, sticky="ew")
        self.steps = [StepView(self.row) for _step in range(_STEPS)]
        for column, view in enumerate(self.steps):
            self.row.columnconfigure(column, weight=1, uniform="step")
            view.grid(row=0, column=column, sticky="ew", padx=(gap if column else 0, 0))
        self.hint = theme.Label(body, style="Muted.TLabel", anchor="w", justify="left", width=1)
        self.hint.grid(row=1, column=0, sticky="ew")
        below = self._below = theme.Frame(body)
        below.grid(row=2, column=0, sticky="nsew", pady=(gap, 0))
        below.rowconfigure(0, weight=1)
        self.charts = [CurveChart(below) for _feature in range(3)]
        for column, chart in enumerate(self.charts):
            below.columnconfigure(column, weight=1, uniform="chart")
            chart.configure(width=px(self, 152), height=px(self, 152))
            chart.grid(row=0, column=column, sticky="nsew", padx=(2 * gap if column else 0, 0))
            explain(
                chart,
                _("How often the ink of a training picture is like that; the line is yours."),
            )
        self._show_parts(False)

    # -- what is shown

    def _show(self, subject: Subject, before: Subject | None) -> None:
        if not subject.strokes:
            self._prepared = None
            self.hint.configure(
                text=_("A picture of a data set is prepared already: wipe the board and draw.")
                if subject.truth
                else _("Draw a digit on the board: here its way to the network appears.")
            )
            self._job.cancel()
            self._show_parts(False)
            return
        inside, key, edits = subject.inside, subject.model_key, subject.edits
        strokes = subject.strokes
        self._job.ask(lambda _job: inside.preparation(key, strokes, edits), self._take)
        data = subject.data
        if data and data != self._usual_data:
            self._usual_data = data
            self._usual_job.ask(lambda _job: inside.ink_distribution(data), self._take_usual)

    def _show_parts(self, has_ink: bool) -> None:
        set_shown(self.row, has_ink)
        set_shown(self._below, has_ink)
        set_shown(self.hint, not has_ink)

    def _take(self, prepared: Preparation) -> None:
        self._prepared = prepared
        self._show_parts(True)
        for view, step in zip(self.steps, prepared.steps, strict=False):
            view.show(step, prepared.prediction.label)
        self._draw_charts()

    def _take_usual(self, usual: InkDistribution) -> None:
        self._usual = usual
        for chart in self.charts:
            chart.clear()
        self._draw_charts()

    def _draw_charts(self) -> None:
        prepared, usual = self._prepared, self._usual
        if prepared is None or usual is None:
            return
        for chart, histogram, value in zip(
            self.charts, usual.features, prepared.features, strict=True
        ):
            if not chart.curves:
                chart.show(*ink_chart(histogram, usual.count, _("training pictures")))
            chart.mark(value)


def _name_of(step: str) -> Sentence:
    names = {
        "drawn": _("as drawn"),
        "cropped": _("cut out"),
        "fitted": _("fitted to 20×20"),
        "pen": _("usual pen"),
        "centered": _("centered"),
    }
    return names[step]


def _without(prediction: Prediction | None) -> Sentence | str:
    if prediction is None:
        return ""
    if not prediction.probabilities:
        return _("without it: nothing to read")
    return _("without it: {name}, {percent}").format(
        name=prediction.label, percent=percent(prediction.confidence, 0)
    )
