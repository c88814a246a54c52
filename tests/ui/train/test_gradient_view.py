"""The gradient check in the window: asked for beside the network, shown in the chart's place."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from fake_session import FakeSession, run_events
from hands import WaitUntil
from three_tabs import Window

from digitdesk.session.session import Session
from digitdesk.ui.toolkit.background import Beside
from digitdesk.ui.train.tab import TrainTab

pytestmark = pytest.mark.window


@pytest.fixture
def train(live: Window) -> TrainTab:
    live.show(live.train)
    live.update()
    return live.train


def test_a_learner_checks_the_network_in_the_form(train: TrainTab, session: FakeSession) -> None:
    train.form.values["model"].set("mlp-128")
    train.form.gradient_button.invoke()
    train.update()
    view = train.gradients
    assert session.calls == ["check gradients mlp-128"]
    assert view.winfo_viewable()
    assert not train.chart.winfo_viewable()
    assert view.title.cget("text") == "Gradients of mlp-128"
    assert "measured" in view.words.cget("text")
    assert view.rows[0] == ("conv1", "kernel", "4", "2.0e-09", "agrees")
    assert view.verdict.cget("text") == "All 3 gradients agree."
    view.close_button.invoke()
    train.update()
    assert train.chart.winfo_viewable()
    assert not view.winfo_viewable()


def test_every_layer_alone_and_a_wrong_one(train: TrainTab, session: FakeSession) -> None:
    view = train.gradients
    train.form.values["model"].set("flatten dense(10)")
    train.form.gradient_button.invoke()
    assert view.rows[1] == ("conv1", "bias", "4", "1.0e-03", "wrong")
    assert view.verdict.cget("text") == "1 gradient is wrong."
    view.layers_button.invoke()
    assert session.calls[-1] == "check gradients "
    assert view.rows[0][:2] == ("conv(2, 3)", "kernel")
    view.network_button.invoke()
    assert session.calls[-1] == "check gradients flatten dense(10)"


def test_a_network_that_cannot_be_built_is_not_offered(train: TrainTab) -> None:
    train.form.values["model"].set("nonsense")
    train.form._check_spec()
    assert train.form.gradient_button.instate(["disabled"])
    train.form.values["model"].set("cnn-light")
    train.form._check_spec()
    assert train.form.gradient_button.instate(["!disabled"])


def test_a_run_brings_the_chart_back(
    train: TrainTab, session: FakeSession, wait_until: WaitUntil
) -> None:
    train.form.gradient_button.invoke()
    session.play(*run_events(1, finish=False)[:2])
    wait_until(lambda: train.chart.winfo_viewable())
    assert not train.gradients.winfo_viewable()


@pytest.fixture
def beside(train: TrainTab) -> Iterator[None]:
    """Lets the check run beside the window."""
    train.gradients._background = Beside(train.gradients)
    yield


def test_the_window_lives_while_a_long_check_goes_on_and_ends_when_told(
    train: TrainTab, session: FakeSession, beside: None, wait_until: WaitUntil
) -> None:
    arrived, go_on = threading.Event(), threading.Event()
    quick = session.choices.check_gradients

    def slow(spec, progress, cancelled):
        progress(1, 4)
        arrived.set()
        go_on.wait(10)
        return quick(spec, progress, lambda: False)[:1] if cancelled() else ()

    session.choices.check_gradients = slow  # type: ignore[method-assign]
    view = train.gradients
    train.form.gradient_button.invoke()
    assert arrived.wait(5)
    wait_until(lambda: view.verdict.cget("text") == "Comparing: 25 %")
    assert view.layers_button.instate(["disabled"])
    view.cancel_button.invoke()
    go_on.set()
    wait_until(lambda: len(view.rows) == 1)
    assert view.verdict.cget("text") == "Ended early. Compared: 1, all agree."
    assert view.layers_button.instate(["!disabled"])
    assert not view.cancel_button.winfo_viewable()


def test_the_real_check_finds_every_gradient_right(
    train: TrainTab, tmp_path_factory, beside: None, wait_until: WaitUntil
) -> None:
    from digitdesk.files.paths import UserPaths

    view = train.gradients
    view.attach(Session(UserPaths.under(tmp_path_factory.mktemp("home"))))
    train.form.gradient_button.invoke()
    wait_until(lambda: view.rows, 20)
    assert [row[:2] for row in view.rows][:2] == [("conv1", "kernel"), ("conv1", "bias")]
    assert {row[4] for row in view.rows} == {"agrees"}
    view.layers_button.invoke()
    wait_until(lambda: len(view.rows) > 40, 20)
    assert ("dense(4)", "input") in [row[:2] for row in view.rows]
    assert {row[4] for row in view.rows} == {"agrees"}


def test_a_view_that_is_gone_wants_no_more(train: TrainTab, beside: None) -> None:
    train.form.gradient_button.invoke()
    job = train.gradients._job
    assert job is not None and not job.is_cancelled()
    train.gradients.destroy()
    assert job.is_cancelled()
