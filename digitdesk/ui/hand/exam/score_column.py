"""How well one model reads an exam, and each drawing that it reads wrong."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping

from digitdesk.messages.own.hand import ExamError, ExamScore
from digitdesk.ui.charts.gallery import Caption, Gallery, GalleryPage
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.hand.words import large, score_sentence
from digitdesk.ui.i18n.text import NOTHING, Sentence, _, interval, joined, percent
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

_GALLERY = (120, 128)


class ScoreColumn(theme.Frame):
    """A list of models, the score of the chosen one, and its errors.

    Args:
        parent: The widget to sit in.
        on_choice: Called when another model is chosen.
        on_error: Takes a drawing that was pressed, and the key of the model that reads it wrong.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_choice: Callable[[], None],
        on_error: Callable[[ExamError, str], None],
    ) -> None:
        super().__init__(parent)
        self._score: ExamScore | None = None
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(4, weight=1)
        self.model = ChoiceBox(self, _("A model that reads the exam."), on_choice, width=12)
        self.model.widget.grid(row=0, column=0, sticky="ew")
        self.model.stretch()
        self.accuracy = theme.Label(self, style="Headline.TLabel", text=NOTHING)
        self.accuracy.grid(row=1, column=0, sticky="w", pady=(gap, 0))
        explain(self.accuracy, _("Share of the drawings that are read right."))
        self.interval = theme.Label(self, style="Figures.TLabel", text=NOTHING)
        self.interval.grid(row=2, column=0, sticky="w")
        explain(
            self.interval,
            _("With other drawings of this hand, the score would come to lie in here, 19 times of "
              "20."),
        )  # fmt: skip
        self.said = WrappedLabel(self)
        self.said.grid(row=3, column=0, sticky="ew", pady=(0, gap))
        self.errors: Gallery[ExamError] = Gallery(
            self, self._ask, _caption, lambda error: on_error(error, self.model.chosen)
        )
        self.errors.canvas.configure(width=px(self, _GALLERY[0]), height=px(self, _GALLERY[1]))
        self.errors.grid(row=4, column=0, sticky="nsew")
        explain(
            self.errors.canvas,
            _("What was dictated, and what the model says. A click puts a drawing on the board."),
        )

    @property
    def score(self) -> ExamScore | None:
        """What is shown."""
        return self._score

    def offer(self, titles: Mapping[str, Sentence | str]) -> None:
        """Offer models; an empty key is for none."""
        self.model.offer(titles)

    def show(self, score: ExamScore | None, *, is_wanted: bool) -> None:
        """Show a score, or that there is none yet.

        Args:
            score: What a model has reached.
            is_wanted: Whether it is being found out.
        """
        self._score = score
        if score is None:
            self.accuracy.configure(text="…" if is_wanted else NOTHING)
            self.interval.configure(text=NOTHING)
            self.said.configure(text=_("Reading …") if is_wanted else "")
            self.errors.reload("")
            return
        self.accuracy.configure(text=large(score))
        said = _("{interval} (95 %)").format(interval=interval(score.interval))
        self.interval.configure(text=said)
        self.said.configure(text=score_sentence(score))
        captions = (_caption(error).words for error in score.wrong)
        self.errors.reload(_("Nothing is read wrong."), max(captions, key=len, default=""))

    def _ask(self, first: int, count: int) -> GalleryPage[ExamError]:
        wrong = self._score.wrong if self._score is not None else ()
        return GalleryPage(wrong[first : first + count], len(wrong))


def _caption(error: ExamError) -> Caption:
    """What was dictated and what is said, and below it how sure the model is."""
    sure = _("not sure") if error.is_refused else percent(error.probability, 0)
    said = joined("\n", (f"{error.label} → {error.said}", sure))
    return Caption(said, is_wrong=not error.is_refused)
