"""What the network saw and what it says of it, side by side.

Both are canvases of fixed size, so that a new answer never moves anything else.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.messages.picture import DIGIT_SIDE, Picture
from digitdesk.messages.prediction import Prediction
from digitdesk.ui.charts.steady_items import SteadyItems
from digitdesk.ui.i18n.text import Sentence, _, percent, refusal
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import canvas_text

_PAPER = Picture(DIGIT_SIDE, DIGIT_SIDE, bytes(DIGIT_SIDE**2))
#: Longer class names than this are written smaller.
_SHORT_NAME = 2
_WIDTH = 176
#: Where the lines are, in logical pixels from the top.
_LABEL_AT, _SURE_AT, _SECOND_AT, _LINK_AT = 46, 106, 129, 124


class NetworkView(theme.Canvas):
    """The preprocessed 28×28 picture, each of its pixels a square of whole screen pixels."""

    def __init__(self, parent: tk.Misc, pixel_side: float = 5) -> None:
        super().__init__(parent, highlightthickness=0, borderwidth=0)
        self.configure(background=theme.palette().ink_ground)
        self._pixel_side = pixel_side
        self._small = tk.PhotoImage(master=self, width=DIGIT_SIDE, height=DIGIT_SIDE)
        self._item = self.create_image(0, 0, anchor="nw")
        self._preprocessed: Picture | None = None
        self._fit()
        theme.follow_size(self, self._fit)

    def _fit(self) -> None:
        """Take a picture as large as it is to be shown."""
        self._zoom = int(px(self, self._pixel_side))
        side = DIGIT_SIDE * self._zoom
        self.configure(width=side, height=side)
        large = tk.PhotoImage(master=self, width=side, height=side)
        self.itemconfigure(self._item, image=large)
        # The picture before goes only now: an item must never show one that is gone.
        self._large = large
        self._paint()

    @property
    def preprocessed(self) -> Picture | None:
        """The picture on show."""
        return self._preprocessed

    def show(self, preprocessed: Picture | None) -> None:
        """Show a preprocessed picture, or a black field for none."""
        if preprocessed == self._preprocessed:
            return
        self._preprocessed = preprocessed
        self._paint()

    def _paint(self) -> None:
        self._small.put((self._preprocessed or _PAPER).pgm, to=(0, 0))
        self.tk.call(str(self._large), "copy", str(self._small), "-zoom", self._zoom)


class AnswerView(theme.Canvas):
    """The answer in large, how sure it is, and the second guess; or in their place, why not.

    Args:
        parent: The widget to sit in.
        on_number: Called to read several digits as a number.
    """

    def __init__(self, parent: tk.Misc, on_number: Callable[[], None]) -> None:
        super().__init__(parent, width=px(parent, _WIDTH), height=px(parent, 140))
        self.configure(highlightthickness=0, borderwidth=0)
        self._label = self.create_text(0, 0, anchor="w", font=theme.font("answer"))
        self._sure = self.create_text(0, 0, anchor="w", font=theme.font("heading"))
        self._second = self.create_text(0, 0, anchor="w", font=theme.font("small"))
        self._hint = self.create_text(0, 0, font=theme.font("body"))
        self.number_button = theme.Button(self, text=_("Read it as a number"), command=on_number)
        explain(self.number_button, _("Carries the ink over to the board for several digits."))
        self._link = self.create_window(0, 0, anchor="w", window=self.number_button, state="hidden")
        self._items = SteadyItems(self)
        self._prediction: Prediction | None = None
        self._place()
        self._recolor()
        self.bind("<<ThemeChanged>>", lambda _event: self._recolor())
        follow_language(self, lambda: self.show(self._prediction))
        theme.follow_size(self, self._place)

    def _place(self) -> None:
        """Put every line where it belongs."""
        places = ((self._label, _LABEL_AT), (self._sure, _SURE_AT), (self._second, _SECOND_AT))
        for item, y in (*places, (self._link, _LINK_AT)):
            self._items.move(item, 0, px(self, y))
        self._items.change(self._hint, width=px(self, _WIDTH))
        self.show(self._prediction)

    @property
    def label(self) -> str:
        """The answer as it is written; empty where there is none."""
        return canvas_text(self, self._label)

    @property
    def confidence(self) -> str:
        """How sure, as it is written."""
        return canvas_text(self, self._sure)

    @property
    def second_guess(self) -> str:
        """The line of the second guess."""
        return canvas_text(self, self._second)

    @property
    def hint(self) -> str:
        """The sentence shown in place of an answer."""
        return canvas_text(self, self._hint)

    def show(self, prediction: Prediction | None) -> None:
        """Show an answer, or why there is none."""
        self._prediction = prediction
        label = sure = second = ""
        hint = refusal("empty" if prediction is None else prediction.reason)
        if prediction is not None and prediction.probabilities:
            best = prediction.ranking[0]
            if prediction.reason:
                second = _guess(_("perhaps {name}, {percent}"), prediction, best)
            else:
                label, hint = prediction.label, ""
                sure = _("{percent} sure").format(percent=percent(prediction.confidence))
                second = _second_guess(prediction)
        size = "answer" if len(label) <= _SHORT_NAME else "title"
        change = self._items.change
        change(self._label, text=label, font=theme.font(size))
        change(self._sure, text=sure)
        is_refused = prediction is not None and prediction.reason not in ("", "empty")
        self._show_hint(hint, is_refused)
        can_be_number = prediction is not None and prediction.reason == "two-digits"
        change(self._link, state="normal" if can_be_number else "hidden")
        change(self._second, text=second, state="hidden" if can_be_number else "normal")

    def _show_hint(self, hint: str, is_refused: bool) -> None:
        """A refusal is written in large, at the answer's place; an invitation is small print."""
        colors = theme.palette()
        if is_refused:
            place, anchor, font, fill = 0, "nw", "title", colors.text
        else:
            place, anchor, font, fill = px(self, 70), "w", "body", colors.muted
        self._items.move(self._hint, 0, place)
        self._items.change(self._hint, text=hint, anchor=anchor, font=theme.font(font), fill=fill)

    def _recolor(self) -> None:
        colors = theme.palette()
        self.configure(background=colors.background)
        for item, fill in (
            (self._label, colors.text),
            (self._sure, colors.text),
            (self._second, colors.muted),
        ):
            self._items.change(item, fill=fill)
        self.show(self._prediction)


def _second_guess(prediction: Prediction) -> str:
    """The second guess, where it is more than nothing."""
    if len(prediction.ranking) < 2:
        return ""
    second = prediction.ranking[1]
    if percent(prediction.probabilities[second]) == percent(0.0):
        return ""
    return _guess(_("or {name} with {percent}"), prediction, second)


def _guess(pattern: Sentence, prediction: Prediction, index: int) -> Sentence:
    """A guess and how probable it is, in words."""
    return pattern.format(
        name=prediction.class_names[index], percent=percent(prediction.probabilities[index])
    )
