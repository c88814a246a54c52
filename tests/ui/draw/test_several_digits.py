"""Several digits on either board: carried over to the wide one, and read row by row there."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from hands import click
from real_desk import RealDesk

from digitdesk.files.paths import UserPaths
from digitdesk.ui.toolkit.user_settings import Settings, write_settings
from tests.number_support import written

pytestmark = pytest.mark.window


@pytest.fixture
def desk(root: tk.Tk, tmp_path: Path) -> Iterator[RealDesk]:
    paths = UserPaths.under(tmp_path)
    write_settings(Settings(language="en", theme="light", tour_seen=True), paths.config)
    desk = RealDesk(root, tmp_path)
    yield desk
    desk.close()
    root.update()


def write(desk: RealDesk, text: str, x: float, y: float, height: float) -> None:
    desk.pen.board = desk.window.draw.board
    strokes = written(text, gap=0.35, height=height).strokes
    for stroke in strokes:
        desk.pen.stroke(*((a + x, b + y) for a, b in stroke))
    desk.window.update()


def test_two_digits_on_the_board_for_one_are_carried_over(desk: RealDesk, root: tk.Tk) -> None:
    draw = desk.window.draw
    write(desk, "25", 45, 80, 110)
    answer = draw.digit.panel.answer
    assert answer.hint == "This looks like more than one digit."
    assert answer.number_button.winfo_viewable()
    drawn = draw.board.strokes
    click(answer.number_button)
    assert draw.page is draw.number
    assert draw.number.view.number == "25"
    assert [len(stroke) for stroke in draw.board.strokes] == [len(stroke) for stroke in drawn]
    # It can be taken back here, and stays where it was drawn.
    draw.undo()
    root.update()
    assert draw.board.is_empty
    draw.show_mode("digit")
    assert draw.board.strokes == drawn


def test_the_link_is_there_only_for_several_digits(desk: RealDesk, root: tk.Tk) -> None:
    draw = desk.window.draw
    button = draw.digit.panel.answer.number_button
    assert not button.winfo_viewable()
    write(desk, "7", 100, 60, 150)
    root.update()
    assert draw.digit.panel.answer.label == "7"
    assert not button.winfo_viewable()


def test_two_rows_are_two_numbers(desk: RealDesk, root: tk.Tk) -> None:
    draw = desk.window.draw
    draw.show_mode("number")
    root.update()
    write(desk, "2026", 200, 40, 90)
    write(desk, "57", 220, 165, 90)
    assert draw.number.view.number == "2026, 57"
    assert draw.number.view.sureness.endswith("sure")
    assert [name for name, _sure in draw.number.boxes.labels] == list("202657")
    draw.copy()
    assert draw.clipboard_get() == "2026\n57"
    assert desk.said == "Copied 2026, 57."
    # Nothing that is written lies upon what is written.
    marks = draw.number.boxes._marks[:6]
    upper, lower = (
        [draw.board.bbox(item) for mark in row for item in (mark.value, mark.name)
         if draw.board.itemcget(item, "state") == "normal"]
        for row in (marks[:4], marks[4:])
    )  # fmt: skip
    for a in upper:
        for b in lower:
            assert a[3] <= b[1] + 2 or a[2] <= b[0] or b[2] <= a[0]


def test_a_refusal_does_not_look_like_an_answer(desk: RealDesk) -> None:
    draw = desk.window.draw
    write(desk, "25", 45, 80, 110)
    panel = draw.digit.panel
    assert panel.answer.label == panel.answer.confidence == ""
    accent = {panel.bars.itemcget(row.bar, "fill") for row in panel.bars._rows}
    assert len(accent) == 1, "one bar is marked as the answer"
    draw.clear()
    write(desk, "7", 100, 60, 150)
    accent = {panel.bars.itemcget(row.bar, "fill") for row in panel.bars._rows}
    assert len(accent) == 2
