"""Collect: a word is dictated, somebody writes it, Space takes it, and the next one is dictated."""

from __future__ import annotations

import tkinter as tk
from typing import TYPE_CHECKING

from digitdesk.messages.own.hand import KeptPicture
from digitdesk.ui.hand.classes_field import ClassesField
from digitdesk.ui.hand.collect.collector import Collector
from digitdesk.ui.hand.collect.last_pictures import LastPictures
from digitdesk.ui.hand.count_bars import CountBars
from digitdesk.ui.hand.desk import DeskCommands, WritingDesk
from digitdesk.ui.hand.page import Around, HandPage
from digitdesk.ui.i18n.text import Sentence, _, joined, plural
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Banner, Choice
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session.session import Session


class CollectPage(HandPage):
    """The desk in the middle, and below it what was kept last.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Keeps the drawings.
        around: What may be asked of the tab.

    Attributes:
        collector: What is dictated and kept.
        field: What may be dictated.
        last: The drawings kept last.
        problem: Says what cannot be kept, and why.
    """

    def __init__(
        self, parent: tk.Misc, services: PageServices, session: Session, around: Around
    ) -> None:
        super().__init__(parent, services, session, around)
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.field = ClassesField(self, services, self.show)
        self.field.grid(row=0, column=0, sticky="ew", pady=(0, 1.5 * gap))
        self._desk = WritingDesk(
            self, services, session.new_board, DeskCommands(self._take, self._undo)
        )
        self._desk.grid(row=1, column=0, sticky="nsew")
        self.count = theme.Label(self._desk.below, style="Heading.TLabel", anchor="w", width=1)
        self.count.grid(row=0, column=0, sticky="ew")
        self.bars = CountBars(self._desk.below)
        self.bars.grid(row=1, column=0, sticky="ew", pady=(gap, 0))
        self.problem = Banner(self)
        self.problem.grid(row=2, column=0, sticky="ew", pady=(gap, 0))
        self.problem.grid_remove()
        self.last = LastPictures(
            self, _("Nothing is kept yet.\nWrite what you are asked for on the black board, and "
                    "press Space."), self._on_drawing,
        )  # fmt: skip
        self.last.grid(row=3, column=0, sticky="ew", pady=(1.5 * gap, 0))
        self.collector = Collector(session, services.background, self._changed, self._failed)

    # -- what the tab asks and tells

    @property
    def desk(self) -> WritingDesk:
        """Where somebody writes."""
        return self._desk

    @property
    def unkept(self) -> int:
        """Steps that are not kept yet, because they cannot be."""
        return self.collector.waiting if self.problem.text else 0

    def show(self) -> None:
        """Dictate to who writes now."""
        self.field.look_again()
        self.collector.begin(self._around.person(), self.field.names)
        self._services.background(
            lambda _job: self._session.hand.dictatable(), self.field.offer, self._status.show_error
        )
        self._desk.focus_set()

    def fit(self, width: int, height: int) -> None:
        """Give the board the room that is left."""
        self._desk.fit(width, height - self._around_desk)

    @property
    def _around_desk(self) -> int:
        gap = px(self, GAP)
        rows = self.field.winfo_reqheight() + self.last.winfo_reqheight() + 3 * gap
        has_problem = bool(self.problem.winfo_manager())
        return rows + (self.problem.winfo_reqheight() + gap if has_problem else 0)

    @property
    def least_size(self) -> tuple[int, int]:
        """Width and height below which something would be cut off, in screen pixels."""
        width, height = self._desk.least_size
        return width, height + self._around_desk

    # -- what is done

    def _take(self) -> None:
        strokes = self._desk.board.timed_strokes
        self._desk.board.begin_anew()
        self.collector.take(strokes)

    def _undo(self) -> None:
        self.collector.undo()

    def _on_drawing(self, drawing: KeptPicture) -> None:
        # The press that chose it ends what was offered before: this one comes after it.
        self.after_idle(self._offer_to_remove, drawing)

    def _offer_to_remove(self, drawing: KeptPicture) -> None:
        self._status.notice.offer(
            _("This was kept as {name}.").format(name=drawing.label),
            self._desk.board,
            Choice(_("Remove it"), lambda: self._remove(drawing)),
        )

    def _remove(self, drawing: KeptPicture) -> None:
        self.collector.remove(drawing)
        self._desk.focus_set()

    # -- what has happened

    def _changed(self) -> None:
        collector = self.collector
        self._desk.show(collector.wanted, can_take_back=collector.can_undo)
        self.count.configure(text=self._counted)
        known = {name: collector.counts[name] for name in collector.class_names}
        others = {
            name: n for name, n in sorted(collector.counts.items()) if n and name not in known
        }
        self.bars.show({**known, **others}, collector.wanted)
        self.last.show(collector.latest)
        if self.problem.text and not collector.waiting:
            self.problem.dismiss()

    @property
    def _counted(self) -> Sentence:
        collector = self.collector
        said = plural("{n} drawing", "{n} drawings", sum(collector.counts.values()))
        if not collector.sitting:
            return said
        return joined("  ·  ", (said, plural("{n} just now", "{n} just now", collector.sitting)))

    def _failed(self, error: Exception) -> None:
        """What cannot be kept waits here: nothing that was written is lost."""
        self._status.show_error(error, is_beside=True)
        waiting = self.collector.waiting
        self.problem.show(
            plural("{n} step is not kept yet.", "{n} steps are not kept yet.", waiting),
            Choice(_("Try again"), self.collector.try_again),
            Choice(_("Throw it away"), self.collector.give_up),
        )
