"""Whatever changes a board is taken back and made again, on both boards."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hands import SEVEN, Dialogs, Pen, click
from PIL import Image
from three_tabs import Window

from digitdesk.messages.picture import Picture
from digitdesk.messages.prediction import Stroke

pytestmark = pytest.mark.window

Content = tuple[tuple[Stroke, ...], Picture | None]


@pytest.fixture(params=["digit", "number"])
def desk(live: Window, request: pytest.FixtureRequest) -> Window:
    live.draw.show_mode(request.param)
    live.root.focus_force()
    live.update()
    return live


def content(window: Window) -> Content:
    board = window.draw.board
    return board.strokes, board.shown


def press(window: Window, keys: str) -> None:
    window.draw.board.event_generate(keys)
    window.update()


@pytest.fixture
def picture_file(tmp_path: Path, dialogs: Dialogs) -> Path:
    file = tmp_path / "seven.png"
    Image.new("L", (40, 60), 255).save(file)
    dialogs.path = str(file)
    return file


@pytest.mark.parametrize("tool", ["sample_button", "open_button", "paste_button", "clear_button"])
def test_a_tool_that_takes_the_drawing_away_is_taken_back(
    desk: Window, tool: str, picture_file: Path
) -> None:
    desk.clipboard_clear()
    desk.clipboard_append(str(picture_file))
    pen = Pen(desk.draw.board)
    pen.stroke(*SEVEN)
    desk.update()
    drawn = content(desk)
    click(getattr(desk.draw.tools, tool))
    after = content(desk)
    assert after != drawn
    press(desk, "<Control-z>")
    assert content(desk) == drawn
    press(desk, "<Control-y>")
    assert content(desk) == after
    click(desk.draw.tools.undo_button)
    assert content(desk) == drawn


def test_a_picture_that_gives_way_to_the_pen_comes_back(desk: Window, picture_file: Path) -> None:
    pen = Pen(desk.draw.board)
    click(desk.draw.tools.open_button)
    shown = content(desk)
    pen.stroke(*SEVEN)
    desk.update()
    pen.stroke((20, 20), (60, 60))
    desk.update()
    press(desk, "<Control-z>")
    press(desk, "<Control-z>")
    assert content(desk) == shown
    assert desk.draw.board.layers.photo is not None


def test_nothing_is_forgotten_when_the_window_gets_another_size(desk: Window, wait_until) -> None:
    board = desk.draw.board
    pen = Pen(board)
    pen.stroke(*SEVEN)
    pen.stroke((20, 20), (60, 60))
    desk.update()
    two = content(desk)
    press(desk, "<Control-z>")
    press(desk, "<Escape>")
    before = board.winfo_height()
    desk.root.geometry("1500x1000")
    wait_until(lambda: board.winfo_height() != before and not board._rebuild.is_pending)
    try:
        press(desk, "<Control-z>")
        assert len(board.strokes) == 1
        press(desk, "<Control-z>")
        press(desk, "<Control-y>")
        press(desk, "<Control-y>")
        assert content(desk)[0] == ()
        press(desk, "<Control-z>")
        assert content(desk)[0] == two[0][:1]
    finally:
        desk.root.geometry("1120x760")


def test_any_row_of_changes_is_walked_back_and_forth(desk: Window, picture_file: Path) -> None:
    rng = random.Random(5)
    pen = Pen(desk.draw.board)
    tools = desk.draw.tools
    seen = [content(desk)]
    for _change in range(40):
        match rng.choice(("pen", "sample", "open", "clear")):
            case "pen":
                x = rng.randrange(20, 200)
                pen.stroke((x, x), (x + 40, x + 10))
            case "sample":
                tools.sample_button.invoke()
            case "open":
                tools.open_button.invoke()
            case "clear":
                tools.clear_button.invoke()
        desk.update()
        if content(desk) != seen[-1]:
            seen.append(content(desk))
    shown: list[Content] = []
    while desk.draw.board.can_undo:
        if not shown or shown[-1] != content(desk):
            shown.append(content(desk))
        press(desk, "<Control-z>")
    assert [*reversed(shown)] == seen[1:]
    assert content(desk) == seen[0]
    while desk.draw.board.can_redo:
        press(desk, "<Control-y>")
    assert content(desk) == seen[-1]


def test_what_was_wiped_before_the_core_was_there_comes_back(window: Window, session, root) -> None:
    pen = Pen(window.draw.board)
    pen.stroke(*SEVEN)
    window.draw.clear()
    pen.stroke((20, 20), (60, 60))
    window.attach_session(session)
    root.update()
    assert len(window.draw.board.strokes) == 1
    window.draw.undo()
    window.draw.undo()
    root.update()
    assert window.draw.board.strokes[0][0] == pytest.approx(SEVEN[0], abs=1)
