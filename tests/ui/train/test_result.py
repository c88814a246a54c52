"""The end of a run: what came out stands where the eyes are, with what one does next."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from fake_session import FakeSession, run_events
from hands import Dialogs, WaitUntil, click
from three_tabs import Window

from digitdesk.messages.model import TRAINING
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import EpochFinished, RunFinished, RunState
from digitdesk.ui.i18n.language import chinese_font
from digitdesk.ui.toolkit import theme

pytestmark = pytest.mark.window


@pytest.fixture
def train(live: Window):
    live.show(live.train)
    live.update()
    return live.train


def finish(train, session: FakeSession, wait_until: WaitUntil, *events) -> None:
    """Press Start, and let a run go to its end."""
    click(train.buttons.start_button)
    session.play(*(events or run_events(3)))
    wait_until(lambda: session.state is RunState.IDLE and not session.events)


def test_what_came_out_stands_below_the_chart(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    finish(train, session, wait_until)
    progress = train.progress
    assert progress.where.cget("text") == "Test accuracy 99.12 % (98.9 … 99.3 %)"
    assert progress.details.cget("text") == "3 epochs · trained 0:09 · 18,900 images/s"
    assert not progress.bar.winfo_viewable()
    offers = progress.next
    for button in (offers.draw_button, offers.mistakes_button, offers.save_button):
        assert button.winfo_viewable()
        assert button.winfo_rootx() + button.winfo_width() <= train.winfo_rootx() + (
            train.winfo_width()
        )


def test_it_is_drawn_with_by_one_click(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    finish(train, session, wait_until)
    click(train.progress.next.draw_button)
    assert live.tabs.in_front is live.draw
    assert live.draw.page.choice.read_with.get() == "Trained network"


def test_it_trains_further_as_long_again(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    finish(train, session, wait_until)
    assert train.progress.next.more_button.cget("text") == "Train 3 more epochs"
    click(train.progress.next.more_button)
    assert session.calls[-1] == "add 3 epochs"
    assert train.progress.bar.winfo_viewable()
    assert not train.progress.next.winfo_viewable()


def test_it_is_saved_under_a_name_that_says_what_it_is(
    train, session: FakeSession, dialogs: Dialogs, wait_until: WaitUntil, tmp_path: Path
) -> None:
    finish(train, session, wait_until)
    dialogs.path = str(tmp_path / "mine")
    click(train.progress.next.save_button)
    assert session.calls[-1] == "save training mine.npz"
    assert dialogs.names == ["cnn-light"]


def test_nothing_moves_as_a_run_begins_and_ends(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    def places() -> list[int]:
        train.update()
        return [train.chart.winfo_height(), train.epochs.winfo_rooty()]

    before = places()
    click(train.buttons.start_button)
    session.play(*run_events(3)[:20])
    wait_until(lambda: not session.events)
    assert places() == before
    session.play(*run_events(3)[20:])
    wait_until(lambda: session.state is RunState.IDLE)
    assert places() == before


def test_the_keys_reach_every_button(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    live.root.geometry("1400x760")
    finish(train, session, wait_until)
    train.buttons.start_button.focus_force()
    reached = set()
    for _step in range(40):
        focused = train.focus_get()
        reached.add(str(focused))
        focused.event_generate("<Tab>")
        train.update()
    buttons = train.progress.next
    for button in buttons.winfo_children():
        assert str(button) in reached
    assert len(buttons.winfo_children()) == 4
    buttons.more_button.focus_force()
    buttons.more_button.event_generate("<Return>")
    train.update()
    assert session.calls[-1] == "add 3 epochs"
    assert train.focus_get() is train.buttons.pause_button, "not a button that is gone"
    live.root.geometry("1120x760")


def test_one_accent_for_the_one_thing_to_press_next(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    def accents() -> list[theme.Button]:
        buttons = (train.buttons.start_button, train.progress.next.draw_button)
        return [
            button
            for button in buttons
            if button.winfo_viewable() and theme.ACCENT in str(button.cget("style")).lower()
        ]

    assert accents() == [train.buttons.start_button]
    finish(train, session, wait_until)
    assert accents() == [train.progress.next.draw_button]


def test_the_best_epoch_is_named_where_it_is_not_the_last(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    events = run_events(3)
    last = max(k for k, event in enumerate(events) if isinstance(event, EpochFinished))
    events[last] = dataclasses.replace(events[last], validation_accuracy=0.5)
    finish(train, session, wait_until, *events)
    progress = train.progress
    assert progress.details.cget("text") == "3 epochs · 0:09 · best: epoch 2 (98.25 %)"
    train.update()
    in_all = progress.where.winfo_reqheight() + progress.details.winfo_reqheight()
    assert in_all <= progress.winfo_height() < 1.3 * in_all, "two lines, as with the bar"


def test_a_stopped_run_says_so_and_goes_on(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    end = RunFinished(1, "stopped", None, 1, 0.98, (0.97, 0.99), 4.0, 9_000.0, 500)
    finish(train, session, wait_until, *run_events(3, finish=False)[:70], end)
    assert train.progress.where.cget("text") == "Stopped. Test accuracy 98.00 % (97.0 … 99.0 %)"
    assert train.progress.details.cget("text").startswith("1 of 3 epochs · trained 0:04")
    assert train.progress.next.more_button.cget("text") == "Go on"
    click(train.progress.next.more_button)
    assert session.calls[-1] == "resume training"


def test_a_run_stopped_before_its_first_step_offers_nothing(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    finish(train, session, wait_until, RunFinished(1, "stopped"))
    assert train.progress.where.cget("text") == "Stopped before the first step."
    assert not train.progress.next.winfo_viewable()


def test_a_failed_run_says_how_far_it_came(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    failed = RunFinished(1, "failed", Problem("The loss is no longer a number"))
    finish(train, session, wait_until, *run_events(3, finish=False)[:70], failed)
    assert train.progress.where.cget("text") == "Failed"
    assert train.progress.details.cget("text") == "1 epoch was finished by then."
    assert not train.progress.next.winfo_viewable()
    assert train.banner.text == "The loss is no longer a number."


def test_what_was_thrown_away_is_offered_no_more(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    finish(train, session, wait_until)
    del session.entries[TRAINING]
    live.tabs.models_changed("")
    assert not train.progress.next.winfo_viewable()
    assert train.progress.where.cget("text").startswith("Test accuracy")
    assert train.buttons.epoch_button.instate(["disabled"])


def test_it_is_said_in_chinese_and_fits(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    if not chinese_font(live.root):
        pytest.skip("no font with Chinese characters: apt install fonts-noto-cjk")
    finish(train, session, wait_until)
    live.preferences.choose_language("zh_CN")
    live.root.geometry("1024x700")
    live.update()
    said = train.progress.details.cget("text")
    assert said.startswith("3 轮")
    assert "epoch" not in said + str(train.progress.next.more_button.cget("text"))
    text_right = train.progress.details.winfo_rootx() + train.progress.details.winfo_width()
    assert text_right <= train.progress.next.winfo_rootx()
    live.root.geometry("1120x760")


def test_a_narrow_window_says_less_and_cuts_nothing(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    finish(train, session, wait_until)
    progress = train.progress
    live.root.geometry("900x760")
    live.update()
    assert progress.where.cget("text") == "Test accuracy 99.12 %"
    assert progress.details.cget("text") == "3 epochs · trained 0:09"
    for label in (progress.where, progress.details):
        assert label.winfo_width() >= label.winfo_reqwidth()
        assert label.winfo_rootx() + label.winfo_width() <= progress.next.winfo_rootx()
    live.root.geometry("1120x760")
    live.update()
    assert progress.where.cget("text") == "Test accuracy 99.12 % (98.9 … 99.3 %)"


def test_it_is_said_of_which_epoch_the_weights_are(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    *events, last = run_events(3)
    assert isinstance(last, RunFinished)
    finish(train, session, wait_until, *events, dataclasses.replace(last, best_epoch=2))
    assert train.progress.details.cget("text") == "3 epochs · 0:09 · weights of epoch 2 (98.25 %)"
