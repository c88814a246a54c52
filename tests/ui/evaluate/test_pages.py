"""Classes, trust, damage and two models: each page by real events, over the same exam."""

from __future__ import annotations

import itertools
import tkinter as tk
from pathlib import Path

import pytest
from fake_session import FakeSession
from hands import Dialogs, Pen, WaitUntil, click, key, press
from three_tabs import Window

from digitdesk.messages.exam import ExamPair
from digitdesk.ui.charts.curve_chart import ticks
from digitdesk.ui.evaluate.class_page import ClassPage
from digitdesk.ui.evaluate.damage_page import DamagePage
from digitdesk.ui.evaluate.map_page import MapPage
from digitdesk.ui.evaluate.pair_page import PairPage, said_of
from digitdesk.ui.evaluate.trust_page import TrustPage
from digitdesk.ui.toolkit.tab import Tab

pytestmark = pytest.mark.window


@pytest.fixture
def examined(live: Window, session: FakeSession, wait_until: WaitUntil) -> Window:
    session.keep(Path("/m/second.npz"))
    live.show(live.evaluate)
    wait_until(lambda: live.evaluate.bar.choice.data is not None)
    click(live.evaluate.bar.button)
    return live


def turn_to(window: Window, tab: Tab) -> None:
    window.show(tab)
    window.update()


def beside(window: Window) -> None:
    """Examine a second model beside the first."""
    window.evaluate.examine_model("reader", "reader")
    window.update()


def go(window: Window, name: str) -> tk.Misc:
    """Press a page's button in the switch."""
    click(window.evaluate.switch.buttons[name])
    assert window.evaluate.page.winfo_viewable()
    return window.evaluate.page


def heading(page: ClassPage, column: str) -> tuple[int, int]:
    tree = page.table.tree
    x = 4
    for name in tree["columns"]:
        if name == column:
            return x + 24, 8
        x += tree.column(name, "width")
    raise AssertionError(column)


def test_the_table_of_classes_is_sorted_by_a_click_on_a_heading(examined: Window) -> None:
    page = go(examined, "classes")
    assert isinstance(page, ClassPage)
    assert page.names == [str(k) for k in range(10)]
    assert [cells[0] for cells in page.table.cells] == page.names
    press(page.table.tree, heading(page, "precision"))
    figures = [float(cells[2].removesuffix(" %")) for cells in page.table.cells]
    assert figures == sorted(figures, reverse=True)
    press(page.table.tree, heading(page, "precision"))
    figures = [float(cells[2].removesuffix(" %")) for cells in page.table.cells]
    assert figures == sorted(figures)
    bars = page.bars.canvas
    assert len(bars.find_withtag("share")) == 10


def test_a_second_models_figures_stand_beside_the_first(examined: Window) -> None:
    beside(examined)
    page = go(examined, "classes")
    assert isinstance(page, ClassPage)
    assert page.table.cells[0][1] == "92.5 | 92.5 %"


def test_a_threshold_is_chosen_by_slider_by_line_and_is_saved(
    examined: Window, session: FakeSession
) -> None:
    page = go(examined, "trust")
    assert isinstance(page, TrustPage)
    assert str(page.sentence.cget("text")) == (
        "It answers 100.0 % of the pictures, and 92.00 % of those right."
    )
    key(page.slider, *["Prior"] * 5)
    assert page.threshold == pytest.approx(0.5)
    said = str(page.sentence.cget("text"))
    assert said == "It answers 87.5 % of the pictures, and 96.00 % of those right."
    # Pulled to half of the pictures, the line stands where about as many are answered.
    press(page.risk, page.risk.place_of(0.5, 0.95))
    assert "answers 50" in str(page.sentence.cget("text"))
    # The bundled reader's card is not the user's to change.
    assert page.save_button.instate(["disabled"])
    examined.evaluate.examine_model("/m/second.npz", "")
    page = go(examined, "trust")
    assert isinstance(page, TrustPage)
    key(page.slider, "Prior", "Right")
    click(page.save_button)
    assert session.exams.calls[-1] == f"keep /m/second.npz {page.threshold}"
    assert page.threshold == pytest.approx(0.12)
    assert "less than 12.0 % sure" in str(examined.status.message.cget("text"))


def test_the_reliability_of_both_models_is_drawn(examined: Window) -> None:
    beside(examined)
    page = go(examined, "trust")
    assert isinstance(page, TrustPage)
    looks = [curve.look for curve in page.reliability.curves]
    assert looks == ["bars", "dashes", "dots", "dots"]
    assert len(page.risk.curves) == 2
    assert "2.10 %" in str(page.calibration.cget("text"))


def test_a_damage_is_seen_measured_and_drawn_beside_a_second_model(
    examined: Window, session: FakeSession, wait_until: WaitUntil
) -> None:
    beside(examined)
    page = go(examined, "damage")
    assert isinstance(page, DamagePage)
    assert len(page.rows) == 10
    wait_until(lambda: page.points)
    row = page.rows["rotation"]
    key(row.slider, *["Prior"] * 7)
    assert str(row.value.cget("text")) == "21°"
    spoiled = page.samples.details[0].item.picture
    assert max(spoiled.pixels) == 255 - 8 * 21
    wait_until(lambda: page.points[0].strength == 21)
    assert "Rotation 21°" in str(page.figure.cget("text"))
    assert "on 1,000 pictures" in str(page.figure.cget("text"))
    assert [len(curve.points) for curve in page.chart.curves] == [7, 7]
    # The line can be pulled; another slider takes the first one back.
    press(page.chart, page.chart.place_of(5.0, 0.5))
    assert str(row.value.cget("text")) == "5°"
    key(page.rows["blur"].slider, "Prior")
    assert str(row.value.cget("text")) == "0°"
    assert str(page.rows["blur"].title.cget("style")) == "Heading.TLabel"


def test_two_models_are_paired_and_shown_where_only_one_is_right(examined: Window) -> None:
    page = go(examined, "pair")
    assert isinstance(page, PairPage)
    assert "Choose a second model" in str(page.hint.cget("text"))
    beside(examined)
    assert examined.evaluate.page is page
    assert all(item.a == item.label != item.b for item in page.gallery.shown)
    page.which.box.current(1)
    page.which.box.event_generate("<<ComboboxSelected>>")
    page.update()
    assert all(item.b == item.label != item.a for item in page.gallery.shown)
    press(page.side.matrix, page.side.matrix.place_of(3, 4))
    assert {(item.a, item.b) for item in page.gallery.shown} == {("3", "4")}
    press(page.gallery.canvas, page.gallery.place_of(0))
    assert page.side.detail.winfo_viewable()
    assert any(page.side.detail.bars.other_lengths)


@pytest.mark.parametrize(
    ("only_a", "only_b", "p", "said"),
    [
        (41, 18, 0.004, "A is right on 41 where B is wrong, B on 18 where A is wrong: unlikely to "
                        "be chance, p = 0.004."),
        (5, 3, 0.727, "A is right on 5 where B is wrong, B on 3 where A is wrong: that may be "
                      "chance, p = 0.727."),
        (900, 3, 1e-30, "A is right on 900 where B is wrong, B on 3 where A is wrong: unlikely to "
                        "be chance, p < 0.0001."),
        (0, 0, 1.0, "A and B are right and wrong on the same pictures."),
    ],
)  # fmt: skip
def test_a_pair_in_a_sentence(only_a: int, only_b: int, p: float, said: str) -> None:
    pair = ExamPair(("0",), only_a, only_b, 900, 1, ((1,),), p, 1000)
    assert said_of(pair, "A", "B") == said


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0.95, 1), (0, 60), (-45, 45), (50, 150)])
def test_ticks_are_few_and_round(low: float, high: float) -> None:
    found = ticks(low, high)
    assert 3 <= len(found) <= 7
    assert low <= found[0] <= found[-1] <= high
    steps = {round(b - a, 9) for a, b in itertools.pairwise(found)}
    assert len(steps) == 1


def test_points_show_their_pictures_and_one_goes_onto_the_board(
    examined: Window, session: FakeSession
) -> None:
    page = go(examined, "map")
    assert isinstance(page, MapPage)
    assert session.exams.calls[-1] == "map pca pixels"
    assert page.map is not None
    wrong = [point for point in page.map.points if not point.is_right]
    assert len(page.view.find_withtag("wrong")) == len(wrong)
    assert len(page.view.find_withtag("name")) == 10
    place = page.view.place_of(7)
    page.view.event_generate("<Motion>", x=place[0], y=place[1])
    page.update()
    assert page.view.pointed is not None
    assert page.view.find_withtag("pointed")
    shown = page.view.pointed
    page.view.event_generate("<Motion>", x=1, y=1)
    page.update()
    assert not page.view.find_withtag("pointed")
    press(page.view, place)
    assert examined.tabs.in_front is examined.draw
    assert examined.draw.board.shown == session.exams.detail("", shown.index).item.picture


def test_a_map_by_a_layer_and_by_tsne(examined: Window, session: FakeSession) -> None:
    page = go(examined, "map")
    assert isinstance(page, MapPage)
    assert "21 %" in str(page.note.cget("text"))
    page.source.box.current(2)
    page.source.box.event_generate("<<ComboboxSelected>>")
    page.update()
    assert session.exams.calls[-1] == "map pca dense2"
    click(page.method.buttons["tsne"])
    assert session.exams.calls[-1] == "map tsne dense2"
    assert "means nothing" in str(page.note.cget("text"))


def test_the_drawing_is_a_point_that_moves_while_one_draws(
    examined: Window, session: FakeSession
) -> None:
    page = go(examined, "map")
    assert isinstance(page, MapPage)
    pen = Pen(page.board)
    pen.down((60, 60))
    seen = []
    for k in range(6):
        pen.move((70 + 30 * k, 60 + 30 * k))
        page.update()
        assert page.view.own is not None
        seen.append(page.view.own[0])
    pen.up((220, 210))
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]
    assert page.view.find_withtag("own")
    click(page.clear_button)
    assert page.view.own is None
    assert not page.view.find_withtag("own")

    # What is drawn in the Draw tab comes along, once; what was done to it here stays.
    turn_to(examined, examined.draw)
    Pen(examined.draw.board).stroke((60, 60), (200, 220))
    turn_to(examined, examined.evaluate)
    assert page.board.strokes == examined.draw.board.strokes
    assert page.view.own is not None
    click(page.clear_button)
    turn_to(examined, examined.draw)
    turn_to(examined, examined.evaluate)
    assert page.view.own is None
    turn_to(examined, examined.draw)
    examined.draw.board.show_picture(session.exams.detail("", 3).item.picture)
    turn_to(examined, examined.evaluate)
    assert page.board.shown == examined.draw.board.shown
    assert page.view.own is not None


def test_the_report_is_written_where_one_says(
    examined: Window, session: FakeSession, dialogs: Dialogs, tmp_path: Path
) -> None:
    dialogs.path = str(tmp_path / "mine")
    examined.evaluate.headline.export_button.menu.invoke(0)
    assert session.exams.calls[-1] == "report exam-1 mine.html None en"
    assert (tmp_path / "mine.html").read_text() == "Export"
    assert str(tmp_path / "mine.html") in str(examined.status.message.cget("text"))
    beside(examined)
    dialogs.path = str(tmp_path)
    examined.evaluate.headline.export_button.menu.invoke(1)
    assert session.exams.calls[-1].startswith("report exam-2 reader-mnist-2026-11-27 exam-3")
    dialogs.path = ""
    examined.evaluate.headline.export_button.menu.invoke(0)
    assert session.exams.calls[-1].startswith("report exam-2")
