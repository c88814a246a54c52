"""The Inside tab: the network that is chosen, at work on the drawing that lies on the small board.

Everything in it is made when it is first shown: the window's start does not wait for it.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitdesk.messages.run import RunEvent
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import Shortcut, Tab, TourStop
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.ui.inside.view import InsideView


class InsideTab(Tab):
    """Empty until it is shown for the first time.

    Args:
        parent: The notebook.
        services: What may be asked of the window.

    Attributes:
        view: What is in it, once it was shown.
    """

    key = "inside"

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, services, padding=(3 * GAP, 2 * GAP, 3 * GAP, 2 * GAP))
        self._session: Session | None = None
        self.view: InsideView | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.hint = theme.Label(self, text=_("Loading …"), style="Muted.TLabel")
        self.hint.grid(row=0, column=0)

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

    def attach(self, session: Session) -> None:
        """Come to life, at once where it is shown already."""
        self._session = session
        if self.is_in_front:
            self.shown()

    def shown(self) -> None:
        """Make what is in it, the first time; then go on following the board and the run."""
        session = self._session
        if session is None:
            return
        self._made(session).shown()

    def look_inside(self, key: str) -> None:
        """Look into a model, and come to the front."""
        if self._session is not None:
            self._services.show_tab(self.key)
            self._made(self._session).choose_model(key)

    def _made(self, session: Session) -> InsideView:
        """What is in it, made the first time."""
        if self.view is None:
            # It is a good part of the window, which most starts do without.
            from digitdesk.ui.inside.view import InsideView

            self.view = InsideView(self, self._services, session)
            self.view.grid(row=0, column=0, sticky="nsew")
            self.hint.grid_remove()
        return self.view

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

    # -- how large it is

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        if self.view is None:
            return px(self, 1), px(self, 1)
        left, top, right, bottom = self._edges
        wide, high = self.view.least_size
        return left + wide + right, top + high + bottom

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
