"""A user plans a 2×2 grid, starts it, closes in the middle, and goes on; on a real session."""

from __future__ import annotations

import csv
import tkinter as tk
from pathlib import Path

import pytest
from hands import WaitUntil, click
from real_desk import RealDesk

from digitdesk.files.paths import UserPaths
from digitdesk.messages.experiments.plan import Axis
from digitdesk.messages.experiments.progress import ExperimentState, TrialState
from digitdesk.ui.experiments.view import ExperimentsView
from digitdesk.ui.toolkit.user_settings import Settings, write_settings

pytestmark = pytest.mark.window

#: Small runs of the built-in digits, which need no file. Every other one takes a few seconds, so
#: that closing after the first is closing in the middle on a quick machine, too.
TEXT = """
title = "Two by two"
seeds = 1
[settings]
model = "flatten dense({units}) relu dense(10)"
data = "handwriting"
limit = 400
[grid]
units = [4, 16]
epochs = [2, 150]
"""


def opened(root: tk.Tk, home: Path) -> tuple[RealDesk, ExperimentsView]:
    desk = RealDesk(root, home)
    desk.window.show(desk.window.experiments)
    root.update()
    view = desk.window.experiments.view
    assert view is not None
    return desk, view


def states(view: ExperimentsView) -> list[TrialState]:
    return [run.state for run in view.study.shown.runs] if view.study.shown else []


def test_a_grid_is_planned_interrupted_resumed_and_looked_at(
    root: tk.Tk, tmp_path: Path, wait_until: WaitUntil
) -> None:
    home = tmp_path / "home"
    write_settings(
        Settings(language="en", theme="light", tour_seen=True), UserPaths.under(home).config
    )
    plan_file = tmp_path / "two.toml"
    plan_file.write_text(TEXT, encoding="utf-8")
    desk, view = opened(root, home)
    try:
        desk.dialogs.path = str(plan_file)
        click(view.plan.open_button)
        assert view.plan.preview.count.cget("text") == "4 runs"
        assert view.plan.plan is not None
        assert view.plan.plan.grid == (Axis("units", (4, 16)), Axis("epochs", (2, 150)))
        click(view.plan.preview.start_button)
        assert view.run.winfo_viewable()
        wait_until(lambda: TrialState.FINISHED in states(view), 120)
    finally:
        desk.close()
    desk, view = opened(root, home)
    try:
        click(view.switch.buttons["run"])
        shown = view.study.shown
        assert shown is not None and shown.state is ExperimentState.WAITING
        finished = states(view).count(TrialState.FINISHED)
        assert 1 <= finished < 4, "closed in the middle"
        assert view.run.main_button.cget("text") == "Go on"
        click(view.run.main_button)
        wait_until(lambda: states(view).count(TrialState.FINISHED) == 4, 120)
        click(view.run.results_button)
        page = view.results
        wait_until(lambda: all(row.count for row in page.results.rows))  # type: ignore[union-attr]
        page.sort_by("= mean")
        page.sort_by("= mean")
        assert page.results is not None
        means = {row.number: row.mean or 0.0 for row in page.results.rows}
        assert list(page.table.row_keys) == sorted(means, key=means.__getitem__, reverse=True)
        desk.dialogs.path = str(tmp_path / "out.csv")
        page.export_button.menu.invoke(0)
        with (tmp_path / "out.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == 4
        page.table.select(page.table.row_keys[0])
        root.update()
        click(page.row_bar.train_button)
        config = desk.window.train.form.settings()
        best = dict(next(row.values for row in page.results.rows if row.is_best))
        assert config.model == f"flatten dense({best['units']}) relu dense(10)"
        assert (config.epochs, config.limit) == (best["epochs"], 400)
        desk.window.show(desk.window.experiments)
        click(page.row_bar.examine_button)
        evaluate = desk.window.evaluate
        wait_until(lambda: evaluate.headline.winfo_viewable(), 120)
        assert evaluate._shown is not None
        assert evaluate._shown.exam.model_key.endswith(".npz")
        desk.window.show(desk.window.experiments)
        click(page.row_bar.inside_button)
        inside = desk.window.inside
        wait_until(lambda: inside.view is not None and inside.view._key.endswith(".npz"), 60)
        assert inside.winfo_viewable()
        # It is over: nothing goes on, and it can be thrown away.
        desk.window.show(desk.window.experiments)
        view.show_page("run")
        root.update()
        assert not view.run.main_button.winfo_viewable()
        click(view.run.remove_button)
        desk.window.status.notice.choices[0].invoke()
        assert view.study.entries == ()
    finally:
        desk.close()
