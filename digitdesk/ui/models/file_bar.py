"""The row of tools below the list of models: files at the left, whom to compare with at the right.

What is recent and what is in the trash is looked up whenever their lists are opened.
"""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from digitdesk.messages.model import TrashTicket
from digitdesk.ui.i18n.text import Sentence, _, size
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable

#: Of the box with models to compare with, in letters.
_BOX_WIDTH = 22


@dataclass(frozen=True, slots=True)
class FileCommands:
    """What the tools do.

    Attributes:
        recent: Gives the files that were opened or saved lately.
        trash: Gives the deleted files that can be had back.
        compare: Takes the place among the models offered, -1 for none.
    """

    open: Callable[[], None]
    recent: Callable[[], Sequence[Path]]
    open_recent: Callable[[Path], None]
    rename: Callable[[], None]
    duplicate: Callable[[], None]
    delete: Callable[[], None]
    trash: Callable[[], Sequence[TrashTicket]]
    restore: Callable[[TrashTicket], None]
    empty_trash: Callable[[], None]
    show_in_folder: Callable[[], None]
    compare: Callable[[int], None]


class FileBar(WrappingRow):
    """Buttons for what one does with files, and a box with the models to compare with.

    Args:
        parent: The widget to sit in.
        commands: What the tools do.
    """

    def __init__(self, parent: tk.Misc, commands: FileCommands) -> None:
        super().__init__(parent, apart=GAP / 2)
        self._commands = commands
        tool = self._tool
        self.open_button = tool(
            _("Open …"), "folder2-open", commands.open, _("Opens a model file, .npz or .pkl.")
        )
        self.recent_button, self.recent_menu = self._list(
            _("Recent"), _("Files that were opened or saved lately."), self._list_recent
        )
        self.rename_button = tool(
            _("Rename"), "pencil", commands.rename,
            _("Gives the model and its file another name. Enter keeps it."),
        )  # fmt: skip
        self.duplicate_button = tool(
            _("Duplicate"), "copy", commands.duplicate,
            _("Puts a copy into the models folder; also of the network that is learning."),
        )  # fmt: skip
        self.delete_button = tool(
            _("Delete"), "trash", commands.delete,
            _("Moves the file to DigitDesk's trash; it can be undone (Delete; Ctrl+Z)."),
        )  # fmt: skip
        self.trash_button, self.trash_menu = self._list(
            _("Trash"), _("Deleted models, for thirty days: choose one to have it back."),
            self._list_trash,
        )  # fmt: skip
        self.folder_button = tool(
            _("Show in folder"), "folder", commands.show_in_folder,
            _("Opens the folder the file lies in."),
        )  # fmt: skip
        compare = theme.Frame(self)
        theme.Label(compare, text=_("Compare with"), style="Muted.TLabel").grid(
            row=0, column=0, padx=(0, px(self, GAP))
        )
        self.compare_box = theme.Combobox(compare, state="readonly", width=_BOX_WIDTH)
        self.compare_box.grid(row=0, column=1, sticky="ew")
        self.compare_box.bind("<<ComboboxSelected>>", lambda _event: self._on_compare())
        explain(
            self.compare_box,
            _("Lets both models read the same pictures, and shows where only one is right."),
        )
        self.wrap(
            self.open_button, self.recent_button, self.rename_button, self.duplicate_button,
            self.delete_button, self.trash_button, self.folder_button, compare, pushed=compare,
        )  # fmt: skip
        self.set_usable(False)

    def set_usable(self, usable: bool) -> None:
        """Let files be opened and had back, or not yet."""
        enable(self.open_button, usable)
        for button in (self.recent_button, self.trash_button):
            button.state(["!disabled" if usable else "disabled"])

    def enable(self, *, is_usable: bool, is_file: bool, can_delete: bool) -> None:
        """Let be pressed what can be done with the selected model.

        Args:
            is_usable: Whether it can be read with.
            is_file: Whether it is a file of the user's.
            can_delete: Whether it can be thrown away; so can a network that is not saved yet.
        """
        enable(self.duplicate_button, is_usable)
        enable(self.rename_button, is_usable and is_file)
        enable(self.delete_button, can_delete)
        enable(self.folder_button, is_file)
        self.compare_box.state(["!disabled" if is_usable else "disabled"])

    def _list_recent(self) -> None:
        menu, paths = self.recent_menu, self._commands.recent()
        for path in paths:
            menu.add_command(label=path.name, command=partial(self._commands.open_recent, path))
        if not paths:
            menu.add_command(label=_("No file was opened or saved lately."), state="disabled")

    def _list_trash(self) -> None:
        menu, tickets = self.trash_menu, self._commands.trash()
        for ticket in tickets:
            words = (ticket.title, ticket.deleted[:10], size(ticket.size_bytes))
            menu.add_command(
                label="  ·  ".join(words), command=partial(self._commands.restore, ticket)
            )
        if tickets:
            menu.add_separator()
            menu.add_command(label=_("Empty the trash"), command=self._commands.empty_trash)
        else:
            menu.add_command(label=_("The trash is empty."), state="disabled")

    def offer_others(self, titles: Iterable[str]) -> None:
        """Offer models to compare with; what is chosen stays chosen."""
        self.compare_box.configure(values=[_("no other"), *titles])

    def choose_no_other(self) -> None:
        """Show that nothing is compared."""
        if str(self.compare_box.cget("values")):
            self.compare_box.current(0)

    def _on_compare(self) -> None:
        self.compare_box.selection_clear()
        self._commands.compare(self.compare_box.current() - 1)

    def _list(
        self, title: Sentence, help_text: Sentence, fill: Callable[[], None]
    ) -> tuple[theme.Menubutton, tk.Menu]:
        """A button with a list that is made anew whenever it opens."""
        button = theme.Menubutton(self, text=title)
        theme.look(button, theme.TOOL)
        explain(button, help_text)

        def make() -> None:
            menu.delete(0, "end")
            fill()

        menu = tk.Menu(button, tearoff=False, postcommand=make)
        button.configure(menu=menu)
        return button, menu

    def _tool(
        self, title: Sentence, icon: str, run: Callable[[], None], help_text: Sentence
    ) -> theme.Button:
        button = theme.Button(self, text=title, command=run)
        theme.look(button, theme.TOOL)
        theme.icon(button, icon)
        explain(button, help_text)
        return button
