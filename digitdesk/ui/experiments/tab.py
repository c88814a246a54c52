"""The Experiments tab: which setting is better, and is the difference real?

Everything in it is made when it is first shown: the window's start does not wait for it.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import ClosingQuestion, Tab, TourStop
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session.session import Session
    from digitdesk.ui.experiments.view import ExperimentsView


class ExperimentsTab(Tab):
    """Empty until it is shown for the first time.

    Args:
        parent: The notebook.
        services: What may be asked of the window.

    Attributes:
        view: What is in it, once it was shown.
    """

    key = "experiments"

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, services, padding=(3 * GAP, 2 * GAP, 3 * GAP, 2 * GAP))
        self._session: Session | None = None
        self.view: ExperimentsView | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.hint = theme.Label(self, text=_("Loading …"), style="Muted.TLabel")
        self.hint.grid(row=0, column=0)

    # -- what the window asks and tells

    @property
    def title(self) -> Sentence:
        """What stands on the tab."""
        return _("Experiments")

    @property
    def tour_stops(self) -> Sequence[TourStop]:
        """One card about all of it."""
        return (
            TourStop(
                self.hint,
                _("Which setting is better?"),
                _("Try many settings in one go, each with several seeds, and see in a table and "
                  "in charts which differences are more than chance."),
            ),
        )  # fmt: skip

    @property
    def is_untouched(self) -> bool:
        """Whether no experiment runs."""
        return self.view is None or not self.view.is_running

    @property
    def progress_in_title(self) -> float:
        """How far the experiment is that runs."""
        return self.view.share if self.view is not None else 0.0

    @property
    def closing_question(self) -> ClosingQuestion | None:
        """Whether an experiment shall be interrupted."""
        if self.is_untouched:
            return None
        return ClosingQuestion(
            _("An experiment is running. Close, and go on from here the next time?"),
            stay=_("Keep it running"),
            stayed=_("The experiment goes on."),
        )

    def attach(self, session: Session) -> None:
        """Come to life, at once where it is shown already."""
        self._session = session
        if self.is_in_front:
            self.shown()

    def shown(self) -> None:
        """Make what is in it, the first time; then look what has happened."""
        session = self._session
        if session is None:
            return
        if self.view is None:
            # It is a good part of the window, which most starts do without.
            from digitdesk.ui.experiments.view import ExperimentsView

            self.view = ExperimentsView(self, self._services, session)
            self.view.grid(row=0, column=0, sticky="nsew")
            self.hint.grid_remove()
        else:
            self.view.shown()

    # -- how large it is

    def fit(self, width: int, height: int) -> None:
        """Put charts below their table where both have no room beside each other."""
        super().fit(width, height)
        if self.view is not None:
            left, _top, right, _bottom = self._edges
            self.view.fit(width - left - right)

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        if self.view is None:
            return px(self, 1), px(self, 1)
        left, top, right, bottom = self._edges
        wide, high = self.view.least_size
        return left + wide + right, top + high + bottom
