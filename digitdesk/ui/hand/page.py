"""A page of the My hand tab."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digitdesk.ui.controls.offered_models import OfferedModels
from digitdesk.ui.hand.desk import WritingDesk
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices

if TYPE_CHECKING:
    from digitdesk.session.session import Session


@dataclass(frozen=True, slots=True)
class Around:
    """What a page has around it.

    Attributes:
        person: Gives who writes.
        people_changed: Tells that somebody has written more, or less.
        models: The models there are.
        show_page: Shows another page, by its name.
    """

    person: Callable[[], str]
    people_changed: Callable[[], None]
    models: OfferedModels
    show_page: Callable[[str], None]


class HandPage(theme.Frame):
    """Is about whoever writes when it comes to the front.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: What it works with.
        around: What may be asked of the tab.
    """

    def __init__(
        self, parent: tk.Misc, services: PageServices, session: Session, around: Around
    ) -> None:
        super().__init__(parent)
        self._services, self._status = services, services.status
        self._session, self._around = session, around

    @property
    def desk(self) -> WritingDesk | None:
        """Where somebody writes on it now."""
        return None

    @property
    def unkept(self) -> int:
        """How much of what was written could not be kept yet."""
        return 0

    def show(self) -> None:
        """Show how things are for who writes now."""
        raise NotImplementedError

    def models_changed(self) -> None:
        """Hear that there are other models."""

    def fit(self, width: int, height: int) -> None:
        """Lay itself out for so many screen pixels."""

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        return self.winfo_reqwidth(), self.winfo_reqheight()
