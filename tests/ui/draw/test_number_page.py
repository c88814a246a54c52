"""The Draw tab's wide board: a number is written, read digit by digit, corrected and copied."""

from __future__ import annotations

import time
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_session import FakeSession
from hands import Dialogs, Pen, WaitUntil, click
from PIL import Image
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.messages.model import DIGITS
from digitdesk.messages.prediction import NumberReading, Prediction
from digitdesk.session.session import Session
from digitdesk.ui.board.digit_boxes import DigitBoxes
from digitdesk.ui.draw.tab import DrawTab
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.user_settings import Settings, read_settings
from tests.number_support import picture, written

pytestmark = pytest.mark.window

#: What the fake session reads is the number of a stroke's points.
TWO = ((60, 100), (80, 180))
THREE = ((160, 100), (180, 140), (200, 180))
FOUR = ((300, 90), (310, 120), (320, 150), (330, 180))


@pytest.fixture
def settings() -> Settings:
    return Settings(language="en", theme="light", tour_seen=True, board="number")


@pytest.fixture
def draw(live: Window) -> DrawTab:
    assert live.draw.page is live.draw.number
    live.root.focus_force()
    return live.draw


def test_the_switch_shows_the_wide_board_and_is_remembered(
    live: Window, draw: DrawTab, pen: Pen, root: tk.Tk, tmp_path: Path
) -> None:
    pen.stroke(*TWO)
    live.update()
    click(draw.switch.buttons["digit"])
    assert draw.digit.winfo_viewable() and not draw.number.winfo_viewable()
    assert draw.board.is_empty
    assert read_settings(UserPaths.under(tmp_path).config).board == "number"
    live._keep_settings()
    assert read_settings(UserPaths.under(tmp_path).config).board == "digit"
    click(draw.switch.buttons["number"])
    assert draw.number.winfo_viewable() and not draw.digit.winfo_viewable()
    assert [len(stroke) for stroke in draw.board.strokes] == [2]
    assert draw.number.view.number == "2"


def test_the_keyboard_reaches_the_switch_and_turns_it(live: Window, draw: DrawTab) -> None:
    button = draw.switch.buttons["number"]
    assert button.cget("takefocus")
    button.focus_force()
    live.update()
    button.event_generate("<Left>")
    live.update()
    assert draw.page is draw.digit
    assert live.focus_get() is draw.switch.buttons["digit"]
    draw.switch.buttons["digit"].event_generate("<Left>")
    draw.switch.buttons["digit"].event_generate("<Right>")
    live.update()
    assert draw.page is draw.number


@pytest.mark.parametrize("geometry", ["1024x700", "960x640", "1500x900", "1100x1000"])
def test_the_board_is_as_large_as_its_shape_allows(
    live: Window, draw: DrawTab, root: tk.Tk, geometry: str
) -> None:
    root.geometry(geometry)
    root.update()
    board = draw.board
    assert board.winfo_width() == 3 * board.winfo_height()
    edges = (board.winfo_rootx() - live.winfo_rootx(), live.winfo_width())
    assert edges[0] >= 16
    assert board.winfo_width() + 2 * edges[0] <= edges[1]
    bottom = draw.number.panel.winfo_rooty() + draw.number.panel.winfo_height()
    assert bottom <= live.status.winfo_rooty()
    assert board.winfo_width() > 0.93 * live.winfo_width() - 48 or bottom > 0.9 * (
        live.status.winfo_rooty()
    )
    root.geometry("1120x760")
    root.update()


def test_digits_are_told_while_the_pen_moves(live: Window, draw: DrawTab, pen: Pen) -> None:
    page = draw.number
    assert page.view.hint.startswith("Write a number")
    assert page.boxes.labels == []
    pen.stroke(*TWO)
    live.update()
    assert page.view.number == "2"
    pen.stroke(*FOUR)
    pen.stroke(*THREE)
    live.update()
    assert page.view.number == "243"
    assert page.view.hint == ""
    assert page.answer is not None
    assert page.view.sureness.endswith(" % sure")
    assert [name for name, _sure in page.boxes.labels] == ["2", "4", "3"]
    assert all(sure.endswith(" %") for _name, sure in page.boxes.labels)
    unit = draw.board.winfo_height() / 280
    strokes = (TWO, FOUR, THREE)
    for stroke, (left, top, right, bottom) in zip(strokes, page.boxes.places, strict=True):
        half = draw.board.pen_width / 2
        assert left < (stroke[0][0] - half) * unit and top < (stroke[0][1] - half) * unit
        assert right > (stroke[-1][0] + half) * unit and bottom > (stroke[-1][1] + half) * unit
        assert right - left < (stroke[-1][0] - stroke[0][0] + 2 * half) * unit + 20


def test_keys_undo_redo_clear_and_change_the_pen(live: Window, draw: DrawTab, pen: Pen) -> None:
    page, board = draw.number, draw.board
    pen.stroke(*TWO)
    pen.stroke(*THREE)
    live.update()
    for key, number in (("<Control-z>", "2"), ("<Control-y>", "23"), ("<Escape>", "")):
        board.event_generate(key)
        live.update()
        assert page.view.number == number
        assert len(page.boxes.labels) == len(number)
    assert page.view.hint.startswith("Write a number")
    before = board.pen_width
    board.event_generate("<bracketright>")
    assert board.pen_width == before + 2
    for _ in range(40):
        board.event_generate("<bracketleft>")
    assert board.pen_width == page.tools.pen.get() == 4
    assert draw.digit.board.pen_width == 20


def test_a_doubt_is_named_beside_the_best_guess(
    live: Window, draw: DrawTab, pen: Pen, session: FakeSession
) -> None:
    session.doubts[1] = "letter"
    pen.stroke(*TWO)
    pen.stroke(*THREE)
    live.update()
    view = draw.number.view
    assert view.number == "23?"
    assert view.sureness == "Not sure. A part of it looks like a letter, not a digit."
    assert view.small_print.startswith("perhaps 23, ")
    sure, doubtful = (mark.box for mark in draw.number.boxes._marks)
    assert not draw.board.itemcget(sure, "dash")
    assert draw.board.itemcget(doubtful, "dash")
    draw.board.event_generate("<Control-z>")
    live.update()
    assert (view.number, view.small_print) == ("2", "")


def test_the_number_is_copied_as_text(live: Window, draw: DrawTab, pen: Pen) -> None:
    click(draw.number.copy_button)
    assert "nothing to copy yet" in live.status.message.cget("text")
    pen.stroke(*THREE)
    pen.stroke(*FOUR)
    live.update()
    draw.board.event_generate("<Control-c>")
    assert live.clipboard_get() == "34"
    assert live.status.message.cget("text") == "Copied 34."
    pen.stroke(*TWO)
    live.update()
    click(draw.number.copy_button)
    assert live.clipboard_get() == "342"


def test_a_photo_of_a_number_is_read_with_its_boxes_on_it(
    live: Window,
    draw: DrawTab,
    pen: Pen,
    session: FakeSession,
    dialogs: Dialogs,
    tmp_path: Path,
) -> None:
    file = tmp_path / "phone.png"
    Image.new("L", (300, 200), 255).save(file)
    dialogs.path = str(file)
    draw.board.event_generate("<Control-o>")
    live.update()
    assert session.shown_pictures == [(300, 200, "reader")]
    assert draw.number.view.number == "42"
    wide, high = draw.board.winfo_width(), draw.board.winfo_height()
    scale, left = high / 200, (wide - high * 1.5) / 2
    first, second = draw.number.boxes.places
    margin = 4
    assert first == pytest.approx(
        [left - margin, -margin, left + 150 * scale + margin, high + margin], abs=2
    )
    assert second[2] == pytest.approx(left + 300 * scale + margin, abs=2)
    draw.board.event_generate("<Escape>")
    live.update()
    assert draw.number.boxes.labels == []
    draw.board.event_generate("<Control-z>")
    live.update()
    assert draw.number.view.number == "42"
    pen.stroke(*THREE)
    live.update()
    assert draw.board.shown is None
    assert draw.number.view.number == "3"


def test_a_copied_file_is_pasted(
    live: Window, draw: DrawTab, session: FakeSession, tmp_path: Path
) -> None:
    file = tmp_path / "number.png"
    Image.new("L", (90, 30), 255).save(file)
    live.clipboard_clear()
    live.clipboard_append(file.as_uri() + "\r\n", type="text/uri-list")
    draw.board.event_generate("<Control-v>")
    live.update()
    assert session.shown_pictures == [(90, 30, "reader")]


def test_samples_come_beside_each_other(live: Window, draw: DrawTab, session: FakeSession) -> None:
    draw.tools.sample_button.invoke()
    live.update()
    assert session.shown_pictures == [(4 * 28, 28, "reader")]
    assert "it is meant as 7777" in live.status.message.cget("text")


def test_the_tour_begins_with_one_digit(live: Window, draw: DrawTab) -> None:
    live.tour.start()
    live.update()
    assert draw.page is draw.digit
    live.tour.advance()
    live.update()
    assert draw.digit.panel.network_view.winfo_viewable()
    live.tour.skip_button.invoke()


def test_two_models_read_the_number(
    live: Window, draw: DrawTab, pen: Pen, session: FakeSession, tmp_path: Path
) -> None:
    pen.stroke(*TWO)
    live.update()
    draw.compare_with("reader")
    assert draw.number.choice.other_note.cget("text").startswith("2 · ")
    session.doubts[0] = "scribble"
    draw.number.read()
    assert draw.number.choice.other_note.cget("text") == "A part of it looks like a scribble."
    draw.compare_with("")
    assert draw.number.choice.other_note.cget("text") == ""


def test_a_slow_reader_does_not_hold_the_pen(
    live: Window, draw: DrawTab, pen: Pen, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading takes 20 times as long as the pen's next event: most events go by unread."""
    counts: list[int] = []
    read = session.read_number

    glances: list[bool] = []

    def slowly(strokes, source="reader", *, at_a_glance=False):
        time.sleep(0.04)
        counts.append(sum(map(len, strokes)))
        glances.append(at_a_glance)
        return read(strokes, source, at_a_glance=at_a_glance)

    monkeypatch.setattr(session, "read_number", slowly)
    pen.down((100, 100))
    for k in range(1, 200):
        pen.move((100 + k, 100))
        live.update()
        time.sleep(0.002)
    assert 2 <= len(counts) <= 50
    # A look that is due by now is not taken any more: the pen is lifted before.
    time.sleep(0.3)
    pen.up((299, 100))
    live.update()
    # With the pen lifted nothing waits: the answer is that of all ink, looked at well.
    assert counts[-1] == 200
    assert all(glances[:-1])
    assert not glances[-1]
    assert draw.number.view.number == "0"


# -- boxes, by themselves


@pytest.fixture
def canvas(host: theme.Frame) -> tk.Canvas:
    canvas = tk.Canvas(host, width=600, height=200, highlightthickness=0)
    canvas.pack()
    host.update()
    return canvas


def reading_of(*boxes: tuple[float, float, float, float]) -> NumberReading:
    digit = Prediction((0.0, 0.97, *[0.03 / 8] * 8), DIGITS, None)
    return NumberReading("1" * len(boxes), (digit,) * len(boxes), boxes, 0.9)


@pytest.mark.parametrize("place", [(0, 0), (580, 0), (0, 120), (580, 120), (300, 60)])
def test_words_stay_on_the_board_wherever_the_ink_is(
    canvas: tk.Canvas, place: tuple[int, int]
) -> None:
    boxes = DigitBoxes(canvas, lambda box: tuple(box))
    x, y = place
    boxes.show(reading_of((x, y, x + 20, y + 80)))
    assert boxes.labels == [("1", "97 %")]
    for item in (boxes._marks[0].name, boxes._marks[0].value):
        left, top, right, bottom = canvas.bbox(item)
        # Tk counts a pixel more around text.
        assert -1 <= left < right <= 601 and -1 <= top < bottom <= 201


def test_confidences_of_narrow_digits_do_not_lie_on_each_other(canvas: tk.Canvas) -> None:
    boxes = DigitBoxes(canvas, lambda box: tuple(box))
    for pitch in (48, 25, 8):
        boxes.show(reading_of(*((20 + pitch * k, 50, 24 + pitch * k, 120) for k in range(12))))
        said = [
            canvas.bbox(mark.value)
            for mark, (_name, sure) in zip(boxes._marks, boxes.labels, strict=False)
            if sure
        ]
        assert len(said) == 12 if pitch == 48 else 2 <= len(said) <= 12
        for k, one in enumerate(said):
            for other in said[k + 1 :]:
                apart = one[2] - 1 <= other[0] or other[2] - 1 <= one[0]
                assert apart or one[3] <= other[1] or other[3] <= one[1]


def test_items_are_moved_not_made_anew(canvas: tk.Canvas) -> None:
    boxes = DigitBoxes(canvas, lambda box: tuple(box))
    boxes.show(reading_of((10, 60, 40, 120), (60, 60, 90, 120)))
    items = canvas.find_all()
    boxes.show(reading_of((20, 60, 40, 120)))
    assert len(boxes.labels) == 1
    boxes.show(None)
    assert boxes.labels == []
    assert {canvas.itemcget(item, "state") for item in canvas.find_all()} == {"hidden"}
    boxes.show(reading_of((10, 60, 40, 120), (60, 60, 90, 120)))
    assert sorted(canvas.find_all()) == sorted(items)


# -- the whole way, with the bundled reader


@pytest.fixture
def desk(window: Window, tmp_path: Path) -> Iterator[Window]:
    session = Session(UserPaths.under(tmp_path), environ={})
    window.attach_session(session)
    window.root.focus_force()
    yield window
    assert session.close(60)


def test_somebody_writes_twenty(
    desk: Window, wait_until: WaitUntil, dialogs: Dialogs, tmp_path: Path
) -> None:
    page = desk.draw.number
    desk.update()
    number = written("20", gap=0.35, height=120)
    placed = [[(x + 200, y + 80) for x, y in stroke] for stroke in number.strokes]
    pen = Pen(page.board)
    pen.draw(placed[:1])
    wait_until(lambda: page.view.number.strip("?") == "2")
    pen.draw(placed[1:])
    wait_until(lambda: page.view.number == "20")
    assert [name for name, _sure in page.boxes.labels] == ["2", "0"]
    unit = page.board.winfo_height() / 280
    for (left, _top, right, _bottom), digit in zip(page.boxes.places, number.digits, strict=True):
        xs = [(x + 200) * unit for stroke in digit for x, _y in stroke]
        assert left < min(xs) < max(xs) < right

    # The second thoughts: the nought goes and comes back, and the number is taken along.
    page.board.event_generate("<Control-z>")
    wait_until(lambda: page.view.number.strip("?") == "2")
    page.board.event_generate("<Control-y>")
    wait_until(lambda: page.view.number == "20")
    page.board.event_generate("<Control-c>")
    assert desk.clipboard_get() == "20"

    # The same on paper, photographed.
    file = tmp_path / "twenty.png"
    Image.fromarray(picture(number.strokes)).save(file)
    dialogs.path = str(file)
    page.board.event_generate("<Control-o>")
    wait_until(lambda: page.board.shown is not None and page.view.number == "20")
    assert len(page.boxes.labels) == 2
    page.board.event_generate("<Escape>")
    wait_until(lambda: page.view.hint != "")
