"""What is examined, on what, and beside which other model; and the button that does it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from digitdesk.messages.exam import ExamData
from digitdesk.messages.model import ModelEntry
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.evaluate.words import data_title
from digitdesk.ui.i18n.text import _
from digitdesk.ui.layout.wrapping_row import WrappingRow
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.dialogs import FileDialogs
from digitdesk.ui.toolkit.model_names import model_title
from digitdesk.ui.toolkit.theme import GAP
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable

_FILE, _FOLDER, _NONE = "file …", "folder …", ""
_PICTURES = ".npz"


@dataclass(frozen=True, slots=True)
class ExamChoice:
    """A model, what it is to read, and a second model or an empty key."""

    model: str
    data: ExamData | None
    other: str = ""


class ExamBar(WrappingRow):
    """Three lists and a button.

    Args:
        parent: The widget to sit in.
        dialogs: Ask for a file or a folder of pictures.
        on_examine: Examines what is chosen, or cancels what goes on.
        on_change: Called when something else was chosen.
    """

    def __init__(
        self,
        parent: tk.Misc,
        dialogs: FileDialogs,
        on_examine: Callable[[], None],
        on_change: Callable[[], None],
    ) -> None:
        super().__init__(parent, apart=2 * GAP)
        self._dialogs = dialogs
        self._on_change = on_change
        self._data: dict[str, ExamData] = {}
        self._own: list[ExamData] = []
        self._known: Sequence[ExamData] = ()
        self._wanted = ""
        self.model = ChoiceBox(
            self,
            _("The model to examine; the network in training is taken as it is now."),
            on_change,
            title=_("Examine"),
            width=20,
        )
        self.data = ChoiceBox(
            self,
            _("The pictures it is to read: the test part of a data set, your own writing, a stroke "
              "file (.json), pictures (.npz), or a folder."),
            self._on_data,
            title=_("on"),
            width=22,
        )  # fmt: skip
        self.other = ChoiceBox(
            self,
            _("A second model to read the same pictures, for every figure beside the first."),
            on_change,
            title=_("beside"),
            width=18,
        )
        self.button = theme.Button(self, text=_("Examine"), command=on_examine)
        explain(self.button, _("Lets the model read every picture, in the background."))
        self.wrap(self.model.widget, self.data.widget, self.other.widget, self.button)
        self.offer_models(())
        self.offer_data(())

    @property
    def choice(self) -> ExamChoice:
        """What is chosen."""
        return ExamChoice(self.model.chosen, self._data.get(self.data.chosen), self.other.chosen)

    def offer_models(self, entries: Sequence[ModelEntry]) -> None:
        """Offer models to examine, and to read beside."""
        titles = {entry.key: model_title(entry) for entry in entries}
        self.model.offer(titles)
        self.other.offer({_NONE: _("no other"), **titles})

    def offer_data(self, known: Sequence[ExamData]) -> None:
        """Offer sets to read, and to look for others."""
        self._known = known
        sets = [*known, *(own for own in self._own if own.name not in {k.name for k in known})]
        self._data = {data.name: data for data in sets}
        titles = {name: data_title(data) for name, data in self._data.items()}
        self.data.offer({**titles, _FILE: _("Another file …"), _FOLDER: _("Another folder …")})
        if self._wanted not in self._data:
            self._wanted = next(iter(self._data), "")
        self.data.choose(self._wanted)

    def choose(self, choice: ExamChoice) -> None:
        """Show another choice; what is not offered stays as it was."""
        if choice.data is not None:
            self.take(choice.data)
        self.model.choose(choice.model)
        self.other.choose(choice.other)

    def take(self, data: ExamData) -> None:
        """Choose a set, which need not have been offered before."""
        if data.name not in self._data:
            self._own.append(data)
            self.offer_data(self._known)
        self.data.choose(data.name)
        self._wanted = data.name

    def take_path(self, path: Path) -> None:
        """Choose a file or a folder of pictures by its path."""
        kind = "folder" if path.is_dir() else "images" if path.suffix == _PICTURES else "strokes"
        self.take(ExamData(kind, str(path), path.name))  # type: ignore[arg-type]
        self._on_change()

    def show_state(self, *, is_busy: bool, is_ready: bool, is_next: bool) -> None:
        """Let the button begin or end an exam.

        Args:
            is_busy: An exam goes on.
            is_ready: There is something to examine.
            is_next: To press it would show something else than what is seen.
        """
        self.button.configure(text=_("Cancel") if is_busy else _("Examine"))
        theme.look(self.button, theme.ACCENT if is_next and not is_busy else theme.QUIET)
        enable(self.button, is_busy or is_ready)
        for choice in (self.model, self.data, self.other):
            choice.box.state(["disabled" if is_busy else "!disabled"])

    def _on_data(self) -> None:
        """A set was chosen, or that there shall be another."""
        chosen = self.data.chosen
        if chosen in self._data:
            self._wanted = chosen
            self._on_change()
            return
        self.data.choose(self._wanted)
        dialogs = self._dialogs
        path = dialogs.exam_file() if chosen == _FILE else dialogs.data_folder()
        if path:
            self.take_path(Path(path))
