"""What the window says comes beside what was done, moves nothing, and goes again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fake_session import FakeSession, run_events
from hands import Dialogs, WaitUntil, click
from three_tabs import Window

from digitdesk.messages.problem import Problem
from digitdesk.messages.run import RunFinished, RunState

pytestmark = pytest.mark.window


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let time pass for what is shown."""
    now = time.monotonic() + seconds
    monkeypatch.setattr("digitdesk.ui.toolkit.status_bar.time.monotonic", lambda: now)


def said(live: Window) -> str:
    return str(live.status.message.cget("text"))


def test_a_line_goes_by_itself(live: Window, wait_until: WaitUntil) -> None:
    live.status._clear_later._delay_ms = 50
    live.status.say("Done.")
    wait_until(lambda: said(live) == "")


def test_an_error_stays_until_the_next_action(
    live: Window, wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.status._clear_later._delay_ms = 20
    live.status.show_error("It went wrong")
    time.sleep(0.05)
    live.update()
    assert said(live) == "It went wrong"
    click(live.draw.board)
    assert said(live) == "It went wrong", "it has only just come"
    later(monkeypatch, 9)
    click(live.draw.board)
    assert said(live) == ""


def test_an_error_stands_beside_what_was_pressed(
    live: Window, dialogs: Dialogs, tmp_path: Path, wait_until: WaitUntil
) -> None:
    live.show(live.models)
    live.update()
    dialogs.path = str(tmp_path / "a name that is much longer than there is room for" / "m.npz")
    button = live.models.bar.open_button
    click(button)
    notice = live.status.notice
    assert "cannot be opened" in notice.text
    wait_until(notice.winfo_viewable)
    assert abs(notice.winfo_rooty() - button.winfo_rooty() - button.winfo_height()) < 20
    assert notice.winfo_x() + notice.winfo_width() <= live.winfo_width()
    assert notice.label.winfo_width() >= notice.label.winfo_reqwidth()
    click(live.models.list)
    assert notice.text == ""


def test_the_closing_question_is_in_sight_and_moves_nothing(
    live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    live.show(live.train)
    live.update()
    session.play(*run_events(2, finish=False)[:10])
    wait_until(lambda: session.state is RunState.TRAINING)
    widgets = (live.status.message, live.train.chart, live.train.buttons)
    before = [(w.winfo_rootx(), w.winfo_rooty(), w.winfo_width()) for w in widgets]
    live.ask_to_close()
    notice = live.status.notice
    wait_until(notice.winfo_viewable)
    assert [(w.winfo_rootx(), w.winfo_rooty(), w.winfo_width()) for w in widgets] == before
    middle = notice.winfo_x() + notice.winfo_width() / 2
    assert abs(middle - live.winfo_width() / 2) < 5
    click(live.train.chart)
    assert notice.text, "a question is not passed over"
    notice.choices[1].invoke()
    assert notice.text == ""
    session.play(RunFinished(1, "stopped"))
    wait_until(lambda: not live.train.is_running)


def test_why_a_run_failed_stands_below_its_chart(live: Window, session, wait_until) -> None:
    live.show(live.train)
    live.update()
    click(live.train.buttons.start_button)
    session.play(RunFinished(1, "failed", Problem("The data is gone")))
    wait_until(lambda: not live.train.is_running)
    assert live.train.banner.text == "The data is gone."
