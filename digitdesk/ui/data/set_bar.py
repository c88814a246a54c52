"""Which data set is shown; one's own can be called otherwise, and removed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages.own.pictures import OwnSet
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.controls.name_field import NameField
from digitdesk.ui.data.words import is_writing, set_title
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.widgets import set_shown

_WIDTH = 28


class SetBar(theme.Frame):
    """A list, and two buttons where the set is the user's own.

    Args:
        parent: The widget to sit in.
        on_choice: Takes the set that was chosen.
        on_rename: Takes a set and its new name.
        on_remove: Takes a set that is to be removed.

    Attributes:
        choice: The list.
        name: Is typed into in place of the list.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_choice: Callable[[OwnSet], None],
        on_rename: Callable[[OwnSet, str], None],
        on_remove: Callable[[OwnSet], None],
    ) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self._on_choice, self._on_rename, self._on_remove = on_choice, on_rename, on_remove
        self._sets: dict[str, OwnSet] = {}
        self.choice = ChoiceBox(
            self, _("The data set that is shown: what is on this computer, what you have imported, "
                    "and what people have written here."),
            self._choose, title=_("Data set"), width=_WIDTH,
        )  # fmt: skip
        self.choice.widget.grid(row=0, column=0)
        self.name = NameField(
            self.choice.widget, _("The set's new name. Enter keeps it, Escape does not."),
            self._end_renaming,
        )  # fmt: skip
        self.rename_button = self._button(
            1, _("Rename"), self._begin_renaming, _("Gives this set another name.")
        )
        self.remove_button = self._button(
            2, _("Delete …"), self._remove, _("Deletes this set's files, after a question.")
        )
        self.columnconfigure(1, pad=gap)
        self._show_buttons()

    @property
    def chosen(self) -> OwnSet | None:
        """The set that is chosen."""
        return self._sets.get(self.choice.chosen)

    def offer(self, sets: Sequence[OwnSet]) -> None:
        """Offer these sets; what is chosen stays so where it is there still."""
        self._sets = {one.name: one for one in sets}
        titles: dict[str, Sentence | str] = {one.name: set_title(one) for one in sets}
        self.choice.offer(titles)
        self._show_buttons()

    def add(self, one: OwnSet) -> None:
        """Offer one set more, and show it as chosen."""
        self.offer((*(known for known in self._sets.values() if known.name != one.name), one))
        self.choose(one.name)

    def choose(self, name: str) -> None:
        """Show another choice."""
        self.choice.choose(name)
        self._show_buttons()

    def _choose(self) -> None:
        self._show_buttons()
        if self.chosen is not None:
            self._on_choice(self.chosen)

    def _show_buttons(self) -> None:
        chosen = self.chosen
        can_change = chosen is not None and chosen.is_own and not is_writing(chosen)
        for button in (self.rename_button, self.remove_button):
            set_shown(button, can_change)

    def _button(
        self, column: int, title: Sentence, run: Callable[[], None], why: Sentence
    ) -> theme.Button:
        button = explained_button(self, title, run, why, theme.TOOL)
        button.grid(row=0, column=column)
        return button

    # -- renaming and removing

    def _begin_renaming(self) -> None:
        if self.chosen is not None:
            self.name.begin(self.chosen.title, in_=self.choice.box, relwidth=1.0, relheight=1.0)

    def _end_renaming(self, name: str) -> None:
        self.choice.box.focus_set()
        if name and self.chosen is not None and name != self.chosen.title:
            self._on_rename(self.chosen, name)

    def _remove(self) -> None:
        if self.chosen is not None:
            self._on_remove(self.chosen)
