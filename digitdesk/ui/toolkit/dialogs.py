"""The file dialogs, each beginning where the user was the last time."""

from __future__ import annotations

import re
import tkinter as tk
from pathlib import Path
from tkinter import filedialog

from digitdesk.ui.i18n.text import _
from digitdesk.ui.toolkit.user_settings import Settings

_PICTURES = ("*.png", "*.jpg", "*.jpeg", "*.gif", "*.bmp", "*.webp", "*.tif", "*.tiff")
_STROKES = ("*.json", "*.json.gz")
_DATA = ("*.csv", "*.csv.gz", "*.npz", "*.mat", "*ubyte", "*ubyte.gz", "*idx2-int", "*idx2-int.gz")

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LONGEST_NAME = 60


class FileDialogs:
    """Asks for paths; an empty text means the dialog was left.

    Args:
        parent: The window the dialogs belong to.
        settings: Remembers the folders.
        models: Where models are kept if nothing else was chosen.
    """

    def __init__(self, parent: tk.Misc, settings: Settings, models: Path) -> None:
        self._parent = parent
        self._settings = settings
        self._models = models

    def open_model(self, _suffix: str = "") -> str:
        """A model file to open."""
        chosen = filedialog.askopenfilename(
            parent=self._parent,
            title=_("Open a model"),
            initialdir=self._model_folder(),
            filetypes=[(_("Models"), ("*.npz", "*.pkl")), (_("All files"), "*")],
        )
        return self._keep("model_folder", chosen)

    def save_model(self, suffix: str, name: str = "model") -> str:
        """Where to save a model; ``name`` is what it is called, the file's name by default."""
        chosen = filedialog.asksaveasfilename(
            parent=self._parent,
            title=_("Save the model"),
            initialdir=self._model_folder(),
            initialfile=f"{_file_name(name)}{suffix}",
            defaultextension=suffix,
            filetypes=[(suffix, f"*{suffix}"), (_("All files"), "*")],
        )
        return self._keep("model_folder", chosen)

    def open_picture(self, _suffix: str = "") -> str:
        """A picture of a digit."""
        chosen = filedialog.askopenfilename(
            parent=self._parent,
            title=_("Open a picture of a digit"),
            initialdir=self._settings.picture_folder or None,
            filetypes=[(_("Pictures"), _PICTURES), (_("All files"), "*")],
        )
        return self._keep("picture_folder", chosen)

    def open_plan(self, _suffix: str = "") -> str:
        """A plan of experiments."""
        chosen = filedialog.askopenfilename(
            parent=self._parent,
            title=_("Open a plan"),
            initialdir=self._settings.export_folder or None,
            filetypes=[(_("Plans"), "*.toml"), (_("All files"), "*")],
        )
        return self._keep("export_folder", chosen)

    def export(self, suffix: str, name: str = "run") -> str:
        """Where to write a chart or a table of what has this name."""
        chosen = filedialog.asksaveasfilename(
            parent=self._parent,
            title=_("Export"),
            initialdir=self._settings.export_folder or None,
            initialfile=f"{_file_name(name)}{suffix}",
            defaultextension=suffix,
            filetypes=[(suffix, f"*{suffix}"), (_("All files"), "*")],
        )
        return self._keep("export_folder", chosen)

    def export_folder(self, _suffix: str = "") -> str:
        """A folder to write a report with its tables and figures into."""
        chosen = filedialog.askdirectory(
            parent=self._parent,
            title=_("Folder for the report"),
            initialdir=self._settings.export_folder or None,
        )
        return self._keep("export_folder", chosen, is_folder=True)

    def drawings_folder(self, _suffix: str = "") -> str:
        """A folder to make one with somebody's drawings in."""
        chosen = filedialog.askdirectory(
            parent=self._parent,
            title=_("Folder for the drawings"),
            initialdir=self._settings.export_folder or None,
        )
        return self._keep("export_folder", chosen, is_folder=True)

    def exam_file(self, _suffix: str = "") -> str:
        """A file with digits to examine a model on, as pictures or as strokes."""
        chosen = filedialog.askopenfilename(
            parent=self._parent,
            title=_("Open pictures or strokes to examine on"),
            initialdir=self._settings.data_folder or None,
            filetypes=[
                (_("Pictures and strokes"), ("*.npz", *_STROKES)),
                (_("All files"), "*"),
            ],
        )
        return self._keep("data_folder", chosen)

    def strokes_file(self, _suffix: str = "") -> str:
        """A file with drawings as strokes."""
        chosen = filedialog.askopenfilename(
            parent=self._parent,
            title=_("Open strokes"),
            initialdir=self._settings.data_folder or None,
            filetypes=[(_("Strokes"), _STROKES), (_("All files"), "*")],
        )
        return self._keep("data_folder", chosen)

    def data_file(self, _suffix: str = "") -> str:
        """A table or an archive with pictures and labels."""
        chosen = filedialog.askopenfilename(
            parent=self._parent,
            title=_("Import pictures and labels"),
            initialdir=self._settings.data_folder or None,
            filetypes=[(_("Data sets"), _DATA), (_("All files"), "*")],
        )
        return self._keep("data_folder", chosen)

    def class_names(self, _suffix: str = "") -> str:
        """A file with the names of classes."""
        chosen = filedialog.askopenfilename(
            parent=self._parent,
            title=_("Open names of classes, one a line"),
            initialdir=self._settings.data_folder or None,
            filetypes=[(_("Texts"), "*.txt"), (_("All files"), "*")],
        )
        return self._keep("data_folder", chosen)

    def data_folder(self) -> str:
        """A folder with a data set."""
        chosen = filedialog.askdirectory(
            parent=self._parent,
            title=_("Folder of a data set"),
            initialdir=self._settings.data_folder or None,
        )
        return self._keep("data_folder", chosen, is_folder=True)

    def _keep(self, name: str, chosen: object, *, is_folder: bool = False) -> str:
        path = str(chosen or "")
        if path:
            setattr(self._settings, name, path if is_folder else str(Path(path).parent))
        return path

    def _model_folder(self) -> str:
        if not self._settings.model_folder:
            self._models.mkdir(parents=True, exist_ok=True)
        return self._settings.model_folder or str(self._models)


def _file_name(name: str) -> str:
    """A name as one of a file that every system takes."""
    plain = " ".join(_NOT_IN_NAMES.sub(" ", name).split())
    return plain[:_LONGEST_NAME].strip(" .") or "model"
