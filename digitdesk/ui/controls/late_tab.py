"""A tab in which everything is made when it is first shown: the window starts without it."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING, Generic, TypeVar

from digitdesk.ui.i18n.text import _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import Tab
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session.session import Session


class LateView(theme.Frame):
    """All that is in such a tab."""

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        raise NotImplementedError

    def come_to_front(self) -> None:
        """Look what has happened meanwhile: before it is seen first, and each time after that."""
        raise NotImplementedError


View = TypeVar("View", bound=LateView)


class LateTab(Tab, Generic[View]):
    """Empty until it is shown for the first time.

    Args:
        parent: The notebook.
        services: What may be asked of the window.

    Attributes:
        view: What is in it, once it was shown.
        hint: What stands there until then.
    """

    def __init__(self, parent: tk.Misc, services: PageServices) -> None:
        super().__init__(parent, services, padding=(3 * GAP, 2 * GAP, 3 * GAP, 2 * GAP))
        self._session: Session | None = None
        self.view: View | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.hint = theme.Label(self, text=_("Loading …"), style="Muted.TLabel")
        self.hint.grid(row=0, column=0)

    def make_view(self, session: Session) -> View:
        """Make what is in it; its modules are best imported here."""
        raise NotImplementedError

    def attach(self, session: Session) -> None:
        """Come to life, at once where it is shown already."""
        self._session = session
        if self.is_in_front:
            self.shown()

    def shown(self) -> None:
        """Make what is in it, the first time, and have it look what there is."""
        if self._session is not None:
            self.made(self._session).come_to_front()

    def made(self, session: Session) -> View:
        """What is in it, made the first time."""
        if self.view is None:
            self.view = self.make_view(session)
            self.view.grid(row=0, column=0, sticky="nsew")
            self.hint.grid_remove()
        return self.view

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        if self.view is None:
            return px(self, 1), px(self, 1)
        left, top, right, bottom = self._edges
        wide, high = self.view.least_size
        return left + wide + right, top + high + bottom
