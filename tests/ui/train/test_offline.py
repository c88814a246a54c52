"""Without MNIST and without a network: one can train all the same, and is told what there is."""

from __future__ import annotations

import json
import time
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_session import Offline
from hands import WaitUntil, click
from three_tabs import Window

from digitdesk.data.synthetic import handwriting
from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import RunPreparing, RunState, TrainingConfig
from digitdesk.session.session import Session
from digitdesk.training.recipes import presets
from digitdesk.ui.toolkit.background import Beside
from digitdesk.ui.train.recipe_fields import FIRST_IMAGES
from tests.time_limits import quickest

pytestmark = pytest.mark.window


@pytest.fixture
def session() -> Offline:
    return Offline()


@pytest.fixture
def train(live: Window):
    live.show(live.train)
    live.update()
    return live.train


def test_the_form_begins_with_what_is_there(train, session: Offline) -> None:
    data = train.form.data
    assert data.name == "handwriting"
    assert "MNIST is not on this computer." in data.note.cget("text")
    assert str(data.note.cget("style")) == "Muted.TLabel"
    assert data.download_button.winfo_viewable()
    assert data.download_button.cget("text") == "Download (11.6 MB)"
    click(train.buttons.start_button)
    assert [(run.data, run.limit) for run in session.started] == [("handwriting", 6000)]


def test_what_it_will_want_is_drawn_ahead_once(train, session: Offline, live: Window) -> None:
    assert session.calls == ["load ahead handwriting 6000"]
    live.show(live.draw)
    live.update()
    live.show(train)
    live.update()
    assert session.calls == ["load ahead handwriting 6000"]


def test_the_missing_set_is_no_error_and_can_be_fetched(train, session: Offline) -> None:
    data = train.form.data
    data.value.set("mnist")
    train.update()
    assert str(data.note.cget("style")) == "Muted.TLabel"
    assert not data.box.instate(["invalid"])
    assert train.buttons.start_button.instate(["disabled"])
    assert "Press Start" not in str(train.chart.hint.cget("text")).split("\n")[0]
    data.value.set("handwriting")
    click(data.download_button)
    assert session.calls[-1] == "download mnist"
    assert "No internet connection" in data.note.cget("text")
    assert str(data.note.cget("style")) == "Problem.TLabel"
    session.has_mnist = True
    click(data.download_button)
    assert data.name == "mnist"
    assert train.form.values["limit"].get() == ""
    assert "not on this computer" not in data.note.cget("text")


def test_the_form_opens_on_a_preset_and_says_how_long_that_takes(train) -> None:
    low, high = presets()[1].built_in_seconds
    assert train.form.presets.name == "few"
    assert train.form.presets.box.get() == f"Few images · {low} to {high} s"
    assert train.form.values["limit"].get() == "6000"
    train.form.presets.apply("accurate")
    assert train.form.presets.name == "accurate"


def test_the_next_start_with_mnist_begins_as_always(train, session: Offline) -> None:
    remembered = json.loads(train.form.remembered)
    usual = TrainingConfig()
    assert (remembered["data"], remembered["limit"]) == (usual.data, "")
    assert remembered["epochs"] == str(usual.epochs)
    session.has_mnist = True
    train.form.data.refresh()
    assert train.form.presets.name == "quick"
    assert train.form.values["epochs"].get() == str(usual.epochs)


def test_the_form_needs_no_scrolling(train, live: Window) -> None:
    """Also in Chinese, whose lines are higher, and in a window as small as that of a laptop."""
    live.root.geometry("1080x740")
    for language in ("en", "zh_CN"):
        if live.preferences.choose_language(language) is not None:
            pytest.skip("no font for Chinese")
        live.update()
        assert train.form.body.winfo_reqheight() <= train.form.winfo_height(), language
    live.root.geometry("1120x760")


def test_presets_keep_to_it(train, session: Offline) -> None:
    train.form.presets.box.current(2)
    train.form.presets.box.event_generate("<<ComboboxSelected>>")
    assert train.form.data.name == "handwriting"
    assert train.form.settings().limit == 6000


def test_drawing_shows_where_the_chart_will_be(
    train, session: Offline, wait_until: WaitUntil
) -> None:
    click(train.buttons.start_button)
    session.play(RunPreparing(1, 2500, 6000))
    wait_until(lambda: "2,500 of 6,000" in train.chart.hint.cget("text"))
    assert train.chart.hint.winfo_viewable()


@pytest.fixture
def real(root: tk.Tk, tmp_path: Path) -> Iterator[tuple[Window, Session]]:
    session = Session(UserPaths.under(tmp_path / "home"), environ={})
    clock = tk.Frame(root)
    desk = Window(root, UserPaths.under(tmp_path / "home"), background=Beside(clock))
    desk.attach_session(session)
    root.update()
    yield desk, session
    assert session.close(60)
    clock.destroy()
    desk.destroy()


def test_a_run_begins_with_what_was_drawn_ahead(
    real: tuple[Window, Session], wait_until: WaitUntil, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, session = real
    train = window.train
    wait_until(lambda: train.form.data.stands_in)
    window.show(train)
    cache = session._training._datasets
    wait_until(lambda: cache._kept is not None, 120)
    drawn: list[object] = []
    monkeypatch.setattr(handwriting, "generate", lambda *a, **_options: drawn.append(a))
    click(train.buttons.start_button)
    wait_until(lambda: len(train.chart.series["step_loss"]), 60)
    assert drawn == [], "nothing is left to draw once Start is pressed"
    train.buttons.stop_button.invoke()
    wait_until(lambda: not train.is_running, 60)


def test_a_run_that_nothing_was_drawn_for_has_little_to_do_before_its_first_step(
    real: tuple[Window, Session], wait_until: WaitUntil
) -> None:
    """In seconds of the processor, of both cores together, beside what its digits take by
    themselves: as much, two seconds of an idle one, and once seven."""
    window, session = real
    train, cache = window.train, session._training._datasets
    wait_until(lambda: train.form.data.stands_in)
    train._ahead._has_begun = True
    window.show(train)

    def measure() -> float:
        cache._kept = None
        handwriting._test_parts.clear()
        started = time.process_time()
        click(train.buttons.start_button)
        wait_until(lambda: session.state is RunState.TRAINING, 60)
        seconds = time.process_time() - started
        train.buttons.stop_button.invoke()
        wait_until(lambda: not train.is_running, 60)
        return seconds

    most = 2.25 * seconds_to_draw(FIRST_IMAGES + handwriting.TEST_COUNT)
    assert quickest(measure, most) <= most


def seconds_to_draw(count: int) -> float:
    """Of the processor there is, for so many built-in digits."""
    sample = 1000

    def draw() -> float:
        started = time.process_time()
        handwriting.generate(sample, seed=1)
        return time.process_time() - started

    return min(draw() for _ in range(3)) * count / sample
