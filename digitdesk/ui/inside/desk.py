"""The left side of the Inside tab: which network, on what drawing, and what it answers."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from digitdesk.messages.inside.look import Look
from digitdesk.messages.model import ModelEntry
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.i18n.text import Sentence, _, joined, percent
from digitdesk.ui.inside.sample_bar import SampleBar
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.model_names import model_title
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable

if TYPE_CHECKING:
    from digitdesk.session.session import Session

#: Side of the board, which is the width of all, in logical pixels.
SIDE = 184
_PEN_STEP = 2


class Desk(theme.Frame):
    """A list of models, a small board, pictures of data sets, and the answer.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Where models, boards and pictures come from.
        on_model: Takes the key of the model that was chosen.
        on_ink: Called when there is something else on the board.

    Attributes:
        board: To draw on.
        samples: Puts pictures of data sets on the board.
        bars: How probable each class is.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        session: Session,
        on_model: Callable[[str], None],
        on_ink: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self._settings = services.settings
        self._on_ink = on_ink
        self._sample: tuple[Picture, str] | None = None
        self.columnconfigure(0, weight=1, minsize=px(self, SIDE))
        self.rowconfigure(5, weight=1)
        self.model = ChoiceBox(
            self,
            _("The network to look into; the one in training is taken as it is now."),
            lambda: on_model(self.model.chosen),
            width=8,
        )
        self.model.stretch()
        self.model.widget.grid(row=0, column=0, sticky="ew")
        self.board = DrawingBoard(self, self._on_board)
        self.board.resize(px(self, SIDE))
        self.board.pen_width = services.settings.digit_pen
        self.board.grid(row=1, column=0, sticky="nw", pady=(gap, gap // 2))
        theme.follow_size(self, lambda: self.board.resize(px(self, SIDE)))
        explain(self.board, _("Draw here: everything at the right follows the pen."))
        self._build_tools()
        self.samples = SampleBar(self, services, session, self.show_sample, on_ink)
        self.samples.grid(row=3, column=0, sticky="ew", pady=(gap, 0))
        self.answer = theme.Label(self, style="Title.TLabel", anchor="w", width=1)
        self.answer.grid(row=4, column=0, sticky="ew", pady=(gap, 0))
        explain(
            self.answer,
            _("What the model says, as on the Draw tab. Where it reads in several views or has a "
              "network for strokes and one for lines, as the bundled reader does, their mean "
              "counts here; the layers show its first network and the drawing as it is."),
        )  # fmt: skip
        self.bars = ProbabilityBars(self)
        self.bars.configure(width=px(self, SIDE), height=px(self, 148))
        self.bars.grid(row=5, column=0, sticky="nsew")
        self.board.attach(session.new_board)

    def _build_tools(self) -> None:
        foot = theme.Frame(self)
        foot.grid(row=2, column=0, sticky="ew")
        foot.columnconfigure(2, weight=1)
        self.undo_button = theme.Button(foot, text=_("Undo"), command=self.board.undo)
        theme.look(self.undo_button, theme.TOOL)
        theme.icon(self.undo_button, "arrow-counterclockwise", alone=True)
        explain(self.undo_button, _("Takes the last change of the board back (Ctrl+Z)."))
        self.undo_button.grid(row=0, column=0)
        self.clear_button = theme.Button(foot, text=_("Clear"), command=self.board.clear)
        theme.look(self.clear_button, theme.TOOL)
        theme.icon(self.clear_button, "trash")
        explain(self.clear_button, _("Wipes the board (Escape)."))
        self.clear_button.grid(row=0, column=1)
        low, high = self.board.sheet.pens
        self.pen = theme.Scale(
            foot, from_=low, to=high, value=self.board.pen_width, length=px(self, 64),
            command=lambda width: self._set_pen(round(float(width))),
        )  # fmt: skip
        self.pen.grid(row=0, column=2, sticky="e")
        sentence = _("Width of the pen, {low} to {high}; [ and ] change it, too.")
        explain(self.pen, sentence.format(low=low, high=high))

    # -- what is on the board

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """The drawing; none where there is a picture."""
        return () if self.board.shown is not None else self.board.strokes

    @property
    def sample(self) -> Picture | None:
        """The picture of a data set that is on the board, as a network sees it."""
        kept = self._sample
        return kept[0] if kept is not None and self.board.shown is kept[0] else None

    @property
    def truth(self) -> str:
        """What the picture on the board is, where that is known."""
        kept = self._sample
        return kept[1] if kept is not None and self.sample is not None else ""

    def put(self, content: Picture | Sequence[Stroke]) -> None:
        """Put a picture or strokes on the board in place of what is there."""
        if isinstance(content, Picture):
            self.board.show_picture(content)
        else:
            self.board.show_strokes(content)

    def change_pen(self, steps: int) -> None:
        """Make the pen wider (1) or thinner (-1)."""
        self.pen.set(self.board.pen_width + steps * _PEN_STEP)

    def _set_pen(self, width: float) -> None:
        self.board.pen_width = width
        self._settings.digit_pen = float(width)

    def show_sample(self, picture: Picture, label: str) -> None:
        """Put a picture of a data set on the board, as a network sees it."""
        self._sample = (picture, label)
        self.board.show_picture(picture)

    def _on_board(self) -> None:
        enable(self.undo_button, self.board.can_undo)
        enable(self.clear_button, not self.board.is_empty)
        self._on_ink()

    # -- models and the answer

    def offer_models(self, entries: Sequence[ModelEntry]) -> None:
        """Offer networks to look into."""
        self.model.offer({entry.key: model_title(entry) for entry in entries})

    def show(self, look: Look | None) -> None:
        """Show what the network says of the drawing."""
        prediction = look.prediction if look is not None else None
        names = prediction.class_names if prediction is not None else ()
        probabilities = prediction.probabilities if prediction is not None else ()
        is_answer = prediction is not None and not prediction.reason
        self.bars.show(names, probabilities, is_answer=is_answer)
        self.answer.configure(text=self._said(look))

    def _said(self, look: Look | None) -> Sentence | str:
        prediction = look.prediction if look is not None else None
        if prediction is None or not prediction.probabilities:
            return ""
        sure = percent(prediction.confidence)
        said = joined("  ", (prediction.label, sure))
        if prediction.reason and not self.truth:
            return joined(" ", (said, "?"))
        if not self.truth:
            return said
        return joined("  ", (said, _("(it is {truth})").format(truth=self.truth)))
