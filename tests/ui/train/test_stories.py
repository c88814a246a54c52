"""What is done on the Train tab by hand, and what it then shows."""

from __future__ import annotations

import pytest
from fake_session import FakeSession, run_events
from hands import WaitUntil
from three_tabs import Window

from digitdesk.messages.problem import Problem
from digitdesk.messages.run import (
    RunDiagnosis,
    RunFinished,
    RunNotKept,
    RunPreparing,
    RunState,
    Suggestion,
    TrainingConfig,
    UnfinishedRun,
)

pytestmark = pytest.mark.window


@pytest.fixture
def train(live: Window):
    live.show(live.train)
    live.update()
    return live.train


def test_a_preset_fills_the_form_in_until_something_is_changed(train, wait_until) -> None:
    form = train.form
    form.presets.box.current(3)
    form.presets.box.event_generate("<<ComboboxSelected>>")
    assert form.presets.name == "blog-mlp"
    assert form.settings() == TrainingConfig(
        model="flatten dense(128) relu dense(10)", epochs=10, batch_size=32, optimizer="sgd",
        schedule="constant", learning_rate=0.1,
    )  # fmt: skip
    form.values["epochs"].set("4")
    assert form.presets.name == "custom"
    assert form.presets.box.get() == "Custom"


def test_settings_change_while_it_trains_and_the_chart_shows_where(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.chart.build()
    train.buttons.start_button.invoke()
    session.play(*run_events(2, finish=False)[:20])
    wait_until(lambda: session.state is RunState.TRAINING and train.live_settings.winfo_viewable())
    slider = train.live_settings.sliders["learning_rate"]
    slider.set(0.6)
    wait_until(lambda: session.calls)
    assert session.calls == ["change learning_rate 0.01"]
    wait_until(lambda: train.chart.record.history.marks)
    assert train.chart.record.history.marks[0].x == pytest.approx(session.step / 860)
    assert "Learning rate is 0.01" in live.status.message.cget("text")
    assert not train.live_settings.sliders["momentum"].winfo_ismapped()
    before = float(slider.get())
    slider.focus_force()
    slider.event_generate("<Left>")
    assert float(slider.get()) == pytest.approx(before - 0.02)


def test_pause_single_step_one_more_epoch(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.buttons.start_button.invoke()
    session.play(*run_events(2, finish=False)[:10])
    wait_until(lambda: session.state is RunState.TRAINING)
    assert train.buttons.step_button.instate(["disabled"])
    train.buttons.pause_button.invoke()
    wait_until(lambda: session.state is RunState.PAUSED)
    train.buttons.step_button.invoke()
    train.buttons.epoch_button.invoke()
    assert session.calls == ["single step", "add epoch"]
    wait_until(lambda: train.chart.record.history.epochs == 3)
    session.play(RunFinished(1, "completed"))
    wait_until(lambda: not train.is_running)
    assert train.buttons.epoch_button.instate(["!disabled"])


def test_preparing_and_the_title_show_how_far_it_is(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.buttons.start_button.invoke()
    session.play(RunPreparing(1, 250, 1000))
    wait_until(lambda: "250 of 1,000" in train.progress.where.cget("text"))
    assert live.root.title() == "25 % – DigitDesk"
    session.play(*run_events(1))
    wait_until(lambda: not train.is_running)
    assert live.root.title() == "DigitDesk"


def test_a_diagnosis_comes_with_a_suggestion(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.buttons.start_button.invoke()
    session.play(*run_events(2, finish=False)[:20])
    session.play(RunDiagnosis(1, "plateau", "plateau", Suggestion("learning_rate", 0.0002)))
    wait_until(lambda: "stopped falling" in train.banner.text)
    assert train.banner.choices[0].cget("text") == "Learning rate to 0.0002"
    train.banner.choices[0].invoke()
    assert session.calls == ["change learning_rate 0.0002"]
    assert train.banner.text == ""


def test_a_diverged_run_starts_again_with_one_click(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.buttons.start_button.invoke()
    session.play(RunDiagnosis(1, "diverged", "diverged", Suggestion("learning_rate", 0.0002)))
    session.play(RunFinished(1, "failed", Problem("Training diverged")))
    wait_until(lambda: train.banner.text and not train.is_running)
    train.banner.choices[0].invoke()
    assert [config.learning_rate for config in session.started] == [0.002, 0.0002]


def test_a_state_that_cannot_be_kept_is_said(train, session, wait_until) -> None:
    session.play(RunNotKept(1, Problem("The disk is full")))
    wait_until(lambda: train.banner.text == "The disk is full.")
    train.banner.dismiss_button.invoke()
    assert train.banner.text == ""


@pytest.mark.parametrize(("choice", "call"), [(0, "resume training"), (1, "discard")])
def test_an_unfinished_run_is_offered(
    choice: int, call: str, window: Window, session: FakeSession
) -> None:
    session.unfinished = UnfinishedRun(
        "cnn-light", "mnist", TrainingConfig(), 2, 5, 900, 2150, "2026-11-20T09:30:00", 0.97
    )
    window.attach_session(session)  # type: ignore[arg-type]
    banner = window.train.banner
    assert str(banner.label.cget("text")) == (
        "Unfinished: cnn-light, 2 of 5 epochs, saved 2026-11-20 09:30."
    )
    banner.choices[choice].invoke()
    assert session.calls == [call]


def test_augmentation_is_previewed(train, session: FakeSession, wait_until: WaitUntil) -> None:
    train.form.advanced.toggle()
    train.form.values["augmentation"].set("0.5")
    wait_until(lambda: train.form.preview.pairs)
    assert session.calls[-1] == "preview mnist 0.5 8"
    assert train.form.preview.winfo_manager()
    train.form.values["augmentation"].set("0")
    wait_until(lambda: not train.form.preview.winfo_manager())
