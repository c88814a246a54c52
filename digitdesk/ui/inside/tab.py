"""The Inside tab: the chosen network, at work on the drawing that lies on the small board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitdesk.messages.picture import Picture
from digitdesk.messages.run import RunEvent
from digitdesk.ui.controls.late_tab import LateTab
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit.tab import Shortcut, TourStop

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.ui.inside.view import InsideView


class InsideTab(LateTab["InsideView"]):
    """Empty until it is shown for the first time."""

    key = "inside"

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("Inside")

    @property
    def shortcuts(self) -> Sequence[Shortcut]:
        """History and pen of the small board, and the way through the walk."""
        return (
            Shortcut("Control-z", self.undo, _("Takes the last change of the board back")),
            Shortcut("Control-y", self.redo, _("Makes it again")),
            Shortcut("Escape", self.clear, _("Wipes the board")),
            Shortcut("bracketleft", lambda: self.change_pen(-1), _("A thinner pen")),
            Shortcut("bracketright", lambda: self.change_pen(1), _("A wider pen")),
        )

    @property
    def tour_stops(self) -> Sequence[TourStop]:
        """One card about all of it."""
        return (
            TourStop(
                self.hint,
                _("Look inside"),
                _("Every number of your network on your drawing: what each layer sees, how any "
                  "number comes about, and how it learns from one mistake."),
            ),
        )  # fmt: skip

    def make_view(self, session: Session) -> InsideView:
        """A good part of the window, which most starts do without."""
        from digitdesk.ui.inside.view import InsideView

        return InsideView(self, self._services, session)

    def look_inside(self, key: str) -> None:
        """Look into a model, and come to the front."""
        if self._session is not None:
            self._services.show_tab(self.key)
            self.made(self._session).choose_model(key)

    def look_at(self, key: str, picture: Picture, label: str) -> None:
        """Look into a model at work on a picture of a data set, and come to the front."""
        self.look_inside(key)
        if self.view is not None:
            self.view.desk.show_sample(picture, label)

    def hidden(self) -> None:
        """Compute nothing that nobody sees."""
        if self.view is not None:
            self.view.hidden()

    def handle(self, event: RunEvent) -> None:
        """Follow a run."""
        if self.view is not None:
            self.view.handle(event)

    def models_changed(self, key: str) -> None:
        """Offer the models there are now."""
        if self.view is not None:
            self.view.models_changed(key)

    # -- commands of the keys

    def undo(self) -> None:
        """Take the last change of the board back."""
        if self.view is not None:
            self.view.desk.board.undo()

    def redo(self) -> None:
        """Make it again."""
        if self.view is not None:
            self.view.desk.board.redo()

    def clear(self) -> None:
        """Wipe the board."""
        if self.view is not None:
            self.view.desk.board.clear()

    def change_pen(self, steps: int) -> None:
        """Make the pen wider (1) or thinner (-1)."""
        if self.view is not None:
            self.view.desk.change_pen(steps)
