"""What a user does to the window, for tests: moving the pen and answering dialogs."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

WaitUntil = Callable[..., None]

#: A stroke that is a seven, in board units.
SEVEN = ((80, 70), (120, 70), (200, 70), (180, 110), (160, 150), (145, 190), (130, 220))
#: Two strokes that are a four.
FOUR = (
    ((150, 60), (120, 110), (95, 160), (140, 162), (200, 158)),
    ((175, 90), (172, 150), (168, 235)),
)


class Dialogs:
    """Stands in for the file dialogs: the next path they will give, and what they were asked."""

    def __init__(self) -> None:
        self.path = ""
        self.asked: list[str] = []
        self.names: list[str] = []

    def _ask(self, suffix: str = "", name: str = "") -> str:
        self.asked.append(suffix)
        self.names.append(name)
        return self.path

    open_model = open_plan = save_model = open_picture = exam_file = export_folder = export = (
        data_folder
    ) = data_file = class_names = drawings_folder = strokes_file = _ask


class Pen:
    """Draws with real mouse events, in board units (280 to the height)."""

    def __init__(self, board: tk.Canvas) -> None:
        self.board = board

    def _at(self, point: tuple[float, float]) -> dict[str, int]:
        unit = self.board.winfo_height() / 280
        return {"x": round(point[0] * unit), "y": round(point[1] * unit)}

    def down(self, point: tuple[float, float]) -> None:
        self.board.event_generate("<Button-1>", **self._at(point))

    def move(self, point: tuple[float, float]) -> None:
        self.board.event_generate("<B1-Motion>", state=0x100, **self._at(point))

    def up(self, point: tuple[float, float]) -> None:
        self.board.event_generate("<ButtonRelease-1>", state=0x100, **self._at(point))

    def draw(self, strokes: Sequence[Sequence[tuple[float, float]]]) -> None:
        """Draw strokes one after the other, letting the window keep up."""
        for stroke in strokes:
            self.down(stroke[0])
            for point in stroke[1:]:
                self.move(point)
                self.board.update()
            self.up(stroke[-1])
        self.board.update()

    def stroke(self, *points: tuple[float, float]) -> None:
        self.down(points[0])
        for point in points[1:]:
            self.move(point)
        self.up(points[-1])


def click(widget: tk.Misc) -> None:
    """Press a widget with the mouse."""
    widget.update()
    middle = {"x": widget.winfo_width() // 2, "y": widget.winfo_height() // 2}
    widget.event_generate("<Enter>", **middle)
    widget.event_generate("<Button-1>", **middle)
    widget.event_generate("<ButtonRelease-1>", **middle)
    widget.event_generate("<Leave>", **middle)
    widget.update()


def press(widget: tk.Misc, place: tuple[float, float]) -> None:
    """Press a widget with the mouse at a place of it."""
    x, y = round(place[0]), round(place[1])
    widget.event_generate("<Button-1>", x=x, y=y)
    widget.event_generate("<ButtonRelease-1>", x=x, y=y)
    widget.update()


def key(widget: tk.Misc, *keys: str) -> None:
    """Give a widget the focus, and press keys one after the other."""
    widget.focus_force()
    for name in keys:
        widget.event_generate(f"<{name}>")
    widget.update()


def written(text: str) -> float:
    """The number at the end of a line, as the window writes it."""
    return float(text.replace("−", "-").replace(" %", "").split()[-1])


def write(field: tk.Misc, text: str) -> None:
    """Type letters into a field that has the focus, or whose list has it, or that gets it now."""
    if not str(field.tk.call("focus")).startswith(str(field)):
        field.focus_force()
    for letter in text:
        names = {"+": "plus", " ": "space", ".": "period"}
        at = field.tk.call("focus")
        field.tk.call("event", "generate", at, "<Key>", "-keysym", names.get(letter, letter))
    field.update()
