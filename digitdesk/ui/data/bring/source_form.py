"""What is imported and how: a file or a folder, its classes' names, its preparation, its name."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.dialogs import FileDialogs
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable, field, set_shown

#: Width of the form, in logical pixels.
WIDTH = 264
_BOARD, _PLAIN = "board", "plain"


@dataclass(frozen=True, slots=True)
class Source:
    """What is to be read, and how.

    Attributes:
        path: A file or a folder.
        classes: A file with a name for each class.
        is_plain: Whether pictures are only scaled.
    """

    path: Path
    classes: Path | None = None
    is_plain: bool = False


class SourceForm(theme.Frame):
    """Two buttons, and the options below them.

    Args:
        parent: The widget to sit in.
        dialogs: Ask for files and folders.
        on_change: Called when something else is to be read, or otherwise.
        on_write: Writes what was read.
        on_discard: Forgets what was read.

    Attributes:
        name: What the set is to be called.
        source: What was chosen.
    """

    def __init__(
        self,
        parent: tk.Misc,
        dialogs: FileDialogs,
        *,
        on_change: Callable[[], None],
        on_write: Callable[[], None],
        on_discard: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._dialogs, self._on_change = dialogs, on_change
        self._path: Path | None = None
        self._classes: Path | None = None
        gap = px(self, GAP)
        self.columnconfigure((0, 1), weight=1, uniform="half", minsize=px(self, WIDTH / 2))
        self.file_button = self._button(
            0, 0, _("File …"), self._ask_file,
            _("A table (CSV), an archive (npz, mat) or an IDX file, with pictures and labels."),
        )  # fmt: skip
        self.folder_button = self._button(
            0, 1, _("Folder …"), self._ask_folder,
            _("A folder of pictures, one folder in it for each class or without labels, or one "
              "with IDX files."),
        )  # fmt: skip
        self.chosen = WrappedLabel(self)
        self.chosen.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(gap // 2, gap))
        cell, _title = field(self, 2, 0, _("Name of the set"), columns=2)
        self.name = tk.StringVar(self)
        self.name_entry = theme.Entry(cell, textvariable=self.name, width=1)
        self.name_entry.grid(row=1, column=0, sticky="ew")
        explain(self.name_entry, _("What the set is called here, and its folder."))
        cell, _title = field(self, 3, 0, _("Pictures that are not 28×28"), columns=2)
        self.preparation = ChoiceBox(
            cell, _("Prepared as drawings on the board are: cut out, scaled to 20×20, centered. Or "
                    "only scaled as they are."),
            self._changed, width=1,
        )  # fmt: skip
        self.preparation.stretch()
        self.preparation.widget.grid(row=1, column=0, sticky="ew")
        self.preparation.offer(
            {_BOARD: _("prepared as on the board"), _PLAIN: _("only scaled")}
        )  # fmt: skip
        self.classes_button = self._button(
            4, 0, _("Class names …"), self._ask_classes,
            _("A text file with a name for each class, one a line, in the order of the labels."),
        )  # fmt: skip
        self.no_classes_button = self._button(
            4, 1, _("Without"), lambda: self._take_classes(None), _("Takes no names from a file.")
        )
        self.write_button = self._button(
            5, 0, _("Write"), on_write,
            _("Writes the set among your own; it is offered in Train and Evaluate then."),
        )  # fmt: skip
        self.write_button.grid(pady=(2 * gap, 0))
        self.discard_button = self._button(
            5, 1, _("Discard"), on_discard, _("Forgets what was read; nothing is written.")
        )
        self.discard_button.grid(pady=(2 * gap, 0))
        self.show_state(can_write=False)

    @property
    def source(self) -> Source | None:
        """What is to be read; ``None`` where nothing was chosen."""
        if self._path is None:
            return None
        return Source(self._path, self._classes, self.preparation.chosen == _PLAIN)

    def take(self, path: Path | None) -> None:
        """Choose another source, or none; its name is to be found in itself."""
        self._path = path
        self.name.set("")
        self.show_state(can_write=False)
        if path is not None:
            self._on_change()

    def show_state(self, *, can_write: bool, is_locked: bool = False) -> None:
        """Show what was chosen.

        Args:
            can_write: Whether it can be written.
            is_locked: Whether somebody has worked on it, so that it must not be read anew.
        """
        has_source = self._path is not None
        said = [path.name for path in (self._path, self._classes) if path is not None]
        self.chosen.configure(text="\n".join(said) if said else _("Nothing is chosen yet."))
        theme.look(self.file_button, theme.QUIET if can_write else theme.ACCENT)
        theme.look(self.write_button, theme.ACCENT if can_write else theme.QUIET)
        set_shown(self.no_classes_button, self._classes is not None)
        enable(self.write_button, can_write)
        enable(self.discard_button, has_source)
        for button in (
            self.file_button, self.folder_button, self.classes_button, self.no_classes_button
        ):  # fmt: skip
            enable(button, not is_locked)
        self.preparation.box.state(["disabled" if is_locked else "!disabled"])

    # -- inside

    def _ask_file(self) -> None:
        path = self._dialogs.data_file()
        if path:
            self.take(Path(path))

    def _ask_folder(self) -> None:
        path = self._dialogs.data_folder()
        if path:
            self.take(Path(path))

    def _ask_classes(self) -> None:
        path = self._dialogs.class_names()
        if path:
            self._take_classes(Path(path))

    def _take_classes(self, path: Path | None) -> None:
        self._classes = path
        self._changed()

    def _changed(self) -> None:
        self.show_state(can_write=False)
        if self._path is not None:
            self._on_change()

    def _button(
        self, row: int, column: int, title: Sentence, run: Callable[[], None], why: Sentence
    ) -> theme.Button:
        gap = px(self, GAP / 2)
        button = explained_button(self, title, run, why)
        button.grid(row=row, column=column, sticky="ew", padx=(gap, 0) if column else (0, gap))
        return button
