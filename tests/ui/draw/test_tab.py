"""The Draw tab: an answer while the pen moves, its keys and buttons, and its bars."""

from __future__ import annotations

import dataclasses

import pytest
from fake_session import FakeSession, run_events
from hands import SEVEN, Pen, WaitUntil
from three_tabs import Window

from digitdesk.errors import ModelFileError
from digitdesk.messages.prediction import Prediction
from digitdesk.ui.charts.probability_bars import ProbabilityBars
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


def test_the_answer_appears_while_the_pen_moves(live: Window, pen: Pen) -> None:
    pen.down(SEVEN[0])
    for point in SEVEN[1:]:
        pen.move(point)
    live.update()
    draw = live.draw
    assert draw.digit.panel.answer.label == "7"
    assert draw.digit.panel.answer.confidence == draw.digit.panel.bars.values["7"] + " sure"
    assert draw.digit.panel.answer.second_guess.startswith(("or 6", "or 8"))
    assert draw.digit.answer is not None
    assert draw.digit.panel.network_view.preprocessed == draw.digit.answer.preprocessed is not None
    assert max(draw.digit.panel.bars.lengths) == draw.digit.panel.bars.lengths[7]
    pen.up(SEVEN[-1])


def test_a_stroke_under_way_is_read_at_a_glance_and_a_finished_one_with_care(
    live: Window, pen: Pen, session: FakeSession
) -> None:
    pen.down(SEVEN[0])
    pen.move(SEVEN[1])
    live.update()
    assert session.glances[-1]
    pen.up(SEVEN[1])
    live.update()
    assert not session.glances[-1]


@pytest.mark.parametrize("second", [0.2, 0.0006, 0.0004, 1e-9])
def test_the_second_guess_says_what_its_bar_says_or_nothing(
    live: Window, pen: Pen, session: FakeSession, second: float
) -> None:
    probabilities = (second, *(0.0,) * 6, 1 - second, 0.0, 0.0)
    read = session.read_strokes
    session.read_strokes = lambda *drawn, **how: dataclasses.replace(  # type: ignore[method-assign]
        read(*drawn, **how), probabilities=probabilities
    )
    pen.stroke(*SEVEN)
    live.update()
    panel = live.draw.digit.panel
    bar = panel.bars.values["0"]
    assert panel.answer.second_guess == ("" if bar == "0.0 %" else f"or 0 with {bar}")


def test_an_empty_board_says_what_to_do(live: Window, pen: Pen) -> None:
    assert "Draw a digit" in live.draw.digit.panel.answer.hint
    pen.stroke(*SEVEN)
    live.update()
    assert live.draw.digit.panel.answer.hint == ""
    live.draw.tools.clear_button.invoke()
    live.update()
    assert "Draw a digit" in live.draw.digit.panel.answer.hint
    assert set(live.draw.digit.panel.bars.values.values()) == {""}
    assert set(live.draw.digit.panel.bars.lengths) == {0.0}


def test_keys_and_buttons_undo_redo_clear(live: Window, pen: Pen) -> None:
    board = live.draw.board
    live.root.focus_force()
    pen.stroke(*SEVEN)
    live.update()
    for key, count in (("<Control-z>", 0), ("<Control-y>", 1), ("<Escape>", 0)):
        board.event_generate(key)
        live.update()
        assert len(board.strokes) == count
    live.draw.tools.undo_button.invoke()
    live.update()
    assert len(board.strokes) == 1
    live.draw.tools.undo_button.invoke()
    live.update()
    assert live.draw.tools.undo_button.instate(["disabled"])
    assert live.draw.tools.redo_button.instate(["!disabled"])


def test_keys_of_the_board_sleep_on_other_tabs(live: Window, pen: Pen) -> None:
    pen.stroke(*SEVEN)
    live.show(live.models)
    live.update()
    live.models.list.event_generate("<Escape>")
    assert len(live.draw.board.strokes) == 1


def test_brackets_change_the_pen(live: Window) -> None:
    live.root.focus_force()
    before = live.draw.board.pen_width
    live.draw.board.event_generate("<bracketright>")
    assert live.draw.board.pen_width == before + 2
    for _ in range(40):
        live.draw.board.event_generate("<bracketleft>")
    assert live.draw.board.pen_width == 8
    assert live.draw.tools.pen.get() == 8


def test_reading_with_the_network_in_training_shows_its_step(
    live: Window, pen: Pen, session: FakeSession, wait_until: WaitUntil
) -> None:
    pen.stroke(*SEVEN)
    events = run_events(1)
    session.play(*events[:20])
    wait_until(lambda: len(live.draw.page.choice.read_with.cget("values")) == 2)
    live.draw.page.choice.read_with.current(1)
    live.draw.page.choice.read_with.event_generate("<<ComboboxSelected>>")
    live.update()
    assert live.draw.source == "training"
    first = live.draw.page.choice.step_note.cget("text")
    assert "step" in first
    session.play(*events[20:50])
    wait_until(lambda: live.draw.page.choice.step_note.cget("text") != first)
    assert session.reads[-1][1] == "training"


def test_a_model_that_cannot_read_says_so_in_the_status_bar(
    live: Window, pen: Pen, session: FakeSession
) -> None:
    def refuse(strokes: object, source: str, *, at_a_glance: bool) -> Prediction:
        raise ModelFileError("The model cannot be used", hint="Train it again")

    session.read_strokes = refuse  # type: ignore[method-assign]
    pen.stroke(*SEVEN)
    live.update()
    assert live.status.shows_error
    assert live.status.message.cget("text") == "The model cannot be used. Train it again."


def test_bars_are_moved_not_made_anew(host: theme.Frame) -> None:
    bars = ProbabilityBars(host)
    bars.pack(fill="both", expand=True)
    host.update()
    items = bars.find_all()
    for best in range(10):
        bars.show("0123456789", [0.91 if k == best else 0.01 for k in range(10)])
        host.update()
        assert bars.lengths[best] == pytest.approx(0.91, abs=0.01)
    assert bars.find_all() == items


def test_bars_take_other_classes(host: theme.Frame) -> None:
    bars = ProbabilityBars(host)
    bars.pack(fill="both", expand=True)
    host.update()
    bars.show(("Trouser", "Ankle boot"), (0.25, 0.75))
    host.update()
    assert bars.values == {"Trouser": "25.0 %", "Ankle boot": "75.0 %"}
    assert bars.lengths == pytest.approx((0.25, 0.75), abs=0.01)


def test_the_board_is_the_largest_thing(live: Window) -> None:
    live.update()
    board, bars = live.draw.board, live.draw.digit.panel.bars
    assert board.winfo_width() == board.winfo_height() > bars.winfo_width()
    models = live.draw.page.choice.read_with
    right = models.winfo_rootx() + models.winfo_width()
    assert right <= live.winfo_rootx() + live.winfo_width()
    tools = live.draw.tools.pen.winfo_rooty() + live.draw.tools.pen.winfo_height()
    assert tools <= live.status.winfo_rooty()
