"""Which data set is shown; one's own can be called otherwise, and removed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages.own.pictures import OwnSet
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.data.words import is_writing, set_title
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
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
        self.name = theme.Entry(self.choice.widget, width=_WIDTH)
        explain(self.name, _("The set's new name. Enter keeps it, Escape does not."))
        for keys in ("<Return>", "<KP_Enter>"):
            self.name.bind(keys, lambda _event: self._end_renaming(self.name.get().strip()))
        self.name.bind("<Escape>", lambda _event: self._end_renaming(""))
        self.name.bind("<FocusOut>", lambda _event: self._end_renaming(""))
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
            self.name.delete(0, "end")
            self.name.insert(0, self.chosen.title)
            self.name.place(in_=self.choice.box, relwidth=1.0, relheight=1.0)
            self.name.lift()
            self.name.focus_set()
            self.name.selection_range(0, "end")

    def _end_renaming(self, name: str) -> None:
        if self.name.winfo_manager():
            self.name.place_forget()
            self.choice.box.focus_set()
            if name and self.chosen is not None and name != self.chosen.title:
                self._on_rename(self.chosen, name)

    def _remove(self) -> None:
        if self.chosen is not None:
            self._on_remove(self.chosen)
