"""What must be true of whatever is on the screen, in any tab, language and theme."""

from __future__ import annotations

import re
import tkinter as tk
from collections.abc import Iterator
from tkinter import ttk

from three_tabs import Window

WITH_WORDS = ttk.Label | ttk.Button | ttk.Checkbutton | ttk.Radiobutton | ttk.Menubutton
#: Names that are the same in every language: of models, data, files, layers, keys and units.
NAMES = re.compile(
    r"[\w./-]*\.(npz|pkl|NPZ)|DigitDesk|MNIST|PCA|t-SNE|HTML|CSV|PNG|SVG|PDF|JPEG|English|GPU|CPU|CuPy|NumPy|"
    r"Ctrl\+(\w+|[+-])|Shift|Esc|Del|Tab|Space|Enter|Menu|F1|Adam|adam|sgd|momentum|auto|cpu|mnist\S*|handwriting|pendigits|"
    r"cnn-light|cnn-standard|one-cycle|cross-entropy|squared-error|constant|threads|pickle|fonts-noto-cjk|"
    r"(flatten|dense|relu|conv|pool|maxpool|batchnorm|dropout|Conv2D|MaxPool2D|Flatten|Dense)\S*|"
    r"IDX|JSON|EMNIST|Keras|Kaggle|MATLAB|NPZ|MAT|[xy]_train|train-\w+-idx\d-ubyte|exp|max|\d\w*"
)
#: What a canvas says in the language of mathematics, or of the program.
WITHOUT_WORDS = {"formula", "code", "source", "name"}


def below(widget: tk.Misc) -> Iterator[tk.Misc]:
    yield widget
    for child in widget.winfo_children():
        yield from below(child)


def shown(window: Window) -> Iterator[tk.Misc]:
    return (widget for widget in below(window) if widget.winfo_viewable())


def words_of(widget: tk.Misc) -> Iterator[str]:
    if isinstance(widget, tk.Canvas):
        for item in widget.find_all():
            is_shown = widget.type(item) == "text" and widget.itemcget(item, "state") != "hidden"
            if is_shown and not WITHOUT_WORDS & set(widget.gettags(item)):
                yield widget.itemcget(item, "text")
    elif isinstance(widget, ttk.Treeview):
        for column in widget["columns"]:
            yield widget.heading(column, "text")
    elif isinstance(widget, ttk.Combobox):
        yield widget.get()
    elif isinstance(widget, WITH_WORDS):
        yield str(widget.cget("text"))


def check(window: Window, language: str) -> None:
    """Nothing on the screen is cut off, and in Chinese nothing is English."""
    for widget in shown(window):
        if isinstance(widget, WITH_WORDS):
            text = str(widget.cget("text"))
            cut_on_purpose = widget in (window.status.message, window.train.tools.readout)
            if text and not cut_on_purpose:
                assert widget.winfo_width() >= widget.winfo_reqwidth() - 1, f"cut off: {text}"
                assert widget.winfo_height() >= widget.winfo_reqheight() - 1, f"cut off: {text}"
                inside = widget.winfo_x() + widget.winfo_width() <= widget.master.winfo_width()
                assert inside or widget.winfo_manager() == "place", f"cut off: {text}"
                right = widget.winfo_rootx() + widget.winfo_width()
                assert right <= window.winfo_rootx() + window.winfo_width(), f"outside: {text}"
        # What a model's file says of itself is shown as it is.
        if language == "zh_CN" and widget is not window.models.card.notes:
            for word in words_of(widget):
                assert not re.search(r"[A-Za-z]{3}", NAMES.sub("", word)), f"not Chinese: {word}"


def rows_of(sheet: tk.Misc) -> set[tuple[str, str]]:
    """What stands beside each other on a sheet."""
    cells: dict[tuple[tk.Misc, int], dict[int, str]] = {}
    for widget in below(sheet):
        if isinstance(widget, ttk.Label) and widget.winfo_manager() == "grid":
            place = widget.grid_info()
            row = cells.setdefault((widget.master, int(place["row"])), {})
            row[int(place["column"])] = str(widget.cget("text"))
    return {(row[0], row[1]) for row in cells.values() if {0, 1} <= set(row)}
