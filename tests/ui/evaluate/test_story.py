"""From a run to a report, as a user would: train, see its mistakes, spoil, refuse, export."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest
from hands import WaitUntil, click, press
from real_desk import RealDesk

from digitdesk.files.paths import UserPaths
from digitdesk.messages.run import RunState
from digitdesk.ui.evaluate.damage_page import DamagePage
from digitdesk.ui.evaluate.map_page import MapPage
from digitdesk.ui.evaluate.mistakes_page import MistakesPage
from digitdesk.ui.evaluate.trust_page import TrustPage
from digitdesk.ui.toolkit.user_settings import Settings, write_settings

pytestmark = pytest.mark.window


def worst_cell(page: MistakesPage) -> tuple[int, int]:
    """The cell beside the diagonal with most pictures."""
    counts = page.matrix._counts
    cells = [(i, j) for i in range(len(counts)) for j in range(len(counts)) if i != j]
    return max(cells, key=lambda cell: counts[cell[0]][cell[1]])


def test_from_a_run_to_a_report(root: tk.Tk, tmp_path: Path, wait_until: WaitUntil) -> None:
    paths = UserPaths.under(tmp_path)
    write_settings(Settings(language="en", theme="light", tour_seen=True), paths.config)
    desk = RealDesk(root, tmp_path)
    window, train, evaluate = desk.window, desk.window.train, desk.window.evaluate
    window.show(train)
    train.form.data.value.set("handwriting")
    settings = {"limit": "2000", "model": "cnn-light", "epochs": "1"}
    for name, value in settings.items():
        train.form.values[name].set(value)
    wait_until(lambda: not train.form.problems)
    click(train.buttons.start_button)
    wait_until(lambda: desk.session.state is not RunState.IDLE)
    wait_until(lambda: desk.session.state is RunState.IDLE and train.progress.has_offers, 120)

    click(train.progress.next.mistakes_button)
    wait_until(lambda: window.tabs.in_front is evaluate)
    wait_until(lambda: evaluate.headline.winfo_viewable(), 120)
    page = evaluate.page
    assert isinstance(page, MistakesPage)
    cell = worst_cell(page)
    press(page.matrix, page.matrix.place_of(*cell))
    label, answer = (page.matrix._names[place] for place in cell)
    assert page.gallery.total == page.matrix._counts[cell[0]][cell[1]]
    assert {(item.label, item.answer) for item in page.gallery.shown} == {(label, answer)}
    press(page.gallery.canvas, page.gallery.place_of(0))
    click(page.detail.board_button)
    assert window.tabs.in_front is window.draw
    assert window.draw.source == "training"
    # The board prepares a picture once more; the network says of it what it said in the exam.
    wait_until(lambda: window.draw.digit.answer is not None)
    assert window.draw.board.shown == page.detail.detail.item.picture  # type: ignore[union-attr]

    window.show(evaluate)
    click(evaluate.switch.buttons["damage"])
    damage = evaluate.page
    assert isinstance(damage, DamagePage)
    wait_until(lambda: damage.chart.curves, 60)
    damage.rows["rotation"].slider.focus_force()
    for _press in range(5):
        damage.rows["rotation"].slider.event_generate("<Prior>")
    wait_until(lambda: damage.points and damage.points[0].strength > 0, 60)
    wait_until(lambda: damage.chart.curves and damage.chart.curves[0].points, 60)
    first, *_others, last = damage.chart.curves[0].points
    assert last[1] < first[1], "turned by so much, fewer are read"

    click(evaluate.switch.buttons["map"])
    points = evaluate.page
    assert isinstance(points, MapPage)
    wait_until(lambda: points.map is not None, 60)
    assert len(points.map.points) == 1000  # type: ignore[union-attr]

    click(evaluate.switch.buttons["trust"])
    trust = evaluate.page
    assert isinstance(trust, TrustPage)
    trust.slider.focus_force()
    for _press in range(5):
        trust.slider.event_generate("<Prior>")
    click(trust.save_button)
    assert desk.session.card("training").refusal_threshold == pytest.approx(trust.threshold)

    desk.dialogs.path = str(tmp_path / "report.html")
    evaluate.headline.export_button.menu.invoke(0)
    wait_until(lambda: (tmp_path / "report.html").exists(), 60)
    wait_until(lambda: "report.html" in desk.said)
    page_text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert str(evaluate.headline.accuracy.cget("text")).split()[0] in page_text
    desk.close()


def test_an_exam_can_be_cancelled(root: tk.Tk, tmp_path: Path, wait_until: WaitUntil) -> None:
    paths = UserPaths.under(tmp_path)
    write_settings(Settings(language="en", theme="light", tour_seen=True), paths.config)
    desk = RealDesk(root, tmp_path)
    evaluate = desk.window.evaluate
    desk.window.show(evaluate)
    wait_until(lambda: evaluate.bar.choice.data is not None)
    click(evaluate.bar.button)
    wait_until(lambda: evaluate._exam_job.is_busy)
    assert str(evaluate.bar.button.cget("text")) == "Cancel"
    click(evaluate.bar.button)
    assert str(evaluate.bar.button.cget("text")) == "Examine"
    assert "cancelled" in desk.said
    assert evaluate.hint.winfo_viewable()
    desk.close()
