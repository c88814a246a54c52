"""What is in the Data tab: which set is shown, and under a switch the pages about it."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from typing import TYPE_CHECKING

from digitdesk.messages.model import TRAINING
from digitdesk.messages.own.pictures import OwnSet, PictureSet
from digitdesk.messages.run import Progress, RunEvent, RunFinished, RunStarted
from digitdesk.ui.controls.late_tab import LateView
from digitdesk.ui.controls.latest_job import LatestJob
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.controls.offered_models import OfferedModels
from digitdesk.ui.data.bring.page import BringPage
from digitdesk.ui.data.choose.page import ChoosePage
from digitdesk.ui.data.page import Commands, DataPage
from digitdesk.ui.data.see.figures_page import FiguresPage
from digitdesk.ui.data.see.pictures_page import PicturesPage
from digitdesk.ui.data.set_bar import SetBar
from digitdesk.ui.data.words import facts_of, set_title
from digitdesk.ui.data.work_line import WorkLine
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import set_shown

if TYPE_CHECKING:
    from digitdesk.session.session import Session

PICTURES, FIGURES, CHOOSE, IMPORT = "pictures", "figures", "choose", "import"
#: The least that can be worked with, in logical pixels.
_LEAST = (664, 400)


class DataView(LateView):
    """Opens the set that is chosen, and shows it on the page in front.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Where sets and models come from.

    Attributes:
        switch: Chooses the page.
        sets: Chooses the set.
        line: Says what the set is, and how far it is read.
        pages: Those about the set that were shown, by name.
        bring: The page on which sets are imported, once it was shown.
        shown: The set that is open; ``None`` until one is read.
    """

    def __init__(self, parent: tk.Misc, services: PageServices, session: Session) -> None:
        super().__init__(parent)
        self._services, self._session = services, session
        self._sets_job = LatestJob(services.background, services.status.show_error)
        self._offered = OfferedModels(services, self._offer_models)
        self._commands = Commands(self._show_class, self.take_set)
        self._wanted = ""
        self.shown: PictureSet | None = None
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1, minsize=px(self, _LEAST[1]))
        self._head = WrappingRow(self, apart=2 * GAP)
        self._head.grid(row=0, column=0, sticky="ew", pady=(0, gap // 2))
        self.switch = ModeSwitch(self._head, _page_titles(), self.show_page)
        self.sets = SetBar(self._head, self._open, self._rename, self._ask_to_remove)
        self.line = WorkLine(self, services)
        self.line.grid(row=1, column=0, sticky="ew", pady=(0, gap // 2))
        self.empty = theme.Label(
            self, style="Muted.TLabel", justify="center", anchor="center",
            text=_("Choose a data set above."),
        )  # fmt: skip
        self.empty.grid(row=2, column=0, sticky="nsew")
        self.pages: dict[str, DataPage] = {}
        self.bring: BringPage | None = None
        self.show_page(PICTURES)
        self._offered.attach(session)

    # -- what the tab asks and tells

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        front = self._front
        page = front.winfo_reqheight() if front is not None else 0
        above = self._head.winfo_reqheight() + self.line.winfo_reqheight() + px(self, GAP)
        return px(self, _LEAST[0]), above + max(page, px(self, _LEAST[1]))

    @property
    def has_labels(self) -> bool:
        """Whether somebody has labelled pictures that are not written yet."""
        return self.bring is not None and self.bring.has_labels

    def come_to_front(self) -> None:
        """Look which sets and models there are."""
        self._offer_models()
        self.look_for_sets()

    def models_changed(self) -> None:
        """Offer the models there are now, once it is known which."""
        self._offered.look()

    def handle(self, event: RunEvent) -> None:
        """Offer a run's network."""
        match event:
            case RunStarted() | RunFinished():
                self._offer_models()
            case Progress():
                # A run's first weights come a moment after its first event.
                page = self._pictures_page
                if page is not None and TRAINING not in page.bar.model.keys:
                    self._offer_models()

    def _offer_models(self) -> None:
        if self._pictures_page is not None:
            self._pictures_page.offer_models(self._offered.entries)

    # -- which set

    def look_for_sets(self) -> None:
        """Look which sets there are, and open the first where none was chosen yet."""
        pictures = self._session.pictures
        self._sets_job.ask(lambda _job: pictures.data_sets(), self._take_sets)

    def _take_sets(self, sets: tuple[OwnSet, ...]) -> None:
        self.sets.offer(sets)
        names = [one.name for one in sets]
        if self._wanted in names:
            self.sets.choose(self._wanted)
        elif names:
            self.sets.choose(names[0])
            self._open(sets[0])

    def _open(self, one: OwnSet) -> None:
        """Read a set and show it; the one before stays until then."""
        pictures, before = self._session.pictures, self._wanted
        self._wanted = one.name

        def give_up() -> None:
            self._wanted = before
            self.sets.choose(before)

        self.line.ask(
            _("Reading {set} …").format(set=set_title(one)),
            lambda job: pictures.open(one.name, job.report, job.is_cancelled),
            self._take,
            give_up,
        )

    def _take(self, opened: PictureSet) -> None:
        before, self.shown = self.shown, opened
        if before is not None:
            self._session.pictures.discard(before.key)
        self.line.tell(facts_of(opened))
        self._show_front()

    def take_set(self, written: PictureSet) -> None:
        """Show a set that was just written, and tell every tab that there is one more."""
        self._wanted = written.name
        self.sets.add(OwnSet(written.name, written.title, "", True, written.path))
        self._take(written)
        self.show_page(PICTURES)
        self._services.data_changed()

    # -- one's own sets

    def _rename(self, one: OwnSet, name: str) -> None:
        with self._services.status.guarding():
            self._wanted = self._session.pictures.rename(one.name, name)
            self._services.status.say(_("It is called {name} now.").format(name=name))
            self._services.data_changed()

    def _ask_to_remove(self, one: OwnSet) -> None:
        self._services.status.notice.ask(
            _("Delete the data set {name}? Its files are gone then.").format(name=one.title),
            Choice(_("Delete"), lambda: self._remove(one)),
            Choice(_("Keep it"), lambda: None),
        )

    def _remove(self, one: OwnSet) -> None:
        with self._services.status.guarding():
            self._session.pictures.remove(one.name)
            self._wanted = ""
            self._services.status.say(_("Deleted {name}.").format(name=one.title))
            self._services.data_changed()

    # -- pages

    @property
    def _front(self) -> DataPage | BringPage | None:
        mode = self.switch.mode
        return self.bring if mode == IMPORT else self.pages.get(mode)

    @property
    def _pictures_page(self) -> PicturesPage | None:
        """The page on which models are asked, once it was shown."""
        page = self.pages.get(PICTURES)
        return page if isinstance(page, PicturesPage) else None

    def bring_in(self, path: Path) -> None:
        """Read a file or a folder, and show what would come of it."""
        self.show_page(IMPORT)
        if self.bring is not None:
            self.bring.take(path)

    def show_page(self, name: str) -> None:
        """Show another page."""
        self.switch.show(name)
        self._show_front()

    def _show_class(self, place: int) -> None:
        self.show_page(PICTURES)
        if self._pictures_page is not None:
            self._pictures_page.see_class(place)

    def _show_front(self) -> None:
        """Show the page in front, made when there is first something to show on it."""
        mode = self.switch.mode
        if mode == IMPORT:
            self.bring = self.bring or self._made_bring()
        elif self.shown is not None:
            self._made(mode).show(self.shown)
        front = self._front
        for page in (*self.pages.values(), *([self.bring] if self.bring is not None else [])):
            set_shown(page, page is front)
        set_shown(self.empty, front is None)
        set_shown(self.line, mode != IMPORT)
        # What is imported is none of the sets there are.
        of_sets = [self.sets] if mode != IMPORT else []
        self._head.wrap(self.switch, *of_sets, pushed=self.sets if of_sets else None)

    def _made_bring(self) -> BringPage:
        page = BringPage(self, self._services, self._session.pictures, self.take_set)
        page.grid(row=2, column=0, sticky="nsew", pady=(px(self, GAP / 2), 0))
        return page

    def _made(self, name: str) -> DataPage:
        if name not in self.pages:
            page = self.pages[name] = _PAGES[name](
                self, self._services, self._session.pictures, self.line, self._commands
            )
            page.grid(row=2, column=0, sticky="nsew")
            self._offer_models()
        return self.pages[name]


_PAGES: dict[str, type[DataPage]] = {
    PICTURES: PicturesPage,
    FIGURES: FiguresPage,
    CHOOSE: ChoosePage,
}


def _page_titles() -> dict[str, tuple[Sentence, Sentence]]:
    """Titles and explanations of the pages, by their names."""
    return {
        PICTURES: (_("Pictures"), _("Every picture, and what a model takes it for.")),
        FIGURES: (_("Figures"), _("How many of each class, their average, and their ink.")),
        CHOOSE: (_("Choose part"), _("Makes a set of some classes, or of some of the pictures.")),
        IMPORT: (_("Import …"), _("Brings pictures from a table, an archive or a folder.")),
    }
