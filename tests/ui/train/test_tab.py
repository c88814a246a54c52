"""The Train tab: its buttons follow the run, its chart and figures follow the events."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from fake_session import FakeSession, run_events
from hands import Dialogs, WaitUntil
from three_tabs import Window

from digitdesk.errors import DataError
from digitdesk.messages.problem import Problem
from digitdesk.messages.run import RunFinished, RunState, TrainingConfig
from digitdesk.session.jobs import Job
from digitdesk.ui.toolkit.theme import Button

pytestmark = pytest.mark.window


def _is_usable(button: Button) -> bool:
    return button.instate(["!disabled"])


@pytest.fixture
def train(live: Window):
    live.show(live.train)
    live.update()
    return live.train


def test_start_hands_over_what_the_form_says(train, session: FakeSession) -> None:
    values = train.form.values
    values["model"].set("mlp-128")
    values["epochs"].set("2")
    values["batch_size"].set("128")
    values["seed"].set("7")
    values["limit"].set("2,000")
    values["schedule"].set("constant")
    train.buttons.start_button.invoke()
    assert session.started == [
        TrainingConfig(
            model="mlp-128",
            epochs=2,
            batch_size=128,
            learning_rate=0.002,
            seed=7,
            limit=2000,
            schedule="constant",
        )
    ]


def test_the_untouched_form_is_the_default_config(train) -> None:
    usual = train.form.settings().learning_rate
    assert train.form.settings() == TrainingConfig(learning_rate=usual)


def test_a_wrong_field_is_marked_and_start_waits(train) -> None:
    assert _is_usable(train.buttons.start_button)
    train.form.values["batch_size"].set("many")
    assert not _is_usable(train.buttons.start_button)
    assert train.form.controls["batch_size"].instate(["invalid"])
    assert "a whole number from 1 to 10,000,000" in train.problem.cget("text")
    train.form.values["batch_size"].set("32")
    assert _is_usable(train.buttons.start_button)
    assert train.problem.cget("text") == ""


def test_a_network_is_checked_as_it_is_typed(train, wait_until: WaitUntil) -> None:
    train.form.values["model"].set("flatten dens")
    wait_until(lambda: "Unknown layer" in train.form.spec_note.cget("text"))
    assert not _is_usable(train.buttons.start_button)
    train.form.values["model"].set("flatten dense(10)")
    wait_until(lambda: "parameters" in train.form.spec_note.cget("text"))
    assert _is_usable(train.buttons.start_button)


def test_another_optimizer_brings_its_usual_learning_rate(train) -> None:
    train.form.values["optimizer"].set("sgd")
    assert train.form.values["learning_rate"].get() == "0.1"


def test_data_sets_say_what_they_are(train, dialogs: Dialogs, tmp_path: Path) -> None:
    data = train.form.data
    assert "verified" in data.note.cget("text")
    data.value.set("pendigits")
    assert not _is_usable(train.buttons.start_button)
    data.value.set("mnist+handwriting")
    assert data.problem == ""
    data.value.set("nothing")
    assert "mnist" in data.problem
    dialogs.path = str(tmp_path)
    data.box.current(3)
    data.box.event_generate("<<ComboboxSelected>>")
    train.update()
    assert data.name == str(tmp_path)
    assert data.problem == ""


def test_a_missing_data_set_can_be_downloaded(live: Window, session: FakeSession) -> None:
    data = live.train.form.data
    outcomes = []

    def background(work, when_done, when_failed, when_moved=None) -> Job:
        job = Job(work)
        job.run()
        outcomes.append((job.outcome(), when_done))
        return job

    data._background = background
    data.value.set("pendigits")
    live.update()
    data.download_button.invoke()
    assert session.calls == ["download pendigits"]
    assert data.download_button.cget("text") == "Cancel"
    outcomes[0][1](outcomes[0][0])
    assert live.status.message.cget("text") == "Downloaded pendigits."
    assert data.download_button.cget("text") == "Download"


def test_a_failed_download_says_why(live: Window) -> None:
    data = live.train.form.data

    def background(work, when_done, when_failed, when_moved=None) -> None:
        when_failed(DataError("No mirror"))

    data._background = background
    data.value.set("pendigits")
    data.download_button.invoke()
    assert live.status.message.cget("text") == "No mirror."
    assert live.status.shows_error


def test_a_run_from_start_to_end(train, live, session: FakeSession, wait_until: WaitUntil) -> None:
    train.chart.build()
    train.buttons.start_button.invoke()
    assert not _is_usable(train.buttons.start_button)
    assert _is_usable(train.buttons.stop_button)
    assert train.form.controls["epochs"].instate(["disabled"])
    events = run_events(2)
    session.play(*events[:90])
    wait_until(lambda: train.chart.redraw_count > 0)
    assert _is_usable(train.buttons.pause_button)
    assert train.progress.where.cget("text").startswith("Epoch 2 of 2 · step 1,")
    assert train.progress.speed.cget("text") == "19,400 images/s"
    assert 0.5 < float(train.progress.bar.cget("value")) < 1
    session.play(*events[90:])
    wait_until(lambda: session.state is RunState.IDLE)
    assert [row[0] for row in train.epochs.cells] == ["1", "2"]
    assert train.epochs.cells[1][5] == "98.42 %"
    assert "99.12 %" in train.progress.where.cget("text")
    assert _is_usable(train.buttons.start_button)
    assert not _is_usable(train.buttons.stop_button)
    assert len(train.chart.series["train_loss"]) == 120
    assert train.chart.series["test_accuracy"].points()[0] == [1, 2]
    assert live.draw.page.choice.read_with.cget("values") == ("Bundled reader", "Trained network")


def test_chart_lines_get_the_points(train, session: FakeSession, wait_until: WaitUntil) -> None:
    train.chart.build()
    session.play(*run_events(1))
    wait_until(lambda: not session.events and not train.chart._is_dirty)
    figure = train.chart._figure
    xs, ys = figure.panels.lines["test_loss"].get_data()
    assert (list(xs), list(ys)) == ([1], [0.1])
    assert len(figure.panels.lines["step_loss"].get_xdata()) == 60
    assert figure.panels.lines["step_loss"].get_xdata()[-1] == pytest.approx(1.0)


def test_a_chart_that_was_out_of_sight_is_up_to_date_when_it_comes_back(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.chart.build()
    events = run_events(2)
    session.play(*events[:30])
    wait_until(lambda: not session.events and not train.chart._is_dirty)
    live.show(live.draw)
    session.play(*events[30:])
    wait_until(lambda: session.state is RunState.IDLE)
    wait_until(lambda: not train.chart._redraw.is_pending)
    live.show(live.train)
    wait_until(lambda: list(train.chart._figure.panels.lines["test_loss"].get_xdata()) == [1, 2])


def test_a_second_run_starts_with_an_empty_chart(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    session.play(*run_events(2))
    wait_until(lambda: not session.events)
    session.play(*run_events(1)[:11])
    wait_until(lambda: not session.events)
    assert len(train.chart.series["step_loss"]) == 10
    assert train.epochs.cells == []


def test_pause_resume_stop(train, session: FakeSession, wait_until: WaitUntil) -> None:
    train.buttons.start_button.invoke()
    session.play(*run_events(2, finish=False)[:10])
    wait_until(lambda: session.state is RunState.TRAINING)
    train.buttons.pause_button.invoke()
    wait_until(lambda: train.buttons.pause_button.cget("text") == "Resume")
    assert train.progress.left.cget("text") == "paused"
    train.buttons.pause_button.invoke()
    wait_until(lambda: train.buttons.pause_button.cget("text") == "Pause")
    train.buttons.stop_button.invoke()
    wait_until(lambda: _is_usable(train.buttons.start_button))
    assert train.progress.where.cget("text").startswith("Stopped")


def test_a_failed_run_says_why(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.buttons.start_button.invoke()
    session.play(RunFinished(1, "failed", Problem("The loss is no longer a number")))
    wait_until(lambda: live.status.shows_error)
    assert live.status.message.cget("text") == "The loss is no longer a number."
    assert _is_usable(train.buttons.start_button)


def test_a_start_that_is_refused_says_why(train, live: Window, session: FakeSession) -> None:
    def refuse(config: TrainingConfig) -> int:
        raise DataError("train-images is missing", hint="Download MNIST")

    session.start_training = refuse  # type: ignore[method-assign]
    train.buttons.start_button.invoke()
    assert live.status.message.cget("text") == "train-images is missing. Download MNIST."


def test_the_chart_is_drawn_at_most_four_times_a_second_and_only_when_seen(
    train, live: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.chart.build()
    start = time.monotonic()
    session.play(*run_events(3)[:2])
    # On a busy machine the second may be due before anybody looks.
    wait_until(lambda: train.chart.redraw_count >= 1)
    assert train.chart.redraw_count <= 4 * (time.monotonic() - start) + 1
    live.show(live.draw)
    before, events = train.chart.redraw_count, run_events(3)[2:]
    start = time.monotonic()
    while time.monotonic() - start < 0.4:
        session.play(*events[:2])
        live.update()
    assert train.chart.redraw_count == before
    live.show(live.train)
    start = time.monotonic()
    while (seconds := time.monotonic() - start) < 1.0 or train.chart.redraw_count == before:
        session.play(*events[:2])
        live.update()
    # On a busy machine the last update may have ended a good while after the second.
    seconds = time.monotonic() - start
    assert train.chart.redraw_count - before <= 4 * seconds + 1


def test_events_are_drained_in_bounded_batches(
    train, live, session: FakeSession, wait_until
) -> None:
    sizes = []
    drain = session.drain_events

    def counting(limit: int = 200):
        events = drain(limit)
        sizes.append(len(events))
        return events

    live._pump._drain = counting
    session.play(*run_events(10, per_epoch=100))
    wait_until(lambda: not session.events, 10)
    assert max(sizes) == 200
    assert train.chart.series["step_loss"].points()[0][-1] == pytest.approx(10.0)


def test_everything_fits_a_small_window(train, live: Window, root) -> None:
    root.geometry("1024x700")
    root.update()
    train.form.advanced.toggle()
    root.update()
    bottom = live.status.winfo_rooty()
    for widget in (
        train.buttons.start_button,
        train.buttons.stop_button,
        train.epochs,
        train.progress,
    ):
        assert widget.winfo_rooty() + widget.winfo_height() <= bottom
    for widget in (train.chart, train.epochs, train.progress.left):
        assert widget.winfo_rootx() + widget.winfo_width() <= root.winfo_rootx() + 1024
    assert train.chart.winfo_width() * train.chart.winfo_height() > max(
        train.form.winfo_width() * train.form.winfo_height(),
        train.epochs.winfo_width() * train.epochs.winfo_height(),
    )
    root.geometry("1120x760")
    root.update()
