"""The board: its picture follows every change, and every change can be taken back."""

from __future__ import annotations

import numpy as np
import pytest

from digitdesk.ink.board import Board, number_board


def pixels(board):
    side = board.picture_size_px
    return np.frombuffer(board.picture(), dtype=np.uint8).reshape(side, side)


def test_a_board_for_numbers_is_wider_than_high():
    board = number_board(scale=1.5)
    assert (board.picture_width_px, board.picture_size_px) == (1260, 420)
    left, top, right, bottom = board.pen_down(800, 140)
    assert left > 420 and len(board.picture()) == 1260 * 420
    part = np.frombuffer(board.picture_part((left, top, right, bottom)), dtype=np.uint8)
    assert part.max() == 255
    board.pen_move(2000, 2000)
    assert board.strokes[0][-1] == (840.0, 280.0)
    board.undo()
    assert board.is_empty and not any(board.picture())


def scribble(board, *points):
    board.pen_down(*points[0])
    for point in points[1:]:
        board.pen_move(*point)
    board.pen_up()


@pytest.mark.parametrize("scale", [1, 1.5, 2])
def test_only_the_box_changes_and_the_picture_is_round_ended(scale):
    board = Board(scale=scale)
    board.pen_width_px = 20
    before = pixels(board).copy()
    board.pen_down(100, 100)
    left, top, right, bottom = board.pen_move(150, 120)
    after = pixels(board)
    changed = np.argwhere(after != before)
    assert changed[:, 1].min() >= left and changed[:, 1].max() < right
    assert changed[:, 0].min() >= top and changed[:, 0].max() < bottom
    part = np.frombuffer(board.picture_part((left, top, right, bottom)), dtype=np.uint8)
    np.testing.assert_array_equal(part.reshape(bottom - top, -1), after[top:bottom, left:right])
    length = np.hypot(50, 20)
    area = (length * 20 + np.pi * 10**2) * scale**2
    assert after.sum() / 255 == pytest.approx(area, rel=0.01)


def test_drawing_again_gives_the_picture_of_drawing_once():
    board = Board()
    scribble(board, (20, 20), (200, 30), (60, 250))
    board.pen_width_px = 8
    scribble(board, (100, 100), (140, 170))
    live = board.picture()
    scribble(board, (5, 5), (250, 250))
    board.undo()
    assert board.picture() == live


def test_undo_redo_and_clear():
    board = Board()
    assert board.is_empty and not board.can_undo and not board.can_redo
    scribble(board, (10, 10), (20, 20))
    scribble(board, (30, 30), (60, 40))
    two, picture = board.strokes, board.picture()
    board.clear()
    assert board.is_empty and max(board.picture()) == 0
    board.undo()
    assert board.strokes == two and board.picture() == picture
    board.undo()
    assert len(board.strokes) == 1 and board.can_redo
    board.redo()
    assert board.strokes == two
    board.redo()
    assert board.is_empty and not board.can_redo
    board.undo()
    scribble(board, (70, 70), (80, 80))
    assert not board.can_redo and len(board.strokes) == 3


def test_undo_in_the_middle_of_a_stroke_removes_that_stroke():
    board = Board()
    board.pen_down(50, 50)
    board.pen_move(90, 90)
    assert board.can_undo and len(board.strokes) == 1
    board.undo()
    assert board.is_empty and max(board.picture()) == 0 and board.can_redo


def test_the_pen_stays_on_the_board():
    board = Board()
    scribble(board, (-50, 100), (900, 100))
    assert board.strokes == (((0.0, 100.0), (280.0, 100.0)),)
    assert board.pen_move(1, 1) == (0, 0, 0, 0)
    with pytest.raises(ValueError, match="finite"):
        board.pen_down(float("nan"), 0)


def test_a_whole_stroke_is_drawn_as_by_hand_and_can_be_undone():
    board, by_hand = Board(), Board()
    scribble(by_hand, (10, 10), (20, 20), (5, 40))
    board.draw(by_hand.strokes[0])
    assert board.strokes == by_hand.strokes and board.picture() == by_hand.picture()
    board.undo()
    assert board.is_empty
