"""What breaks a model: sliders spoil pictures, and figures and curves say what that does."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tk_font
from typing import TYPE_CHECKING

from digitdesk.messages.exam import Damage, DamageCurve, DamagePoint, ItemDetail
from digitdesk.ui.charts.cells import Cell, Shape
from digitdesk.ui.charts.curve_chart import Axis, Curve, CurveChart
from digitdesk.ui.charts.photos import zoom_for
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.evaluate.page import ExamPage, Shown
from digitdesk.ui.evaluate.widgets.damage_row import DamageRow, damage_title
from digitdesk.ui.evaluate.words import Captions, model_name
from digitdesk.ui.i18n.text import _, accuracy, joined, percent, plural
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain

if TYPE_CHECKING:
    from digitdesk.session.jobs import Job

_SAMPLES = 6
_PICTURE, _REST_MS = 56, 120
_COLORS = ("test", "validation")


class DamagePage(ExamPage):
    """Ten sliders at the left; pictures, a figure and a curve of the one that was moved last."""

    def _build(self) -> None:
        gap = px(self, GAP)
        background, fail = self._services.background, self._services.status.show_error
        self.rows: dict[str, DamageRow] = {}
        self._chosen = ""
        self._strength = 0.0
        self._indices: tuple[int, ...] = ()
        self._captions: Captions | None = None
        self._samples_job = LatestJob(background, fail)
        self._figure_job = LatestJob(background, fail)
        self._curve_job = LatestJob(background, fail)
        self._measure_later = Timer(self, _REST_MS, self._measure)
        self.points: tuple[DamagePoint, ...] = ()
        self.columnconfigure(1, weight=1)
        self.rowconfigure(0, weight=1)
        self._sliders = theme.Frame(self)
        self._sliders.grid(row=0, column=0, sticky="nw", padx=(0, 3 * gap))
        right = theme.Frame(self)
        right.grid(row=0, column=1, sticky="nsew")
        right.columnconfigure(0, weight=1)
        right.rowconfigure(2, weight=1)
        self.samples = SampleRow(right)
        self.samples.grid(row=0, column=0, sticky="ew")
        self.figure = WrappedLabel(right, "Heading.TLabel")
        self.figure.grid(row=1, column=0, sticky="ew", pady=gap)
        self.chart = CurveChart(right, self._pick)
        self.chart.grid(row=2, column=0, sticky="nsew")
        explain(
            self.chart,
            _("How many of 1,000 pictures are read right, over the whole range. Pull the line, or "
              "move the slider."),
        )  # fmt: skip

    # -- what is shown

    def _fill(self, shown: Shown) -> None:
        self._cancel()
        if not self.rows:
            for place, damage in enumerate(shown.exams.damages()):
                self.rows[damage.name] = DamageRow(self._sliders, place, damage, self._on_move)
            self._chosen = next(iter(self.rows))
        font = tk_font.nametofont(theme.font("small"), root=self)
        self._captions = Captions(shown.exam.evaluation.class_names, font)
        total = shown.exam.evaluation.n
        apart = max(1, total // _SAMPLES)
        self._indices = tuple(range(0, total, apart))[:_SAMPLES]
        damage = self.rows[self._chosen].damage
        self._choose(damage, damage.default)

    def leave(self) -> None:
        """Measure nothing that nobody sees; it is begun anew when the page is seen again."""
        jobs = (self._samples_job, self._figure_job, self._curve_job)
        if self._measure_later.is_pending or any(job.is_busy for job in jobs):
            self._cancel()
            self._shown = None

    def _cancel(self) -> None:
        self._measure_later.cancel()
        for job in (self._samples_job, self._figure_job, self._curve_job):
            job.cancel()

    def _on_move(self, damage: Damage, strength: float) -> None:
        if damage.name != self._chosen:
            self._choose(damage, strength)
        else:
            self._spoil(strength)

    def _pick(self, strength: float) -> None:
        row = self.rows[self._chosen]
        ratio = (strength - row.damage.low) / (row.damage.high - row.damage.low)
        row.put(row.strength_at(ratio))
        self._spoil(row.strength_at(ratio))

    def _choose(self, damage: Damage, strength: float) -> None:
        """Look at another damage; only one at a time spoils the pictures."""
        self._chosen = damage.name
        for row in self.rows.values():
            row.show_chosen(row.damage.name == damage.name)
            if row.damage.name != damage.name:
                row.reset()
        self.rows[damage.name].put(strength)
        self._spoil(strength)
        self._draw_curves()

    def _spoil(self, strength: float) -> None:
        """Show pictures spoiled so much at once, and measure when the slider rests."""
        self._strength = strength
        self.chart.mark(strength)
        self._figure_job.cancel()
        self._measure_later.restart()
        shown, name, indices = self._shown, self._chosen, self._indices
        if shown is not None:
            self._samples_job.ask(
                lambda job: [
                    shown.exams.damaged(shown.exam.key, index, name, strength)
                    for index in indices
                    if not job.is_cancelled()
                ],
                self._show_samples,
            )

    def _show_samples(self, details: list[ItemDetail]) -> None:
        if self._captions is not None:
            self.samples.show(details, self._captions)

    # -- figures

    def _measure(self) -> None:
        shown, name, strength = self._shown, self._chosen, self._strength
        if shown is None:
            return

        def work(job: Job[list[DamagePoint]]) -> list[DamagePoint]:
            return [
                shown.exams.damage_accuracy(exam.key, name, strength, job.report, job.is_cancelled)
                for exam in shown.both
            ]

        self._figure_job.ask(work, self._show_figure)

    def _show_figure(self, points: list[DamagePoint]) -> None:
        shown, row = self._shown, self.rows[self._chosen]
        if shown is None:
            return
        self.points = tuple(points)
        said = [
            _("{model} {accuracy}").format(
                model=model_name(exam), accuracy=accuracy(point.accuracy, point.interval)
            )
            for exam, point in zip(shown.both, points, strict=True)
        ]
        n = plural("on {n} picture", "on {n} pictures", points[0].n)
        head = joined(" ", (damage_title(row.damage.name), row.write(self._strength), n))
        self.figure.configure(text=joined("\n", (head, joined("  ·  ", said))))

    def _draw_curves(self) -> None:
        shown, name = self._shown, self._chosen
        if shown is None:
            return
        self._show_curves([])

        def work(job: Job[list[DamageCurve]]) -> list[DamageCurve]:
            curves = []
            for place, exam in enumerate(shown.both):

                def report(done: int, total: int, place: int = place) -> None:
                    job.report(place * total + done, len(shown.both) * total)

                curves.append(shown.exams.damage_curve(exam.key, name, report, job.is_cancelled))
            return curves

        self._curve_job.ask(work, self._show_curves)

    def _show_curves(self, curves: list[DamageCurve]) -> None:
        shown, damage = self._shown, self.rows[self._chosen].damage
        if shown is None:
            return
        write = self.rows[damage.name].write
        lines = [
            Curve(
                [(point.strength, point.accuracy) for point in curve.points],
                color, "dots", model_name(exam) if shown.other is not None else "",
            )
            for exam, curve, color in zip(shown.both, curves, _COLORS, strict=False)
        ]  # fmt: skip
        self.chart.show(
            lines,
            Axis(damage_title(damage.name), damage.low, damage.high, write),
            Axis(_("right"), 0.0, 1.0, lambda ratio: percent(ratio, 0)),
        )
        self.chart.mark(self._strength)


class SampleRow(theme.Canvas):
    """Some pictures beside each other, with what is said of each.

    Args:
        parent: The widget to sit in.
    """

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, width=px(parent, 8 * GAP), highlightthickness=0, borderwidth=0)
        self._cells: list[Cell] = []
        self._details: list[ItemDetail] = []
        self._captions: Captions | None = None
        self.configure(height=px(self, _PICTURE + 3 * GAP))
        self.bind("<Configure>", lambda _event: self._draw())
        self.bind("<<ThemeChanged>>", lambda _event: self._draw())
        follow_language(self, self._draw)
        theme.follow_size(self, self._draw)

    @property
    def details(self) -> list[ItemDetail]:
        """What is shown."""
        return self._details

    def show(self, details: list[ItemDetail], captions: Captions) -> None:
        """Show what became of some pictures."""
        self._details, self._captions = details, captions
        self._draw()

    def _draw(self) -> None:
        self.configure(background=theme.palette().background)
        if self._captions is None:
            return
        font = tk_font.nametofont(theme.font("small"), root=self)
        lines = self._captions.widest.splitlines()
        shape = Shape(
            zoom_for(self, _PICTURE), px(self, GAP),
            len(lines) * font.metrics("linespace"), max(map(font.measure, lines)),
        )  # fmt: skip
        self.configure(height=shape.height + px(self, GAP / 2))
        while len(self._cells) < len(self._details):
            self._cells.append(Cell(self))
        room = max(1, self.winfo_width() // shape.width)
        for place, cell in enumerate(self._cells):
            if place >= min(room, len(self._details)):
                cell.hide()
                continue
            item = self._details[place].item
            cell.put(place * shape.width, px(self, 2), shape)
            cell.show(item.picture, self._captions.of(item), zoom=shape.zoom,
                      is_wrong=bool(item.label) and not item.is_right)  # fmt: skip
            cell.ring("")
