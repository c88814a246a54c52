"""The My hand tab: a reader is only as good as it is on you."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from digitdesk.ui.controls.late_tab import LateTab
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit.tab import ClosingQuestion, Shortcut, TourStop

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.ui.hand.desk import WritingDesk
    from digitdesk.ui.hand.view import HandView


class HandTab(LateTab["HandView"]):
    """Empty until it is shown for the first time."""

    key = "hand"
    _told = 0

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("My hand")

    @property
    def shortcuts(self) -> Sequence[Shortcut]:
        """Keys for who writes: the pen need not be put down for them."""
        take = partial(self._on_desk, lambda desk: desk.take())
        clear = partial(self._on_desk, lambda desk: desk.clear())
        says = _("Takes what is written, and asks for the next")
        return (
            Shortcut("space", take, says),
            Shortcut("Return", take, says),
            Shortcut("KP_Enter", take),
            Shortcut(
                "Control-z", partial(self._on_desk, lambda desk: desk.undo()),
                _("Takes back the last stroke, or the drawing before"),
            ),
            Shortcut("Delete", clear, _("Wipes the board")),
            Shortcut("Escape", clear),
            Shortcut("bracketleft", partial(self._on_desk, lambda desk: desk.change_pen(-2))),
            Shortcut("bracketright", partial(self._on_desk, lambda desk: desk.change_pen(2))),
        )  # fmt: skip

    @property
    def tour_stops(self) -> Sequence[TourStop]:
        """One card about all of it."""
        return (
            TourStop(
                self.hint,
                _("Teach it your hand"),
                _("Write what is dictated for ten minutes, take an exam, and see how much better "
                  "a model reads you once it was taught."),
            ),
        )  # fmt: skip

    @property
    def is_untouched(self) -> bool:
        """Whether no model is being taught."""
        return self.view is None or not self.view.is_teaching

    @property
    def progress_in_title(self) -> float:
        """How far the model is that is being taught."""
        return self.view.teaching_share if self.view is not None else 0.0

    @property
    def closing_question(self) -> ClosingQuestion | None:
        """Whether a lesson, or what cannot be kept, shall be lost."""
        if self.view is not None and self.view.has_unkept:
            return ClosingQuestion(
                _("The last drawing is not kept yet. Close, and lose it?"),
                stay=_("Keep the window open"),
                stayed=_("It waits until it can be kept."),
            )
        if self.is_untouched:
            return None
        return ClosingQuestion(
            _("A model is being taught. Close, and lose what it has learned so far?"),
            stay=_("Keep teaching"),
            stayed=_("Teaching goes on."),
        )

    def make_view(self, session: Session) -> HandView:
        """A good part of the window, which most starts do without."""
        from digitdesk.ui.hand.view import HandView

        return HandView(self, self._services, session)

    def hidden(self) -> None:
        """Tell the other tabs of what was written: a person's drawings are a data set."""
        if self.view is not None and self.view.changes != self._told:
            self._told = self.view.changes
            self._services.data_changed()

    def models_changed(self, key: str) -> None:
        """Offer the models there are now."""
        if self.view is not None:
            self.view.models_changed()

    def focus_set(self) -> None:
        """Give the focus to the board, where there is one."""
        if self.view is not None and self.view.desk is not None:
            self.view.desk.focus_set()
        else:
            super().focus_set()

    # -- how large it is

    def fit(self, width: int, height: int) -> None:
        """Give the board the room that is left."""
        super().fit(width, height)
        if self.view is not None:
            left, top, right, bottom = self._edges
            self.view.fit(width - left - right, height - top - bottom)

    # -- keys

    def _on_desk(self, command: Callable[[WritingDesk], None]) -> None:
        """Do something at the desk, where keys go to its board."""
        desk = self.view.desk if self.view is not None else None
        if desk is not None and desk.has_focus:
            command(desk)
