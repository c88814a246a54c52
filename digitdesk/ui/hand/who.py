"""Who writes: a list of people, and what can be done about a name."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from digitdesk.messages.writing import ME
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.controls.name_field import NameField
from digitdesk.ui.hand.words import person_title
from digitdesk.ui.i18n.text import Sentence, _, joined, whole
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.banner import Choice
from digitdesk.ui.toolkit.page_services import PageServices
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import enable

if TYPE_CHECKING:
    from digitdesk.session.session import Session

_WIDTH = 18


class Who(theme.Frame):
    """A list of those who have written something, and a field for a name.

    Args:
        parent: The widget to sit in.
        services: What may be asked of the window.
        session: Knows the people.
        on_change: Called when somebody else writes, or goes by another name.

    Attributes:
        person: Who writes now.
        name: Is typed into in place of the list.
    """

    def __init__(
        self,
        parent: tk.Misc,
        services: PageServices,
        session: Session,
        on_change: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._services, self._hand, self._on_change = services, session.hand, on_change
        self.person = services.settings.person or ME
        self._renames = False
        self._counts: dict[str, int] = {}
        self.box = ChoiceBox(
            self, _("Who writes: everybody has a set of drawings, and exams, of their own."),
            self._on_choice, title=_("Who writes"), width=_WIDTH,
        )  # fmt: skip
        self.box.widget.grid(row=0, column=0)
        self.name = NameField(
            self.box.widget, _("A name. Enter keeps it, Escape does not."), self._end_naming
        )
        self.new_button = self._tool(
            1, "plus", _("Somebody else"), self.begin_new,
            _("Lets somebody else write, with a set of their own."),
        )  # fmt: skip
        self.rename_button = self._tool(
            2, "pencil", _("Rename"), self.begin_renaming, _("Gives who writes another name.")
        )
        self.remove_button = self._tool(
            3, "trash", _("Delete …"), self._ask_to_remove,
            _("Deletes all drawings and exams of who writes."),
        )  # fmt: skip
        self._offer()

    def _tool(
        self, column: int, icon: str, title: Sentence, run: Callable[[], None], why: Sentence
    ) -> theme.Button:
        button = explained_button(self, title, run, why, theme.TOOL)
        theme.icon(button, icon, alone=True)
        button.grid(row=0, column=column, padx=(px(self, GAP / 2), 0))
        return button

    # -- what is asked of it

    def refresh(self) -> None:
        """Look again who there is."""

        def look(_job: object) -> dict[str, int]:
            counts = {one.writer: one.count for one in self._hand.people()}
            return {**{sheet.person: 0 for sheet in self._hand.exams()}, **counts}

        self._services.background(look, self._take, self._services.status.show_error)

    def begin_new(self) -> None:
        """Have the name of somebody new typed."""
        self._begin_naming("", renames=False)

    def begin_renaming(self) -> None:
        """Have another name typed for who writes."""
        self._begin_naming(self.person, renames=True)

    # -- inside

    def _take(self, counts: dict[str, int]) -> None:
        self._counts = counts
        self._offer()

    def _offer(self) -> None:
        people = sorted({ME, self.person, *self._counts}, key=lambda name: (name != ME, name))
        self.box.offer({name: self._title(name) for name in people})
        self.box.choose(self.person)
        for button in (self.rename_button, self.remove_button):
            enable(button, self.person in self._counts)

    def _title(self, person: str) -> Sentence:
        count = self._counts.get(person, 0)
        return joined("  ·  ", (person_title(person), *([whole(count)] if count else [])))

    def _on_choice(self) -> None:
        self._be(self.box.chosen)

    def _be(self, person: str) -> None:
        self.person = self._services.settings.person = person
        self._offer()
        self._on_change()

    def _begin_naming(self, name: str, *, renames: bool) -> None:
        self._renames = renames
        self.name.begin(name, in_=self.box.box, relwidth=1.0, relheight=1.0)

    def _end_naming(self, name: str) -> None:
        if not name:
            self._on_change()
            return
        with self._services.status.guarding():
            if self._renames:
                self._rename(self.person, name)
            else:
                self._be(self._hand.person_named(name))

    def _rename(self, person: str, typed: str) -> None:
        def done(name: str) -> None:
            self._counts[name] = self._counts.pop(person, 0)
            self._be(name)
            self.refresh()
            self._services.data_changed()

        self._services.background(
            lambda _job: self._hand.rename_person(person, typed), done,
            self._services.status.show_error,
        )  # fmt: skip

    def _ask_to_remove(self) -> None:
        person = self.person
        self._services.status.notice.ask(
            _("Delete all drawings and exams of {person} for good?").format(
                person=person_title(person)
            ),
            Choice(_("Delete"), lambda: self._remove(person)),
            Choice(_("Keep"), lambda: self._services.status.say(_("Nothing is deleted."))),
        )

    def _remove(self, person: str) -> None:
        def done(_nothing: object) -> None:
            self._counts.pop(person, None)
            self._services.status.say(_("Deleted."))
            self._be(ME)
            self.refresh()
            self._services.data_changed()

        self._services.background(
            lambda _job: self._hand.remove_person(person), done,
            self._services.status.show_error,
        )  # fmt: skip
