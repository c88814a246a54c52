"""Several runs on one chart: each whole, in its own color, with ticks that can be read."""

from __future__ import annotations

import dataclasses
import itertools
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_session import FakeSession, run_events
from hands import WaitUntil, click
from three_tabs import Window

from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import Progress, RunStarted
from digitdesk.session.session import Session
from tests.training.small_runs import write_idx_folder

pytestmark = pytest.mark.window


@pytest.fixture
def train(live: Window):
    live.show(live.train)
    live.update()
    live.train.chart.build()
    return live.train


def play(train, session: FakeSession, wait_until: WaitUntil, *events) -> None:
    session.play(*events)
    wait_until(lambda: not session.events and not train.chart._is_dirty)


def ticks(axes) -> list:
    """The ticks that are drawn, and their texts."""
    axes.figure.canvas.draw()
    shown = [*axes.yaxis.get_major_ticks(), *axes.yaxis.get_minor_ticks()]
    low, high = axes.get_ylim()
    return [
        tick.label1 for tick in shown
        if low * 0.999 <= tick.get_loc() <= high * 1.001 and tick.label1.get_text()
    ]  # fmt: skip


@pytest.mark.parametrize(
    "losses", [(2.303, 2.302, 2.301), (0.9, 0.5, 0.31), (2.3, 0.1, 0.004), (4e5, 1e4, 900.0)]
)
def test_ticks_of_a_logarithmic_scale_are_legible(
    losses: tuple[float, ...], train, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.tools.log_box.invoke()
    start = run_events(1)[0]
    progress = [
        Progress(1, 1, step, 860, loss, 0.5, 0.002, 100.0, 1.0)
        for step, loss in zip((1, 400, 800), losses, strict=True)
    ]
    play(train, session, wait_until, start, *progress)
    axes = train.chart._figure.panels.loss
    labels = ticks(axes)
    assert 2 <= len(labels) <= 9
    assert {label.get_fontsize() for label in labels} == {8.0}
    assert not any("$" in label.get_text() for label in labels)
    boxes = sorted((label.get_window_extent() for label in labels), key=lambda box: box.y0)
    assert all(box.x0 >= 0 for box in boxes), "cut off at the left"
    assert all(a.y1 <= b.y0 for a, b in itertools.pairwise(boxes)), "over each other"


def test_a_run_keeps_its_color_and_its_length(
    train, session: FakeSession, wait_until: WaitUntil
) -> None:
    colors = []
    for epochs in (4, 1, 2):
        play(train, session, wait_until, *run_events(epochs))
        panels = train.chart._figure.panels
        colors.append({line.get_gid(): line.get_color() for line in panels.extras})
    assert colors[0] == {}
    (first,) = colors[1]
    assert colors[2][first] == colors[1][first]
    assert len(set(colors[2].values())) == 2
    assert panels.loss.get_xlim()[1] == 4
    assert panels.accuracy.get_xlim()[1] == 4


def test_an_earlier_run_stays_in_sight(train, session: FakeSession, wait_until) -> None:
    low = run_events(1)
    session.play(
        *[dataclasses.replace(e, loss=e.loss / 1000) if isinstance(e, Progress) else e
          for e in low]
    )  # fmt: skip
    play(train, session, wait_until)
    train.tools.log_box.invoke()
    play(train, session, wait_until, *run_events(1))
    panels = train.chart._figure.panels
    (line,) = [extra for extra in panels.extras if extra.axes is panels.loss]
    assert panels.loss.get_ylim()[0] <= min(line.get_ydata())


def test_a_run_that_goes_on_is_the_same_run(train, session, wait_until) -> None:
    play(train, session, wait_until, *run_events(1))
    train.chart.record.name = "mine"
    started = run_events(2)[0]
    assert isinstance(started, RunStarted)
    losses = ((1, 2.3), (400, 0.8), (860, 0.2))
    play(train, session, wait_until, dataclasses.replace(started, first_step=860, losses=losses))
    assert [record.name for record in train.chart.records] == ["mine"]
    assert train.chart.series["step_loss"].points()[1] == [2.3, 0.8, 0.2]


def test_the_first_steps_do_not_eat_the_axis_and_it_says_so(train, session, wait_until) -> None:
    events = run_events(3)
    events[1] = dataclasses.replace(events[1], loss=40.0)
    play(train, session, wait_until, *events[:30])
    panels = train.chart._figure.panels
    assert panels.loss.get_ylim()[1] > 30
    assert panels.cut_note.get_text() == ""
    play(train, session, wait_until, *events[30:])
    assert panels.loss.get_ylim()[1] <= 2.5
    assert panels.cut_note.get_text() == "first steps up to 40.00, cut off"


def test_a_line_through_the_floor_is_marked(train, session, wait_until) -> None:
    events = [
        dataclasses.replace(e, train_accuracy=0.7) if getattr(e, "epoch", 0) == 1 and
        hasattr(e, "train_accuracy") else e
        for e in run_events(3)
    ]  # fmt: skip
    play(train, session, wait_until, *events)
    panels = train.chart._figure.panels
    floor = panels.accuracy.get_ylim()[0]
    assert floor > 0.7
    cut = panels.lines["cut_accuracy"]
    assert list(cut.get_xdata()) == [1]
    assert list(cut.get_ydata()) == [floor]


def test_a_single_step_in_a_pause_does_not_count_the_time(train, session, wait_until) -> None:
    click(train.buttons.start_button)
    session.play(*run_events(2, finish=False)[:10])
    wait_until(lambda: not session.events)
    click(train.buttons.pause_button)
    wait_until(lambda: train.progress.left.cget("text") == "paused")
    play(train, session, wait_until, Progress(1, 1, 11, 1720, 0.5, 0.5, 0.002, 100.0, 1.0))
    assert "step 11" in train.progress.where.cget("text")
    assert train.progress.left.cget("text") == "paused"
    click(train.buttons.pause_button)
    play(train, session, wait_until, Progress(1, 1, 12, 1720, 0.5, 0.5, 0.002, 100.0, 1.0))
    assert train.progress.left.cget("text") == "0:01 left"


class RealRun:
    """The window over a real session that trains on small data."""

    def __init__(self, root: tk.Tk, home: Path) -> None:
        self.session = Session(UserPaths.under(home), environ={})
        self.window = Window(root, UserPaths.under(home))
        self.window.attach_session(self.session)
        self.train = self.window.train
        self.window.show(self.train)
        root.update()

    def fill_in(self, data: Path, **texts: str) -> None:
        for name, text in texts.items():
            self.train.form.values[name].set(text)
        self.train.form.data.value.set(str(data))

    def close(self) -> None:
        assert self.session.close(60)
        self.window.destroy()


@pytest.fixture
def desks(root: tk.Tk, tmp_path: Path) -> Iterator[list[RealRun]]:
    write_idx_folder(tmp_path / "stripes", train_count=2_000, test_count=100)
    opened: list[RealRun] = []
    yield opened
    for desk in opened:
        if desk.window.winfo_exists():
            desk.close()
    root.update()


def test_a_fast_run_shows_its_start(
    desks: list[RealRun], root: tk.Tk, tmp_path: Path, wait_until: WaitUntil
) -> None:
    desks.append(RealRun(root, tmp_path))
    train = desks[0].train
    desks[0].fill_in(tmp_path / "stripes", model="softmax", batch_size="8", epochs="2")
    wait_until(lambda: not train.form.problems)
    click(train.buttons.start_button)
    wait_until(lambda: train.chart.record.history.finished and not train.is_running, 60)
    steps, losses = train.chart.series["step_loss"].points()
    assert len(steps) > 200
    assert steps[0] == pytest.approx(1 / 230, rel=0.01)
    assert losses[0] > 1.5


def test_a_run_taken_up_again_brings_its_settings_and_its_past(
    desks: list[RealRun], root: tk.Tk, tmp_path: Path, wait_until: WaitUntil
) -> None:
    desks.append(RealRun(root, tmp_path))
    typed = {"model": "flatten dense(12) relu dense(10)", "optimizer": "momentum",
             "epochs": "3000", "seed": "5", "learning_rate": "0.01"}  # fmt: skip
    desks[0].fill_in(tmp_path / "stripes", **typed)
    first = desks[0].train
    wait_until(lambda: not first.form.problems)
    wanted = first.form.settings()
    click(first.buttons.start_button)
    wait_until(lambda: len(first.chart.series["step_loss"]) > 30, 60)
    desks[0].close()
    desks.append(RealRun(root, tmp_path))
    second = desks[1].train
    assert second.form.settings() != wanted
    second.banner.choices[0].invoke()
    wait_until(lambda: second.chart.records, 60)
    wait_until(lambda: desks[1].session.state.name == "TRAINING", 60)
    assert second.form.settings() == wanted
    steps, _losses = second.chart.series["step_loss"].points()
    assert steps[0] < 0.1
    assert len(steps) > 20
    second.buttons.stop_button.invoke()
    wait_until(lambda: not second.is_running, 30)
