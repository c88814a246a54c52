"""The board on the screen: what the pen does to it, before and after the core is there."""

from __future__ import annotations

import pytest
from fake_session import FakeSession
from hands import Pen, WaitUntil
from three_tabs import Window

from digitdesk.ui.board.drawing_board import DrawingBoard
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


@pytest.fixture
def reads() -> list[int]:
    return []


@pytest.fixture
def board(host: theme.Frame, reads: list[int], session: FakeSession) -> DrawingBoard:
    board = DrawingBoard(host, lambda: reads.append(1))
    board.pack()
    board.attach(session.new_board)
    host.update()
    reads.clear()
    return board


def test_a_stroke_is_kept_as_a_vector_and_painted(board: DrawingBoard) -> None:
    Pen(board).stroke((50, 50), (100, 60), (150, 90))
    board.update()
    assert board.strokes == (((50, 50), (100, 60), (150, 90)),)
    assert board.layers.ink is not None
    assert board.layers.ink.get(100, 60) == (255, 255, 255)
    assert board.layers.ink.get(100, 200) == (0, 0, 0)


def test_the_screen_shows_exactly_the_boards_picture(board: DrawingBoard) -> None:
    pen = Pen(board)
    pen.stroke((30, 30), (200, 40), (60, 220))
    board.update()
    pen.stroke((250, 250), (20, 140))
    board.update()
    assert board._board is not None and board.layers.ink is not None
    picture = board._board.picture()
    shown = bytes(board.layers.ink.get(x, y)[0] for y in range(0, 280, 3) for x in range(0, 280, 3))
    assert shown == bytes(picture[y * 280 + x] for y in range(0, 280, 3) for x in range(0, 280, 3))


def test_a_tap_is_a_dot(board: DrawingBoard) -> None:
    Pen(board).stroke((140, 140))
    board.update()
    assert board.strokes == (((140, 140),),)


def test_many_pen_events_are_read_once(board: DrawingBoard, reads: list[int]) -> None:
    pen = Pen(board)
    pen.down((10, 10))
    for step in range(100):
        pen.move((10 + step, 10 + step))
    assert reads == []
    board.update()
    assert len(reads) == 1


def test_leaving_the_board_ends_the_stroke_at_its_edge(board: DrawingBoard) -> None:
    pen = Pen(board)
    pen.down((200, 100))
    pen.move((300, 100))
    pen.move((320, 200))
    pen.move((260, 220))
    pen.move((200, 220))
    pen.up((200, 220))
    assert board.strokes == (((200, 100), (280, 100)), ((260, 220), (200, 220)))


def test_a_lost_release_begins_a_new_stroke(board: DrawingBoard) -> None:
    pen = Pen(board)
    pen.down((10, 10))
    pen.move((50, 50))
    pen.down((100, 100))
    pen.up((100, 100))
    assert len(board.strokes) == 2


def test_undo_redo_and_clear(board: DrawingBoard) -> None:
    pen = Pen(board)
    pen.stroke((10, 10), (50, 50))
    pen.stroke((90, 90), (150, 150))
    board.undo()
    assert len(board.strokes) == 1
    assert board.can_undo and board.can_redo
    board.redo()
    assert len(board.strokes) == 2
    board.clear()
    assert board.strokes == ()
    board.undo()
    assert len(board.strokes) == 2


def test_a_resized_board_keeps_its_ink_its_pens_and_its_undo(
    board: DrawingBoard, wait_until: WaitUntil
) -> None:
    pen = Pen(board)
    board.pen_width = 40
    pen.stroke((100, 60), (180, 60))
    board.pen_width = 8
    pen.stroke((100, 180), (180, 180))
    board.resize(560)
    wait_until(lambda: board.layers.ink is not None and board.layers.ink.width() == 560)
    assert len(board.strokes) == 2
    assert board.layers.ink is not None
    assert board.layers.ink.get(280, 120 + 36) == (255, 255, 255)
    assert board.layers.ink.get(280, 360 + 12) == (0, 0, 0)
    board.undo()
    assert board.strokes == (((100, 60), (180, 60)),)


def test_ink_from_before_the_session_is_replayed(
    window: Window, pen: Pen, session: FakeSession, wait_until: WaitUntil
) -> None:
    pen.stroke((50, 50), (150, 90))
    pen.stroke((150, 90), (100, 220))
    assert window.draw.digit.panel.answer.label == ""
    strokes = window.draw.board.strokes
    window.attach_session(session)  # type: ignore[arg-type]
    wait_until(lambda: window.draw.digit.panel.answer.label == "4")
    assert window.draw.board.strokes == strokes
    assert not window.draw.board.find_withtag("early")


def test_a_stroke_under_way_goes_on_when_the_session_comes(
    window: Window, pen: Pen, session: FakeSession
) -> None:
    pen.down((50, 50))
    pen.move((80, 80))
    window.attach_session(session)  # type: ignore[arg-type]
    window.update()
    pen.move((120, 120))
    pen.up((120, 120))
    last = window.draw.board.strokes[-1][-1]
    assert last == pytest.approx((120, 120), abs=1)
