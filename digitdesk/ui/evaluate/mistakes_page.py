"""What went wrong: the confusion matrix at the left, the pictures of its cells at the right."""

from __future__ import annotations

from tkinter import font as tk_font

from digitdesk.messages.evaluation import EvaluatedItem
from digitdesk.ui.charts.gallery import Caption, Gallery, GalleryPage
from digitdesk.ui.evaluate.gallery_bar import WRONG, GalleryBar
from digitdesk.ui.evaluate.matrix_side import MatrixSide
from digitdesk.ui.evaluate.page import ExamPage, Shown
from digitdesk.ui.evaluate.words import Captions, axis_words
from digitdesk.ui.i18n.text import Sentence, _, joined, plural
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain


class MistakesPage(ExamPage):
    """A cell, a row or a column of the matrix chooses which pictures are seen."""

    def _build(self) -> None:
        gap = px(self, GAP)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1, uniform="half")
        self.columnconfigure(1, weight=1, uniform="half")
        self._captions: Captions | None = None
        self.side = MatrixSide(
            self,
            self._services,
            _("Each row is what a picture shows, each column what the network said. Errors are "
              "shaded red. A click on a cell, or on a name, shows its pictures; so do the arrow "
              "keys and Enter."),
            on_choose=self.choose_cell,
            show_next=self.show_next,
        )  # fmt: skip
        self.side.grid(row=0, column=0, sticky="nsew", padx=(0, 2 * gap))
        self.matrix, self.detail = self.side.matrix, self.side.detail
        right = theme.Frame(self)
        right.grid(row=0, column=1, sticky="nsew")
        right.rowconfigure(1, weight=1)
        right.columnconfigure(0, weight=1)
        self.bar = GalleryBar(right, self._reload, lambda: self.choose_cell(None, None))
        self.bar.grid(row=0, column=0, sticky="ew")
        self.gallery: Gallery[EvaluatedItem] = Gallery(
            right, self._ask, self._caption, self._show_large, self._say_count
        )
        self.gallery.grid(row=1, column=0, sticky="nsew")
        explain(
            self.gallery.canvas,
            _("What it shows, what the network said, and how sure it was. A click shows a "
              "picture large; arrow keys go from one to the next."),
        )  # fmt: skip

    # -- what is asked of it

    def _fill(self, shown: Shown) -> None:
        evaluation = shown.exam.evaluation
        names = evaluation.class_names
        font = tk_font.nametofont(theme.font("small"), root=self)
        self._captions = Captions(names, font)
        self.bar.offer_for(evaluation)
        self.bar.show_cell(None, None)
        self.matrix.show(axis_words(names), names, evaluation.confusion_matrix)
        self.matrix.mark(None, None)
        self.side.show_matrix()
        self._reload()

    def see_mistakes(self) -> None:
        """Show all wrong answers, the most embarrassing first."""
        self.choose_cell(None, None)
        if WRONG in self.bar.which.keys:
            self.bar.see(WRONG)

    def choose_cell(self, label: str | None, answer: str | None) -> None:
        """Show the pictures of a cell, a row or a column; of all for no name."""
        self.matrix.mark(label, answer)
        self.bar.show_cell(label, answer)
        self._reload()

    def show_next(self) -> None:
        """Show the next picture of the gallery large; after the last comes the first."""
        if self.gallery.total:
            self.gallery.choose((self.gallery.chosen + 1) % self.gallery.total)

    # -- the gallery

    def _reload(self) -> None:
        if self._shown is None or self._captions is None:
            return
        self.gallery.reload(self._when_empty(), self._captions.widest)

    def _when_empty(self) -> Sentence:
        if self.bar.which.chosen == WRONG and self.matrix.chosen == (None, None):
            return _(
                "Nothing was read wrong.\nChoose “Right answers” above: the least sure come first."
            )
        return _("There are no such pictures.\nChoose others in the list above, or another cell.")

    def _say_count(self, count: int) -> None:
        said = plural("{n} picture", "{n} pictures", count)
        words, (label, answer) = self.matrix.words, self.matrix.chosen
        parts = [said]
        if label is not None:
            parts.append(joined(" ", (words.rows, label)))
        if answer is not None:
            parts.append(joined(" ", (words.columns, answer)))
        self.bar.say(joined(" · ", parts))

    def _ask(self, first: int, count: int) -> GalleryPage[EvaluatedItem]:
        if self._shown is None:
            return GalleryPage((), 0)
        with self._status.guarding():
            page = self._shown.exams.items(self._shown.exam.key, first, count, self.bar.selection)
            return GalleryPage(page.items, page.total)
        return GalleryPage((), 0)

    def _caption(self, item: EvaluatedItem) -> Caption:
        words = self._captions.of(item) if self._captions is not None else ""
        return Caption(words, is_wrong=bool(item.label) and not item.is_right)

    def _show_large(self, item: EvaluatedItem) -> None:
        if self._shown is not None:
            is_wrong = self.bar.selection.is_right is False
            title = _("Next error") if is_wrong else _("Next picture")
            self.side.show_large(self._shown, item.index, title)
