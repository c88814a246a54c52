"""What went wrong: the confusion matrix at the left, the pictures of its cells at the right."""

from __future__ import annotations

import tkinter as tk
from tkinter import font as tk_font

from digitdesk.messages.evaluation import EvaluatedItem
from digitdesk.ui.evaluate.detail import DetailCommands, DetailView
from digitdesk.ui.evaluate.gallery import Caption, Gallery, GalleryPage
from digitdesk.ui.evaluate.gallery_bar import WRONG, GalleryBar
from digitdesk.ui.evaluate.matrix import ConfusionMatrix
from digitdesk.ui.evaluate.page import ExamPage, Shown
from digitdesk.ui.evaluate.words import Captions, axis_words
from digitdesk.ui.i18n.text import Sentence, _, joined, plural
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown


class MistakesPage(ExamPage):
    """A cell, a row or a column of the matrix chooses which pictures are seen.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
    """

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, services)
        gap = px(self, GAP)
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1, uniform="half")
        self.columnconfigure(1, weight=1, uniform="half")
        self._captions: Captions | None = None
        left = self._left = theme.Frame(self)
        left.grid(row=0, column=0, sticky="nsew", padx=(0, 2 * gap))
        left.rowconfigure(0, weight=1)
        left.columnconfigure(0, weight=1)
        self.matrix = ConfusionMatrix(left, self.choose_cell, self._point)
        self.matrix.grid(row=0, column=0, sticky="nsew")
        explain(
            self.matrix,
            _("Each row is what a picture shows, each column what the network said. Errors are "
              "shaded red. A click on a cell, or on a name, shows its pictures; so do the arrow "
              "keys and Enter."),
        )  # fmt: skip
        self.readout = theme.Label(left, style="Small.Figures.TLabel", width=1, anchor="w")
        self.readout.grid(row=1, column=0, sticky="ew", pady=(gap // 2, 0))
        commands = DetailCommands(self._put_on_board, self.show_next, self.show_matrix)
        self.detail = DetailView(left, commands)
        self.detail.grid(row=0, column=0, rowspan=2, sticky="nsew")
        self.detail.grid_remove()
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
        self.show_matrix()
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

    def show_matrix(self) -> None:
        """Show the matrix in place of a picture."""
        self._show_detail(False)

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

    def _point(self, words: str) -> None:
        self.readout.configure(text=words)

    # -- one picture

    def _show_large(self, item: EvaluatedItem) -> None:
        if self._shown is None:
            return
        exam = self._shown.exam
        is_wrong = self.bar.selection.is_right is False
        with self._status.guarding():
            detail = self._shown.exams.detail(exam.key, item.index)
            names = exam.evaluation.class_names
            self.detail.show(detail, names, _("Next error") if is_wrong else _("Next picture"))
            self._show_detail(True)

    def _show_detail(self, shown: bool) -> None:
        if not shown and self.detail.winfo_manager() and self._has_focus(self.detail):
            self.matrix.focus_set()
        set_shown(self.detail, shown)
        for widget in (self.matrix, self.readout):
            set_shown(widget, not shown)

    def _has_focus(self, widget: tk.Misc) -> bool:
        return str(self.focus_get()).startswith(str(widget))

    def _put_on_board(self) -> None:
        detail = self.detail.detail
        if detail is not None and self._shown is not None:
            content = detail.strokes or detail.item.picture
            self._services.put_on_board(content, self._shown.exam.model_key)
