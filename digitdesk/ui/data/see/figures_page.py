"""A set in figures: each class's average picture, how many there are, and what the ink is like."""

from __future__ import annotations

from dataclasses import dataclass
from tkinter import font as tk_font

from digitdesk.messages.inside.preparation import FEATURES, InkDistribution
from digitdesk.messages.own.pictures import PictureSet
from digitdesk.messages.picture import DIGIT_SIDE, Picture
from digitdesk.ui.charts.curve_chart import CurveChart
from digitdesk.ui.charts.gallery import Caption, Gallery, GalleryPage
from digitdesk.ui.charts.ink_chart import ink_chart
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.data.page import DataPage
from digitdesk.ui.data.words import Captions, count_of, part_title
from digitdesk.ui.i18n.text import Sentence, _, core_phrase, joined, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

#: Of the charts, in logical pixels.
_CHART = (152, 152)
#: How wide an average picture is to be, in logical pixels.
_AVERAGE = 84
_BLANK = Picture(DIGIT_SIDE, DIGIT_SIDE, bytes(DIGIT_SIDE**2))


@dataclass(frozen=True, slots=True)
class ClassAverage:
    """A class: its place among the labels, the mean of its pictures, and what is said below it."""

    label: int
    picture: Picture
    words: str


class FiguresPage(DataPage):
    """Where the set comes from, its classes, and below them three histograms of its ink.

    Attributes:
        part: Which part is counted and measured.
        about: Where it comes from, and what was done to it.
        classes: The average pictures.
        charts: One for each feature of the ink.
    """

    def _build(self) -> None:
        gap = px(self, GAP)
        self._average_job = LatestJob(self._services.background, self._status.show_error)
        self._ink_job = LatestJob(self._services.background, self._status.show_error)
        self._averages: tuple[ClassAverage, ...] = ()
        self.columnconfigure(0, weight=1)
        self.rowconfigure((2, 3), weight=1)
        self.part = ChoiceBox(
            self, _("Which part is counted and measured."), self._measure, width=13
        )
        self.part.widget.grid(row=0, column=0, sticky="w")
        self.about = WrappedLabel(self)
        self.about.grid(row=1, column=0, sticky="ew", pady=(gap // 2, gap))
        self.classes: Gallery[ClassAverage] = Gallery(
            self, self._ask, lambda one: Caption(one.words), self._on_class, side=_AVERAGE
        )
        self.classes.canvas.configure(height=px(self, 1.5 * _AVERAGE))
        self.classes.grid(row=2, column=0, sticky="nsew")
        explain(
            self.classes.canvas,
            _("The average picture of each class, and how many there are. A click shows them all."),
        )
        below = theme.Frame(self)
        below.grid(row=3, column=0, sticky="nsew", pady=(gap, 0))
        below.rowconfigure(0, weight=1)
        self.charts = [CurveChart(below) for _feature in FEATURES]
        for column, chart in enumerate(self.charts):
            below.columnconfigure(column, weight=1, uniform="chart")
            chart.configure(width=px(self, _CHART[0]), height=px(self, _CHART[1]))
            chart.grid(row=0, column=column, sticky="nsew", padx=(2 * gap if column else 0, 0))
            explain(chart, _("How often the ink of a picture of this set is like that."))

    def _fill(self, shown: PictureSet) -> None:
        self.part.choose("")
        self.part.offer({name: part_title(name) for name in ("", *_part_names(shown))})
        self.about.configure(text=_origin(shown))
        self._measure()

    def _measure(self) -> None:
        shown, part, pictures = self._shown, self.part.chosen, self._pictures
        if shown is None:
            return
        for chart in self.charts:
            chart.clear()
        self._averages = ()
        self.classes.reload(_("Computing …"))
        self._average_job.ask(lambda _job: pictures.averages(shown.key, part), self._take_averages)
        self._ink_job.ask(lambda _job: pictures.distribution(shown.key, part), self._take_ink)

    def _take_averages(self, pictures: tuple[Picture | None, ...]) -> None:
        shown = self._shown
        if shown is None:
            return
        font = tk_font.nametofont(theme.font("small"), root=self)
        names = Captions(shown.labels, font)
        self._averages = tuple(
            ClassAverage(
                label, picture or _BLANK,
                f"{names.short(shown.labels[label])}\n{self._counts(shown, label)}",
            )
            for label, picture in enumerate(pictures)
        )  # fmt: skip
        widest = max((one.words for one in self._averages), key=len, default="0\n0")
        self.classes.reload(_("There are no pictures in this part."), widest)

    def _counts(self, shown: PictureSet, label: int) -> str:
        """How many pictures a class has in each part that is counted."""
        parts = (self.part.chosen,) if self.part.chosen else _part_names(shown)
        return "\n+ ".join(whole(count_of(shown, label, part)) for part in parts)

    def _take_ink(self, found: InkDistribution) -> None:
        for chart, histogram in zip(self.charts, found.features, strict=True):
            chart.show(*ink_chart(histogram, found.count, _("pictures")))

    def _ask(self, first: int, count: int) -> GalleryPage[ClassAverage]:
        return GalleryPage(self._averages[first : first + count], len(self._averages))

    def _on_class(self, one: ClassAverage) -> None:
        self._commands.show_class(one.label)


def _part_names(shown: PictureSet) -> tuple[str, ...]:
    return tuple(part.part for part in shown.parts)


def _origin(shown: PictureSet) -> Sentence:
    """Where a set comes from, and what was done to it."""
    said: list[Sentence] = []
    card = shown.card
    if card is not None and card.source:
        origin = _("From {source} ({kind}), {date}.")
        said.append(
            origin.format(source=card.source, kind=core_phrase(card.kind), date=card.made[:10])
        )
    said += [core_phrase(note) for note in shown.notes]
    return joined(" ", said)
