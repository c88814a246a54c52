"""The pages as a user works with them: a plan is typed, its queue changed, its table looked at."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest
from fake_experiments import PLAN, FakeExperiments
from hands import Dialogs, WaitUntil, click, press
from three_tabs import Window

from digitdesk.messages.experiments.plan import Axis
from digitdesk.messages.experiments.progress import TrialState
from digitdesk.ui.experiments.view import ExperimentsView

pytestmark = pytest.mark.window


@pytest.fixture
def key(view: ExperimentsView, experiments: FakeExperiments, root: tk.Tk) -> str:
    """A new experiment whose first rows are finished, on the page with its queue."""
    experiments.views.clear()
    key = experiments.start(PLAN)
    experiments.finish(key, 6)
    view.refresh()
    view.show_page("run")
    root.update()
    return key


def test_without_any_experiment_the_pages_say_what_to_do(
    view: ExperimentsView, experiments: FakeExperiments, root: tk.Tk
) -> None:
    experiments.views.clear()
    view.refresh()
    for page in ("run", "results"):
        click(view.switch.buttons[page])
        assert view.empty.winfo_viewable()
        assert "press Start" in view.empty.cget("text")
    click(view.switch.buttons["plan"])
    assert not view.empty.winfo_viewable()


def test_a_plan_is_typed_and_begun(
    view: ExperimentsView, experiments: FakeExperiments, wait_until: WaitUntil
) -> None:
    click(view.switch.buttons["plan"])
    page = view.plan
    page.offered.choose("rates")
    page._on_offered()
    assert page.preview.count.cget("text") == "4 rows × 3 seeds = 12 runs"
    wait_until(lambda: "2 minutes" in page.preview.time.cget("text"))
    page.form.vary.rows[0].text.set("0.01, x")
    wait_until(lambda: page.preview.problem.winfo_viewable())
    assert page.preview.problem.cget("text").startswith("Learning rate: ")
    assert page.form.vary.rows[0].entry.instate(["invalid"])
    assert page.preview.start_button.instate(["disabled"])
    page.form.vary.rows[0].text.set("0.01, 0.1, 1")
    page.form.vary.rows[1].remove_button.invoke()
    # What the network leaves open is offered first.
    click(page.form.vary.add_button)
    assert page.form.vary.vary[1] == ("units", "32, 128, 512")
    page.form.search.texts["seeds"].set("2")
    wait_until(lambda: page.preview.count.cget("text") == "9 rows × 2 seeds = 18 runs")
    assert page.form.fixed.fields.controls["learning_rate"].instate(["disabled"])
    click(page.preview.start_button)
    begun = next(iter(experiments.views.values())).plan
    assert begun.grid == (Axis("learning_rate", (0.01, 0.1, 1)), Axis("units", (32, 128, 512)))
    assert begun.seeds == (0, 1)
    assert dict(begun.settings)["epochs"] == 3
    assert view.run.winfo_viewable(), "the queue is shown"


def test_form_and_text_say_the_same(view: ExperimentsView, experiments: FakeExperiments) -> None:
    click(view.switch.buttons["plan"])
    page = view.plan
    page._on_offered()
    page.form.title.set("Another title")
    click(page.switch.buttons["text"])
    assert "Another title" in page.text.text
    page.text.pane.insert("end", "nonsense")
    page._look()
    assert "is no plan" in page.preview.problem.cget("text")
    page.text.show(experiments.plans.written(PLAN))
    click(page.switch.buttons["form"])
    assert page.form.winfo_viewable()
    assert page.form.title.get() == PLAN.title


def test_the_queue_is_followed_reordered_and_cancelled(
    view: ExperimentsView, experiments: FakeExperiments, key: str, wait_until: WaitUntil
) -> None:
    page = view.run
    assert page.headline.cget("text").startswith("6 of 12 runs")
    experiments.begin(key, 1)
    wait_until(lambda: page.table.cells[6][4] == "running")
    assert page.table.cells[6][5] == "1/3"
    page.table.select(12)
    click(page.next_button)
    assert page.table.row_keys[7] == 12
    click(page.down_button)
    assert page.table.row_keys[8] == 12
    click(page.up_button)
    assert page.table.row_keys[7] == 12
    click(page.cancel_button)
    assert view.study.run(12).state is TrialState.CANCELLED  # type: ignore[union-attr]
    click(page.again_button)
    assert view.study.run(12).state is TrialState.WAITING  # type: ignore[union-attr]
    experiments.finish(key, 1, TrialState.FAILED)
    wait_until(lambda: "1 failed" in page.headline.cget("text"))
    failed = next(run for run in view.study.shown.runs if run.state is TrialState.FAILED)  # type: ignore[union-attr]
    page.table.select(failed.number)
    page.update()
    assert "has diverged" in page.detail.cget("text")
    click(page.main_button)
    assert experiments.calls[-1] == f"paused {key}"
    assert page.main_button.cget("text") == "Go on"
    click(page.main_button)
    assert experiments.calls[-1] == f"running {key}"


def test_the_table_is_sorted_filtered_and_compared(
    view: ExperimentsView, experiments: FakeExperiments, key: str, wait_until: WaitUntil
) -> None:
    experiments.finish(key, 6)
    view.refresh()
    view.show_page("results")
    view.update()
    page = view.results
    assert page.table.row_keys == (1, 2, 3, 4)
    page.sort_by("= mean")
    page.sort_by("= mean")
    assert page.table.row_keys == (4, 3, 2, 1)
    assert page.table.tree.heading("= mean", "text").endswith("▾")
    page.filter.set("batch_size=32")
    assert page.table.row_keys == (3, 1)
    page.filter.set("")
    page.table.select(3)
    page.update()
    assert "better than row 1 (p = 0.004" in page.row_bar.said.cget("text")
    click(page.row_bar.base_button)
    assert page.results is not None and page.results.base == 3
    wait_until(lambda: page.chart.view._figure is not None)
    figure = page.chart.view._figure
    assert figure is not None
    # A point of the chart is its row.
    press(figure.widget, figure.place_of(2))
    assert page.table.selected == (2,)
    for kind in page.chart.kind.keys:
        page.chart.choose(kind)
        assert page.chart.plot is not None, kind


def test_settings_go_to_train_and_a_lost_model_is_said(
    fake_window: Window, view: ExperimentsView, experiments: FakeExperiments, key: str
) -> None:
    view.show_page("results")
    view.update()
    page = view.results
    page.table.select(2)
    page.update()
    click(page.row_bar.examine_button)
    assert fake_window.status.shows_error
    click(page.row_bar.train_button)
    assert fake_window.train.winfo_viewable()
    config = fake_window.train.form.settings()
    assert (config.learning_rate, config.batch_size) == (0.01, 128)
    fake_window.show(fake_window.experiments)


def test_table_and_chart_are_written(
    fake_window: Window, view: ExperimentsView, key: str, tmp_path: Path, wait_until: WaitUntil
) -> None:
    view.show_page("results")
    view.results.chart.choose("setting")
    view.update()
    wait_until(lambda: view.results.chart.view._figure is not None)
    dialogs = fake_window._dialogs
    assert isinstance(dialogs, Dialogs)
    menu = view.results.export_button.menu
    for place, suffix in enumerate((".csv", ".md", ".tex", ".png", ".svg")):
        dialogs.path = str(tmp_path / f"out{suffix}")
        menu.invoke(place)
        assert (tmp_path / f"out{suffix}").stat().st_size > 0
    assert (tmp_path / "out.png").read_bytes()[1:4] == b"PNG"
    assert b"<svg" in (tmp_path / "out.svg").read_bytes()


def test_closing_asks_while_something_runs(
    fake_window: Window, view: ExperimentsView, experiments: FakeExperiments, key: str
) -> None:
    tab = fake_window.experiments
    assert tab.closing_question is not None
    assert tab.progress_in_title == pytest.approx(0.5)
    experiments.pause(key)
    view.refresh()
    assert tab.closing_question is None and tab.progress_in_title == 0
