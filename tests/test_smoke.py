"""The smoke test's judgement: what is trouble, what was drawn, and what is another answer."""

from __future__ import annotations

import dataclasses
import tkinter as tk
from collections.abc import Iterator

import pytest


@pytest.mark.parametrize(
    ("line", "is_trouble"),
    [
        ("2026-01-02 03:04:05,678 INFO MainThread digitdesk.app: Ready to read", False),
        (
            "2026-01-02 03:04:05,678 ERROR MainThread digitdesk.ui.window.main_window: Error in",
            True,
        ),
        ("2026-01-02 03:04:05,678 CRITICAL worker digitdesk: Unhandled error in a thread", True),
        ("Traceback (most recent call last):", True),
        ("_tkinter.TclError: invalid command name", True),
    ],
)
def test_trouble_in_log_or_console_is_noticed(recipe, line: str, is_trouble: bool) -> None:
    assert bool(recipe("smoke_story")._TROUBLE.search(line)) is is_trouble


@dataclasses.dataclass
class LosingMouse:
    """Draws on a canvas that misses every second movement where the mouse does not wait.

    Attributes:
        trouble: Pixels that a patient stroke, too, is beside what was meant.
    """

    canvas: tk.Canvas
    trouble: int = 0
    strokes: list[str] = dataclasses.field(default_factory=list)
    _where: tuple[int, int] = (0, 0)

    def draw(self, places: list[tuple[int, int]]) -> None:
        self.strokes.append("quick")
        self._event("<Button-1>", places[0])
        for place in places[1::2]:
            self._event("<B1-Motion>", place)
        self.release()

    def press(self, where: tuple[int, int]) -> None:
        self.strokes.append("patient")
        self._event("<Button-1>", (where[0] + self.trouble, where[1]))

    def move(self, where: tuple[int, int]) -> None:
        self._event("<B1-Motion>", where)

    def release(self) -> None:
        self._event("<ButtonRelease-1>", self._where)
        self.canvas.update()

    def click(self, where: tuple[int, int]) -> None:
        pass

    def _event(self, name: str, where: tuple[int, int]) -> None:
        self._where = where
        self.canvas.event_generate(name, x=where[0], y=where[1], state=0x100)


@pytest.fixture
def board(root: tk.Tk) -> Iterator[tk.Canvas]:
    """A program's canvas, of 100 pixels."""
    program = tk.Toplevel(root)
    canvas = tk.Canvas(program, width=100, height=100, highlightthickness=0)
    canvas.pack()
    program.update()
    yield canvas
    program.destroy()
    root.update()


@pytest.fixture
def drawn(recipe, board: tk.Canvas):
    """Draws strokes with a mouse, on a board that notes what it saw."""
    tools, pen = recipe("smoke_tools"), recipe("smoke_pen")
    eyes = tools.Eyes.__new__(tools.Eyes)
    eyes.ask = board.tk.eval
    field = tools.Widget(str(board), "Canvas", 0, 0, 100, 100, True, True, "")

    def draw(mouse: LosingMouse, strokes: list[list[tuple[float, float]]]):
        hand = pen.Pen(eyes, mouse)
        return pen.drawn_whole(lambda patient: hand.draw(field, strokes, patient=patient))

    return draw


SHORT = [[(0.1, 0.1), (0.1, 0.101), (0.2, 0.2)], [(0.5, 0.5), (0.6, 0.6)]]
LONG = [*SHORT, [(0.1, 0.9), (0.2, 0.9), (0.3, 0.9)]]


@pytest.mark.window
def test_what_the_program_saw_of_a_drawing_is_known(drawn, board: tk.Canvas) -> None:
    mouse = LosingMouse(board)
    for _time in range(2):
        assert drawn(mouse, SHORT) == (100, (((10, 10), (20, 20)), ((50, 50), (60, 60))))
    assert mouse.strokes == ["quick"] * 4


@pytest.mark.window
def test_a_drawing_that_came_in_part_is_drawn_again_with_patience(drawn, board: tk.Canvas) -> None:
    mouse = LosingMouse(board)
    assert drawn(mouse, LONG).strokes[2] == ((10, 90), (20, 90), (30, 90))
    assert mouse.strokes == ["quick"] * 3 + ["patient"] * 3


@pytest.mark.window
def test_a_drawing_that_never_comes_as_it_is_meant_is_no_answer(
    recipe, drawn, board: tk.Canvas
) -> None:
    with pytest.raises(recipe("smoke_tools").SmokeError, match="the program saw"):
        drawn(LosingMouse(board, trouble=1), LONG)


def test_another_answer_to_the_same_ink_is_a_fault(recipe) -> None:
    pen, error = recipe("smoke_pen"), recipe("smoke_tools").SmokeError
    ink = pen.Ink(100, (((10, 10), (20, 20)),))
    said = pen.Reading(ink, "7\n38.2 % sure")
    pen.compare(said, said)
    with pytest.raises(error, match=r"'7\\n38.2 % sure' and .* '7\\n38.1 % sure'"):
        pen.compare(said, pen.Reading(ink, "7\n38.1 % sure"))
    for other in (pen.Ink(101, ink.strokes), pen.Ink(100, (((10, 10),),))):
        with pytest.raises(error, match="cannot be compared"):
            pen.compare(said, pen.Reading(other, said.answer))
