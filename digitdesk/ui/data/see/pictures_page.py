"""Every picture of a set, a page at a time; those whose label a model doubts, first."""

from __future__ import annotations

from collections.abc import Sequence
from tkinter import font as tk_font

from digitdesk.messages.model import READER, TRAINING, ModelEntry
from digitdesk.messages.own.pictures import PictureSet, SeenPicture, Suspicions
from digitdesk.messages.prediction import Prediction
from digitdesk.ui.charts.gallery import Caption, Gallery, GalleryPage
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.data.page import DataPage
from digitdesk.ui.data.see.detail import DetailCommands, PictureDetail
from digitdesk.ui.data.see.selection_bar import NOBODY, SelectionBar
from digitdesk.ui.data.words import DOUBTFUL, Captions
from digitdesk.ui.i18n.text import _, joined, plural, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain


class PicturesPage(DataPage):
    """Lists above, the pictures at the left, one of them large at the right.

    Attributes:
        bar: Which pictures, and whom to ask.
        gallery: The pictures.
        detail: The one that was clicked.
    """

    def _build(self) -> None:
        gap = px(self, GAP)
        self._captions: Captions | None = None
        self._asked = ("", "", "")
        self._suspicions: Suspicions | None = None
        self._say_job = LatestJob(self._services.background, self._status.show_error)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.bar = SelectionBar(self, self._on_selection, self._on_model)
        self.bar.grid(row=0, column=0, columnspan=2, sticky="ew")
        self.summary = theme.Label(self, style="Small.Figures.TLabel", anchor="w", width=1)
        self.summary.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(gap // 2, gap // 2))
        self.gallery: Gallery[SeenPicture] = Gallery(
            self, self._ask, self._caption, self._show_large, self._say_count
        )
        self.gallery.grid(row=2, column=0, sticky="nsew", padx=(0, 2 * gap))
        explain(
            self.gallery.canvas,
            _("The pictures as a network sees them, each with its label. A click shows one large; "
              "arrow keys go from one to the next."),
        )  # fmt: skip
        self.detail = PictureDetail(self, DetailCommands(self._put_on_board, self._look_inside))
        self.detail.grid(row=2, column=1, sticky="nsew")

    # -- what is asked of it

    def offer_models(self, entries: Sequence[ModelEntry]) -> None:
        """Offer models to ask."""
        self.bar.offer_models(entries)

    def see_class(self, place: int) -> None:
        """Show the pictures of one class."""
        self.bar.label.choose(str(place))
        self._reload()

    def see_doubtful(self, model: str) -> None:
        """Show those first whose label a model finds least likely."""
        self.bar.model.choose(model)
        self.bar.order.choose("doubt")
        self._find_suspicious()

    def _fill(self, shown: PictureSet) -> None:
        font = tk_font.nametofont(theme.font("small"), root=self)
        self._captions = Captions(shown.labels, font)
        self._asked, self._suspicions = ("", "", ""), None
        self.bar.offer_for(shown)
        self._reload()

    # -- the pictures

    @property
    def _by_doubt(self) -> bool:
        return self.bar.selection.order == "doubt"

    def _reload(self) -> None:
        self.detail.clear()
        self._say_job.cancel()
        if self._captions is not None:
            self.gallery.reload(
                _("There are no such pictures.\nChoose others in the lists above."),
                self._captions.widest[self._by_doubt],
            )

    def _ask(self, first: int, count: int) -> GalleryPage[SeenPicture]:
        if self._shown is not None:
            with self._status.guarding():
                page = self._pictures.page(self._shown.key, first, count, self.bar.selection)
                return GalleryPage(page.pictures, page.total)
        return GalleryPage((), 0)

    def _caption(self, seen: SeenPicture) -> Caption:
        words = self._captions.of(seen, with_doubt=self._by_doubt) if self._captions else ""
        return Caption(words, self._by_doubt and seen.doubt is not None and seen.doubt > DOUBTFUL)

    def _say_count(self, count: int) -> None:
        said = [plural("{n} picture", "{n} pictures", count)]
        found = self._suspicions
        if self._by_doubt and found is not None:
            said.append(_("below each, how probable the model finds its label"))
            differing = _("of {total} read, {n} are taken for something else")
            said.append(differing.format(total=whole(found.count), n=whole(found.differing)))
        self.summary.configure(text=joined("  ·  ", said))

    # -- a model's opinion

    def _on_selection(self) -> None:
        if self._by_doubt:
            self._find_suspicious()
        else:
            self._reload()

    def _on_model(self) -> None:
        if self._by_doubt:
            self._find_suspicious()
        elif self.detail.seen is not None:
            self._ask_about(self.detail.seen)

    def _find_suspicious(self) -> None:
        """Have every label doubted by the model that is chosen, or by the bundled reader."""
        if self.bar.model.chosen == NOBODY:
            self.bar.model.choose(READER)
        shown, model, part = self._shown, self.bar.model.chosen, self.bar.part.chosen
        if shown is None:
            return
        # A network that learns says something else each time.
        if model != TRAINING and self._asked in ((shown.key, model, ""), (shown.key, model, part)):
            self._reload()
            return
        pictures = self._pictures
        self._line.ask(
            _("The model reads every picture …"),
            lambda job: pictures.suspicious(
                shown.key, model, part, progress=job.report, cancelled=job.is_cancelled
            ),
            lambda found: self._take_suspicions(found, part),
            self._give_suspicions_up,
        )

    def _take_suspicions(self, found: Suspicions, part: str) -> None:
        self._asked, self._suspicions = (found.key, found.model_key, part), found
        self._reload()

    def _give_suspicions_up(self) -> None:
        self.bar.order.choose("file")
        self._reload()

    # -- one of them

    def _show_large(self, seen: SeenPicture) -> None:
        self.detail.show(seen)
        self._ask_about(seen)

    def _ask_about(self, seen: SeenPicture) -> None:
        shown, model, pictures = self._shown, self.bar.model.chosen, self._pictures
        if shown is None or model == NOBODY:
            self._say_job.cancel()
            self.detail.show_answer(None)
            return
        self._say_job.ask(
            lambda _job: pictures.prediction(shown.key, seen.part, seen.index, model),
            lambda said: self._take_answer(seen, said),
        )

    def _take_answer(self, seen: SeenPicture, said: Prediction) -> None:
        if self.detail.seen == seen:
            self.detail.show_answer(said)

    @property
    def _reading(self) -> str:
        """Key of the model that is to read: the one chosen, or the bundled reader."""
        return self.bar.model.chosen or READER

    def _put_on_board(self) -> None:
        seen = self.detail.seen
        if seen is not None:
            self._services.put_on_board(seen.picture, self._reading)

    def _look_inside(self) -> None:
        seen = self.detail.seen
        if seen is not None:
            self._services.look_at(self._reading, seen.picture, seen.label)
