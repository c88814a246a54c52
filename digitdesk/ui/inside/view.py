"""What is in the Inside tab: the desk at the left, and under a switch the pages at the right."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from typing import TYPE_CHECKING

from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.inside.look import Look, NetworkView
from digitdesk.messages.model import READER, TRAINING, ModelEntry
from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.messages.run import Progress, RunEvent, RunFinished, RunStarted
from digitdesk.ui.controls.late_tab import LateView
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.controls.offered_models import OfferedModels
from digitdesk.ui.i18n.text import _
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.inside.desk import Desk
from digitdesk.ui.inside.page import InsidePage
from digitdesk.ui.inside.pages import FIRST_PAGE, PAGES, page_titles
from digitdesk.ui.inside.subject import Commands, Subject
from digitdesk.ui.inside.walk import WalkCard
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.session import Session

#: The least that can be worked with beside the desk, in logical pixels.
_LEAST_PAGE = (560, 440)
#: While a network learns, the same drawing is looked at again at this pace, in milliseconds.
_LOOK_AGAIN_MS = 250


class InsideView(LateView):
    """Looks at the drawing with the network that is chosen, and shows that on the page in front.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Where networks and their numbers come from.

    Attributes:
        desk: Model, board and answer.
        switch: Chooses the page.
        walk: Leads through all of them.
        pages: Those that were shown, by name.
        page: The one in front.
    """

    def __init__(self, parent: tk.Misc, services: PageServices, session: Session) -> None:
        super().__init__(parent)
        self._services, self._session = services, session
        self._network: NetworkView | None = None
        self._edits: tuple[Edit, ...] = ()
        self._key = ""
        self._borrowed: Picture | Sequence[Stroke] = ()
        self._load_job = LatestJob(services.background, services.status.show_error)
        self._offered = OfferedModels(services, self._offer_models)
        self._again = Timer(self, _LOOK_AGAIN_MS, self._look_again)
        self._commands = Commands(self.change, self._on_saved)
        gap = px(self, GAP)
        self.columnconfigure(1, weight=1, minsize=px(self, _LEAST_PAGE[0]))
        self.rowconfigure(1, weight=1, minsize=px(self, _LEAST_PAGE[1]))
        self.desk = Desk(self, services, session, self.choose_model, self.look)
        self.desk.grid(row=0, column=0, rowspan=3, sticky="nsew", padx=(0, 2 * gap))
        head = self._head = theme.Frame(self)
        head.grid(row=0, column=1, sticky="ew", pady=(0, gap))
        head.columnconfigure(1, weight=1)
        self.switch = ModeSwitch(head, page_titles(), self.show_page)
        self.switch.grid(row=0, column=0, sticky="w")
        self.walk = WalkCard(self, self.show_page)
        self.walk.grid(row=2, column=1, sticky="ew", pady=(gap, 0))
        self.walk.grid_remove()
        self.walk_button = theme.Button(head, text=_("Guided walk"), command=self.walk.begin)
        theme.look(self.walk_button, theme.TOOL)
        explain(self.walk_button, _("About ten minutes through all of it, step by step."))
        self.walk_button.grid(row=0, column=1, sticky="e")
        self.pages: dict[str, InsidePage] = {}
        self.page = self._made(FIRST_PAGE)
        self.show_page(FIRST_PAGE)
        follow_language(self, self._offer_models)
        self._offered.attach(session)
        self._offer_models()
        self.choose_model(READER)

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        wide = max(
            self.page.winfo_reqwidth(), self._head.winfo_reqwidth(), px(self, _LEAST_PAGE[0])
        )
        return self.desk.winfo_reqwidth() + px(self, 2 * GAP) + wide, self.winfo_reqheight()

    # -- what the tab tells

    def come_to_front(self) -> None:
        """Look at what is on the board now."""
        self._offer_models()
        self.desk.samples.load()
        self._borrow()
        self._look_again()

    def _borrow(self) -> None:
        """Begin with what is drawn in the Draw tab; what was drawn here since then stays."""
        drawing = self._services.drawing()
        if drawing and drawing != self._borrowed:
            self._borrowed = drawing
            self.desk.put(drawing)

    def hidden(self) -> None:
        """Compute nothing that nobody sees."""
        self.page.leave()

    def models_changed(self, key: str) -> None:
        """Offer the models there are now."""
        self._offered.look()
        self._offer_models()

    def handle(self, event: RunEvent) -> None:
        """Follow a run with the network that learns."""
        match event:
            case RunStarted() | RunFinished():
                self._offer_models()
            case Progress():
                if TRAINING not in self.desk.model.keys:
                    self._offer_models()
                if self._key == TRAINING and self.winfo_viewable():
                    self._again.ask()
        if self.winfo_viewable():
            self.page.handle(event)

    # -- networks

    def choose_model(self, key: str) -> None:
        """Look into another network, once it is loaded; changes belong to the one before."""
        self.desk.model.choose(key)
        if key == self._key:
            return
        session, edits = self._session, self._edits if key == self._key else ()

        def take(network: NetworkView) -> None:
            self._key, self._edits = key, edits
            # What is offered may have been offered anew while it was loaded.
            self.desk.model.choose(key)
            self._take_network(network)

        def load() -> NetworkView:
            session.load(key)
            return session.inside.layers(key)

        self._load_job.ask(
            lambda _job: load(), take, when_failed=lambda: self.desk.model.choose(self._key)
        )

    def change(self, edits: Sequence[Edit]) -> None:
        """Look into the network as it is with other changes."""
        with self._services.status.guarding():
            network = self._session.inside.layers(self._key, tuple(edits))
            self._edits = tuple(edits)
            self._take_network(network)

    def _take_network(self, network: NetworkView) -> None:
        self._network = network
        self.desk.samples.look_with(self._key, self._edits, network.class_names)
        self.look()

    def _offer_models(self) -> None:
        self.desk.offer_models(self._offered.entries)
        self.desk.model.choose(self._key)

    def _on_saved(self, entry: ModelEntry) -> None:
        """Look into the model that a changed network was saved as."""
        self._services.models_changed(entry.key)
        self._offer_models()
        self.choose_model(entry.key)

    # -- looking

    def look(self) -> None:
        """Look at what is on the board, and show it."""
        network = self._network
        if network is None:
            return
        with self._services.status.guarding():
            look = self._look_at_board()
            self.desk.show(look)
            self._show(network, look)

    def _look_at_board(self) -> Look:
        inside, key, edits, desk = self._session.inside, self._key, self._edits, self.desk
        shown = desk.board.shown
        if desk.sample is not None:
            return inside.look_at_picture(key, desk.sample, edits)
        if shown is not None:
            prepared = self._session.read_picture(shown, key).preprocessed
            if prepared is not None:
                return inside.look_at_picture(key, prepared, edits)
        return inside.look_at_strokes(key, desk.strokes, edits)

    def _look_again(self) -> None:
        """Look once more: the network has learned on, or the look is too long ago."""
        if self._network is None:
            return
        if self._key == TRAINING:
            with self._services.status.guarding():
                self._network = self._session.inside.layers(self._key, self._edits)
        self.look()

    # -- pages

    def show_page(self, name: str) -> None:
        """Show another page."""
        self.switch.show(name)
        before, self.page = self.page, self._made(name)
        if before is not self.page:
            before.leave()
        for page in self.pages.values():
            set_shown(page, page is self.page)
        self.look()

    def _made(self, name: str) -> InsidePage:
        """A page, made when it is first wanted."""
        if name not in self.pages:
            page = self.pages[name] = PAGES[name](self, self._services, self._commands)
            page.grid(row=1, column=1, sticky="nsew")
        return self.pages[name]

    def _show(self, network: NetworkView, look: Look) -> None:
        desk = self.desk
        subject = Subject(
            self._session, network, look, desk.strokes, desk.truth, desk.samples.data.chosen
        )
        self.page.show(subject)
