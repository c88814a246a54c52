"""What is in the My hand tab: a switch between its pages, and who writes on them."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from digitdesk.ui.controls.late_tab import LateView
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.controls.offered_models import OfferedModels
from digitdesk.ui.hand.away_page import AwayPage
from digitdesk.ui.hand.collect.page import CollectPage
from digitdesk.ui.hand.desk import WritingDesk
from digitdesk.ui.hand.exam.page import ExamPage
from digitdesk.ui.hand.page import Around, HandPage
from digitdesk.ui.hand.teach.page import TeachPage
from digitdesk.ui.hand.who import Who
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session.session import Session

COLLECT, EXAM, TEACH, AWAY = "collect", "exam", "teach", "away"
_KINDS: dict[str, type[HandPage]] = {
    COLLECT: CollectPage,
    EXAM: ExamPage,
    TEACH: TeachPage,
    AWAY: AwayPage,
}


class HandView(LateView):
    """Shows one page, which is made when it is first shown.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: What the pages work with.

    Attributes:
        switch: Chooses the page.
        who: Who writes.
        page: The one in front.
    """

    def __init__(self, parent: tk.Misc, services: PageServices, session: Session) -> None:
        super().__init__(parent)
        self._services, self._session = services, session
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self._head = WrappingRow(self, apart=2 * GAP)
        self._head.grid(row=0, column=0, sticky="ew", pady=(0, px(self, 1.5 * GAP)))
        self.switch = ModeSwitch(self._head, _page_titles(), self.show_page)
        self.who = Who(self._head, services, session, self.refresh)
        self._head.wrap(self.switch, self.who, pushed=self.who)
        models = OfferedModels(services, self._tell_of_models)
        self._around = Around(lambda: self.who.person, self.who.refresh, models, self.show_page)
        self._pages: dict[str, HandPage] = {}
        self._size: tuple[int, int] | None = None
        self.page = self._page(COLLECT)
        self.page.grid(row=1, column=0, sticky="nsew")
        self.switch.show(COLLECT)
        models.attach(session)

    # -- what the tab asks and tells

    @property
    def desk(self) -> WritingDesk | None:
        """Where somebody writes now."""
        return self.page.desk

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        width, height = self.page.least_size
        return max(width, self._head.least_width), height + self._head_height

    @property
    def _head_height(self) -> int:
        return self._head.winfo_reqheight() + px(self, 1.5 * GAP)

    @property
    def teaching_share(self) -> float:
        """How far a lesson is, 0 … 1; 0 while none goes on."""
        page = self._pages.get(TEACH)
        return page.share if isinstance(page, TeachPage) else 0.0

    @property
    def is_teaching(self) -> bool:
        """Whether a model is being taught."""
        page = self._pages.get(TEACH)
        return isinstance(page, TeachPage) and page.is_teaching

    @property
    def changes(self) -> int:
        """Counts drawings that were kept and taken back."""
        page = self._pages[COLLECT]
        return page.collector.changes if isinstance(page, CollectPage) else 0

    @property
    def has_unkept(self) -> bool:
        """Whether something that was written could not be kept yet."""
        return any(page.unkept for page in self._pages.values())

    def fit(self, width: int, height: int) -> None:
        """Lay itself out for so many screen pixels."""
        self._size = width, height
        self.page.fit(width, height - self._head_height)

    def come_to_front(self) -> None:
        """Look what has happened meanwhile."""
        self.who.refresh()
        self._tell_of_models()
        self.page.show()

    def models_changed(self) -> None:
        """Offer the models there are now."""
        self._around.models.look()

    def refresh(self) -> None:
        """Show the page for who writes now."""
        self.page.show()

    # -- pages

    def show_page(self, name: str) -> None:
        """Show another page."""
        self.switch.show(name)
        before, self.page = self.page, self._page(name)
        if before is not self.page:
            before.grid_remove()
        self.page.grid(row=1, column=0, sticky="nsew")
        if self._size is not None:
            self.fit(*self._size)
        self.page.show()

    def _page(self, name: str) -> HandPage:
        if name not in self._pages:
            kind = _KINDS[name]
            self._pages[name] = kind(self, self._services, self._session, self._around)
        return self._pages[name]

    def _tell_of_models(self) -> None:
        for page in self._pages.values():
            page.models_changed()


def _page_titles() -> dict[str, tuple[Sentence, Sentence]]:
    """Titles and explanations of the pages, by their names."""
    return {
        COLLECT: (_("Collect"), _("Words are dictated, and what you write is kept at once.")),
        EXAM: (_("Exam"), _("How well models read your hand, on drawings that none ever learns.")),
        TEACH: (_("Teach"), _("A model learns your hand from what you have collected.")),
        AWAY: (_("Take away"), _("Your drawings as files, and back from another computer.")),
    }
