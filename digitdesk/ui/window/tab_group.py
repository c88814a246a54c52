"""The tabs side by side: which is shown, and how all of them are told what happens.

It knows what a tab is, and not which tabs there are.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke
from digitdesk.messages.run import RunEvent, TrainingConfig
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.layout.scroll_area import ScrollArea
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.tab import ClosingQuestion, Tab, TourStop
from digitdesk.ui.toolkit.widgets import try_all
from digitdesk.ui.window.file_drop import accept_files

if TYPE_CHECKING:
    from digitdesk.session.session import Session


class TabGroup:
    """Holds one tab of each kind.

    Args:
        parent: The widget to sit in.

    Attributes:
        notebook: What they lie in, for its parent to place.
    """

    def __init__(self, parent: tk.Misc) -> None:
        self.notebook = theme.Notebook(parent)
        self._tabs: dict[str, Tab] = {}
        self._areas: dict[str, ScrollArea] = {}
        self._in_front: Tab | None = None

    def fill(self, kinds: Sequence[type[Tab]], services: PageServices, first: str) -> None:
        """Make the tabs.

        Args:
            kinds: What tabs there shall be, from left to right.
            services: What they may ask of the window.
            first: Key of the one to show; the leftmost where there is none of this name.
        """
        self._status = services.status
        for kind in kinds:
            area = self._areas[kind.key] = ScrollArea(self.notebook)
            tab = self._tabs[kind.key] = kind(area, services)
            area.hold(tab, tab)
            self.notebook.add(area)
            follow_language(tab, partial(self._write_title, tab))
        self.show(first if first in self._tabs else self.leftmost.key)
        self.notebook.bind("<<NotebookTabChanged>>", lambda _event: self._on_changed(), add="+")

    def __getitem__(self, key: str) -> Tab:
        return self._tabs[key]

    def __iter__(self) -> Iterator[Tab]:
        return iter(self._tabs.values())

    # -- which tab is shown

    @property
    def leftmost(self) -> Tab:
        """The tab where everything begins."""
        return next(iter(self))

    @property
    def in_front(self) -> Tab | None:
        """The tab that is shown; ``None`` while the window is taken down."""
        name = str(self.notebook.tk.call(self.notebook, "select"))
        return next((tab for tab in self if str(self._areas[tab.key]) == name), None)

    def show(self, key: str) -> None:
        """Bring a tab to the front."""
        self.notebook.tk.call(self.notebook, "select", self._areas[key])

    def show_neighbor(self, step: int) -> None:
        """Bring the tab to the front that is so many places further, round and round."""
        keys = list(self._tabs)
        before = self.in_front
        place = keys.index(before.key) if before is not None else 0
        self.show(keys[(place + step) % len(keys)])
        # Keys must not go on to what can no longer be seen.
        if self.in_front is not None:
            self.in_front.focus_set()

    def _on_changed(self) -> None:
        before, self._in_front = self._in_front, self.in_front
        if before is self._in_front:
            return
        if before is not None:
            before.hidden()
        if self._in_front is not None:
            self._in_front.shown()

    def _write_title(self, tab: Tab) -> None:
        self.notebook.tk.call(self.notebook, "tab", self._areas[tab.key], "-text", tab.title)

    # -- what the tabs say

    @property
    def tour_stops(self) -> Iterator[tuple[str, TourStop]]:
        """The stops of all tabs, each with its tab's key."""
        for tab in self:
            yield from ((tab.key, stop) for stop in tab.tour_stops)

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has begun anything on any tab."""
        return all(tab.is_untouched for tab in self)

    @property
    def progress_in_title(self) -> float:
        """How far the first tab is that has something to show in the window's title, 0 … 1."""
        shares = (tab.progress_in_title for tab in self)
        return next((share for share in shares if share), 0.0)

    @property
    def closing_question(self) -> ClosingQuestion | None:
        """What the first tab asks that asks something before the window closes."""
        questions = (tab.closing_question for tab in self)
        return next((question for question in questions if question), None)

    # -- what the tabs are told

    def attach(self, session: Session) -> None:
        """Bring all tabs to life.

        What one lacks (a bundled file, say) must not keep the others from working.
        """
        for tab in self:
            with self._status.guarding():
                tab.attach(session)

    def load_rest(self) -> None:
        """Have everything loaded that the start did not wait for, and files taken that drop."""
        self._tell(lambda tab: tab.load_rest())
        for tab in self:
            if tab.drop_invitation is not None:
                accept_files(tab, tab.take_files, partial(self._invite, tab))

    def handle(self, event: RunEvent) -> None:
        """Give an event to all tabs."""
        self._tell(lambda tab: tab.handle(event))

    def after_events(self) -> None:
        """Say that a batch of events has been handled."""
        self._tell(lambda tab: tab.after_events())

    def models_changed(self, key: str) -> None:
        """Say that there are other models."""
        self._tell(lambda tab: tab.models_changed(key))

    def data_changed(self) -> None:
        """Say that there are other data sets."""
        self._tell(lambda tab: tab.data_changed())

    def use_model(self, key: str) -> None:
        """Have a model used by the tab that reads."""
        self._tell(lambda tab: tab.use_model(key))

    def put_on_board(self, content: Picture | Sequence[Stroke], key: str) -> None:
        """Have something put on the board by the tab that has it."""
        self._tell(lambda tab: tab.put_on_board(content, key))

    def drawing(self) -> Picture | Sequence[Stroke]:
        """What is on the board of the tab that has it."""
        return next((drawn for drawn in (tab.drawing for tab in self) if drawn), ())

    def examine_model(self, key: str, other: str) -> None:
        """Have a model examined by the tab that does so."""
        self._tell(lambda tab: tab.examine_model(key, other))

    def prepare_run(self, name: str, value: float) -> None:
        """Have a setting of the next run changed by the tab that sets it up."""
        self._tell(lambda tab: tab.prepare_run(name, value))

    def set_up_run(self, config: TrainingConfig) -> None:
        """Have the next run set up by the tab that does so."""
        self._tell(lambda tab: tab.set_up_run(config))

    def look_inside(self, key: str) -> None:
        """Have a model looked into by the tab that does so."""
        self._tell(lambda tab: tab.look_inside(key))

    def look_at(self, key: str, picture: Picture, label: str) -> None:
        """Have a model looked into, on a picture of a class, by the tab that does so."""
        self._tell(lambda tab: tab.look_at(key, picture, label))

    def _tell(self, what: Callable[[Tab], None]) -> None:
        """Tell all tabs, although one may fail."""
        try_all(*(partial(what, tab) for tab in self))

    def _invite(self, tab: Tab) -> None:
        if tab.drop_invitation is not None:
            self._status.say(tab.drop_invitation)
