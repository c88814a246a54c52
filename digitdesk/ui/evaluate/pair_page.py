"""Two models on the same pictures: where only one is right, and whether that may be chance."""

from __future__ import annotations

from tkinter import font as tk_font

from digitdesk.messages.evaluation import ItemSelection, RightIn
from digitdesk.messages.exam import ExamPair, PairItem
from digitdesk.ui.charts.gallery import Caption, Gallery, GalleryPage
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.evaluate.matrix_side import MatrixSide
from digitdesk.ui.evaluate.page import ExamPage, Shown
from digitdesk.ui.evaluate.widgets.matrix import AxisWords
from digitdesk.ui.evaluate.words import PairCaptions, model_name
from digitdesk.ui.i18n.text import Sentence, _, joined, percent, plural, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown

#: Below this, McNemar's test calls a difference unlikely to be chance.
_UNLIKELY = 0.05
_SMALLEST_P = 0.0001


class PairPage(ExamPage):
    """A sentence above, the matrix of both models' answers at the left, pictures at the right."""

    def _build(self) -> None:
        gap = px(self, GAP)
        self.pair: ExamPair | None = None
        self._captions: PairCaptions | None = None
        self._cell: tuple[str | None, str | None] = (None, None)
        self._job = LatestJob(self._services.background, self._services.status.show_error)
        self.rowconfigure(1, weight=1)
        for column in (0, 1):
            self.columnconfigure(column, weight=1, uniform="half")
        # It asks for no width, as it takes what there is: a page as wide as its longest sentence
        # would be laid out wider, the sentence in one line, and narrower again, without an end.
        self.sentence = theme.Label(self, justify="left", anchor="w", width=1)
        self.sentence.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        self.side = MatrixSide(
            self,
            self._services,
            _("Each row is what the first model said, each column what the second said. A click "
              "on a cell or a name shows its pictures; so do the arrow keys and Enter."),
            on_choose=self.choose_cell,
            show_next=self._show_next,
        )  # fmt: skip
        self.side.grid(row=1, column=0, sticky="nsew", padx=(0, 2 * gap))
        self.right = theme.Frame(self)
        self.right.grid(row=1, column=1, sticky="nsew")
        self.right.rowconfigure(2, weight=1)
        self.right.columnconfigure(0, weight=1)
        self.which = ChoiceBox(
            self.right, _("Which pictures are shown: by who read them right."), self._reload,
            width=32,
        )  # fmt: skip
        self.which.widget.grid(row=0, column=0, sticky="w")
        self.summary = theme.Label(self.right, style="Small.Figures.TLabel", anchor="w", width=1)
        self.summary.grid(row=1, column=0, sticky="ew", pady=gap // 2)
        self.gallery: Gallery[PairItem] = Gallery(
            self.right, self._ask, self._caption, self._show_large, self._say_count
        )
        self.gallery.grid(row=2, column=0, sticky="nsew")
        explain(
            self.gallery.canvas,
            _("What the first model said, what the second said, and in brackets what it is. A "
              "click shows a picture large."),
        )  # fmt: skip
        self.hint = theme.Label(self, style="Muted.TLabel", justify="center")
        self.bind("<Configure>", lambda event: self.sentence.configure(wraplength=event.width))
        self._show_parts(False)

    # -- what is shown

    def _fill(self, shown: Shown) -> None:
        self._job.cancel()
        self.pair = None
        self._show_parts(False)
        other = shown.other
        if other is None:
            self.hint.configure(
                text=_("Choose a second model beside the first, above, then press Examine:\nhere "
                       "stands where only one of both is right.")
            )  # fmt: skip
            return
        self.hint.configure(text=_("Pairing the answers …"))
        self._job.ask(
            lambda _job: shown.exams.pair(shown.exam.key, other.key),
            self._take,
            when_failed=self._fail,
        )

    def _fail(self) -> None:
        self.hint.configure(text=_("The two cannot be paired; the line below says why."))

    def _show_parts(self, has_pair: bool) -> None:
        for widget in (self.sentence, self.side, self.right):
            set_shown(widget, has_pair)
        if has_pair:
            self.hint.place_forget()
        else:
            self.hint.place(relx=0.5, rely=0.4, anchor="center")

    def _take(self, pair: ExamPair) -> None:
        shown = self._shown
        if shown is None or shown.other is None:
            return
        self.pair = pair
        first, second = model_name(shown.exam), model_name(shown.other)
        self.sentence.configure(text=joined("  ", (said_of(pair, first, second), _agreed(pair))))
        self.which.offer(
            {
                "a": _("only {model} is right").format(model=first),
                "b": _("only {model} is right").format(model=second),
                "none": _("both are wrong"),
                "both": _("both are right"),
            }
        )
        font = tk_font.nametofont(theme.font("small"), root=self)
        self._captions = PairCaptions(pair.class_names, font)
        said = _("{model} said")
        words = AxisWords(said.format(model=first), said.format(model=second))
        self.side.matrix.show(words, pair.class_names, pair.agreement_matrix, "validation")
        self.side.show_matrix()
        self._show_parts(True)
        self.choose_cell(None, None)

    def choose_cell(self, row: str | None, column: str | None) -> None:
        """Show the pictures of a cell, a row or a column; those of the list above for none."""
        self._cell = (row, column)
        self.side.matrix.mark(row, column)
        self._reload()

    def _reload(self) -> None:
        if self._captions is not None:
            empty = _("There are no such pictures.\nChoose others in the list above.")
            self.gallery.reload(empty, self._captions.widest)

    @property
    def _selection(self) -> ItemSelection:
        row, column = self._cell
        right_in: RightIn | None = self.which.chosen if self._cell == (None, None) else None  # type: ignore[assignment]
        return ItemSelection(answer=row, answer_b=column, right_in=right_in, order="confidence")

    # -- the gallery

    def _ask(self, first: int, count: int) -> GalleryPage[PairItem]:
        shown = self._shown
        if shown is None or shown.other is None or self.pair is None:
            return GalleryPage((), 0)
        with self._status.guarding():
            page = shown.exams.pair_items(
                shown.exam.key, shown.other.key, first, count, self._selection
            )
            return GalleryPage(page.items, page.total)
        return GalleryPage((), 0)

    def _caption(self, item: PairItem) -> Caption:
        words = self._captions.of(item) if self._captions is not None else ""
        return Caption(words, is_wrong=item.label not in (item.a, item.b))

    def _say_count(self, count: int) -> None:
        parts: list[str | Sentence] = [plural("{n} picture", "{n} pictures", count)]
        words, (row, column) = self.side.matrix.words, self._cell
        if row is not None:
            parts.append(joined(" ", (words.rows, row)))
        if column is not None:
            parts.append(joined(" ", (words.columns, column)))
        self.summary.configure(text=joined(" · ", parts))

    def _show_large(self, item: PairItem) -> None:
        if self._shown is not None:
            self.side.show_large(self._shown, item.index, _("Next picture"))

    def _show_next(self) -> None:
        if self.gallery.total:
            self.gallery.choose((self.gallery.chosen + 1) % self.gallery.total)


def said_of(pair: ExamPair, first: str, second: str) -> Sentence:
    """Who is right where the other is wrong, and whether that may be chance."""
    if not pair.only_a + pair.only_b:
        return _("{first} and {second} are right and wrong on the same pictures.").format(
            first=first, second=second
        )
    if pair.p_value < _UNLIKELY:
        said = _("{first} is right on {a} where {second} is wrong, {second} on {b} where {first} "
                 "is wrong: unlikely to be chance, {p}.")  # fmt: skip
    else:
        said = _("{first} is right on {a} where {second} is wrong, {second} on {b} where {first} "
                 "is wrong: that may be chance, {p}.")  # fmt: skip
    shown = f"p = {pair.p_value:.3f}" if pair.p_value >= 0.001 else f"p = {pair.p_value:.4f}"
    if pair.p_value < _SMALLEST_P:
        shown = f"p < {_SMALLEST_P:g}"
    return said.format(
        first=first, second=second, a=whole(pair.only_a), b=whole(pair.only_b), p=shown
    )


def _agreed(pair: ExamPair) -> Sentence:
    return _("They agree on {share} of {n} pictures.").format(
        share=percent(pair.agreed / max(1, pair.n)), n=whole(pair.n)
    )
