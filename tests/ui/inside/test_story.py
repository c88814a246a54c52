"""A user looks backward, asks why, changes the network and keeps it, on a real session."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path

import pytest
from hands import FOUR, Pen, WaitUntil, click, key, written
from real_desk import RealDesk, save_untrained

from digitdesk.messages.inside.edits import Edit
from digitdesk.messages.model import DIGITS
from digitdesk.ui.inside.change.page import ChangePage
from digitdesk.ui.inside.layers_page import LayersPage
from digitdesk.ui.inside.learn.page import LearnPage
from digitdesk.ui.inside.prepare_page import PreparePage
from digitdesk.ui.inside.training_page import TrainingPage
from digitdesk.ui.inside.view import InsideView
from digitdesk.ui.inside.walk import STOPS
from digitdesk.ui.inside.why_page import WhyPage

pytestmark = pytest.mark.window


def test_learning_makes_the_true_class_likelier(
    desk: RealDesk, view: InsideView, wait_until: WaitUntil
) -> None:
    click(view.switch.buttons["learn"])
    page = view.page
    assert isinstance(page, LearnPage)
    assert not page.strip.winfo_viewable(), "before the first lesson there are no gradients"
    page.label.choose("9")
    click(page.learn_button)
    wait_until(lambda: page.lesson is not None)
    lesson = page.lesson
    assert lesson is not None
    before, after = (step.probabilities[9] for step in lesson.steps)
    assert after > before
    assert written(page.result.bars.values["9"]) == pytest.approx(100 * after, abs=0.06)
    assert "p of 9" in str(page.result.said.cget("text"))
    wait_until(lambda: bool(page.result.chart.curves))
    # The network itself has not changed: it was a copy that learned.
    assert str(view.desk.answer.cget("text")).startswith("4")
    # Another rate is learned with at once.
    page.slider.focus_force()
    key(page.slider, "Prior", "Prior")
    wait_until(lambda: page.lesson is not None and page.lesson.rate > lesson.rate)
    click(page.ten_button)
    wait_until(lambda: page.lesson is not None and len(page.lesson.steps) == 11)


def test_one_weights_gradient_agrees_with_its_difference(
    desk: RealDesk, view: InsideView, wait_until: WaitUntil
) -> None:
    click(view.switch.buttons["learn"])
    page = view.page
    assert isinstance(page, LearnPage)
    page.label.choose("9")
    click(page.learn_button)
    wait_until(lambda: page.lesson is not None)
    click(page.switch.buttons["weight"])
    page.weight.choose_layer("conv2")
    weight = page.weight
    key(weight.view, "Right", "Right", "Down")
    told = weight.gradient
    assert told is not None and told.parameter == "conv2.kernel"
    assert told.agreeing_digits >= 4
    said = {tag: weight.pad.said(tag) for tag in ("gradient", "numerical", "value", "after")}
    assert written(said["gradient"]) == pytest.approx(told.gradient, rel=1e-4, abs=1e-6)
    assert f"{told.agreeing_digits} digits" in said["numerical"]
    assert written(said["after"]) == pytest.approx(
        written(said["value"]) - told.rate * told.gradient, abs=3e-6
    )
    # The tile that is framed shows this weight's gradient.
    place = weight.view.chosen
    assert place is not None
    assert weight.view.value_at(place) == pytest.approx(told.gradient, rel=1e-5, abs=1e-9)


def test_a_channel_is_switched_off_and_on_again(
    desk: RealDesk, view: InsideView, wait_until: WaitUntil
) -> None:
    click(view.switch.buttons["change"])
    page = view.page
    assert isinstance(page, ChangePage)
    page.choose("conv1", 3)
    assert str(page.unit.switch_button.cget("text")) == "Switch off"
    click(page.unit.switch_button)
    wait_until(lambda: view._edits == (Edit("off", "conv1", 3),))
    assert "is off" in str(page.unit.title.cget("text"))
    tiles = desk.session.inside.tiles(page._subject.look.key, "conv1", 3, 1)  # type: ignore[union-attr]
    assert set(tiles.levels) == {128}, "a channel that is off gives nothing but 0"
    click(page.unit.switch_button)
    wait_until(lambda: view._edits == ())
    page.unit.shift.set(0.9)
    wait_until(lambda: [edit.kind for edit in view._edits] == ["shift"])
    click(page.result.reset_button)
    wait_until(lambda: view._edits == ())


def test_a_pruned_network_is_counted_saved_and_opened(
    desk: RealDesk, view: InsideView, tmp_path: Path, wait_until: WaitUntil
) -> None:
    click(view.switch.buttons["change"])
    page = view.page
    assert isinstance(page, ChangePage)
    page.whole.pruned.focus_force()
    key(page.whole.pruned, *["Prior"] * 6)
    wait_until(lambda: [edit.kind for edit in view._edits] == ["prune"])
    share = view._edits[0].amount
    assert 0.5 < share < 0.7
    wait_until(lambda: page.result.accuracy[0] is not None, 60)
    now, base = page.result.accuracy
    assert now is not None and base is not None and now.accuracy <= base.accuracy + 0.02
    assert "read right" in str(page.result.figures.cget("text"))
    desk.dialogs.path = str(tmp_path / "pruned.npz")
    click(page.result.save_button)
    saved = str(tmp_path / "pruned.npz")
    wait_until(lambda: view._key == saved)
    assert (tmp_path / "pruned.npz").is_file()
    assert view._edits == (), "what is saved is a model of its own"
    assert saved in view.desk.model.keys
    weights = desk.session.inside.weight_tiles(saved, "conv2", 0, 1)
    numbers = weights.total * weights.height * weights.width
    assert weights.silent > 0.4 * numbers
    view.choose_model("reader")
    wait_until(lambda: view._key == "reader")


def test_another_network_takes_the_place_of_one_with_layers_of_the_same_names(
    desk: RealDesk, view: InsideView, tmp_path: Path, wait_until: WaitUntil
) -> None:
    file = save_untrained(tmp_path / "small.npz", classes=DIGITS[:2])
    small = desk.window._open_model(file)
    click(view.switch.buttons["learn"])
    learn = view.page
    assert isinstance(learn, LearnPage)
    click(learn.learn_button)
    wait_until(lambda: learn.lesson is not None)
    click(view.switch.buttons["layers"])
    layers = view.page
    assert isinstance(layers, LayersPage)
    layers.choose_layer("dense1")
    layers.choose_place((9,))
    for page in ("layers", "learn"):
        view.show_page(page)
        for chosen in (small, "reader"):
            view.choose_model(chosen)
            wait_until(lambda chosen=chosen: view._key == chosen)
            assert not desk.window.status.shows_error
    view.choose_model(small)
    wait_until(lambda: view._key == small)
    view.show_page("layers")
    assert layers.panel.view.total == 2
    assert layers.explained.explanation is None, "there is no tenth unit any more"
    view.choose_model("reader")
    wait_until(lambda: view._key == "reader")


def test_why_and_what_would_turn_it(view: InsideView, wait_until: WaitUntil) -> None:
    click(view.switch.buttons["why"])
    page = view.page
    assert isinstance(page, WhyPage)
    wait_until(lambda: bool(page.why), 60)
    assert page.why[0].label == 4
    assert "4" in str(page.titles[0].cget("text"))
    page.other.choose("9")
    click(page.turn_button)
    wait_until(lambda: page.turned is not None, 60)
    turned = page.turned
    assert turned is not None and turned.after[9] > turned.before[9]
    assert page.changed.winfo_viewable() and page.bars.winfo_viewable()


def test_the_way_from_ink_to_input(view: InsideView, wait_until: WaitUntil) -> None:
    click(view.switch.buttons["prepare"])
    page = view.page
    assert isinstance(page, PreparePage)
    wait_until(lambda: page.row.winfo_viewable(), 60)
    assert page.steps[0].said == ""
    assert all(step.said.startswith("without it: ") for step in page.steps[1:])
    wait_until(lambda: all(chart.curves for chart in page.charts), 60)


def test_pictures_of_a_data_set_with_their_truth(
    desk: RealDesk, view: InsideView, wait_until: WaitUntil
) -> None:
    samples = view.desk.samples
    wait_until(lambda: samples.data.chosen, 60)
    click(samples.next_button)
    wait_until(lambda: samples.sample is not None, 60)
    first = samples.sample
    assert first is not None and view.desk.truth == first.label
    assert f"(it is {first.label})" in str(view.desk.answer.cget("text"))
    assert samples.number.get() == str(first.index)
    samples.label.choose("7")
    click(samples.next_button)
    wait_until(lambda: view.desk.truth == "7", 60)
    samples.number.delete(0, "end")
    samples.number.insert(0, "5")
    key(samples.number, "Return")
    wait_until(lambda: samples.sample is not None and samples.sample.index == 5)
    samples.label.choose("")
    Pen(view.desk.board).draw(FOUR)
    assert view.desk.truth == "", "what is drawn over a picture is no longer it"
    wait_until(lambda: str(view.desk.answer.cget("text")).startswith("4"))


def test_without_a_run_the_page_says_what_to_do(view: InsideView, wait_until: WaitUntil) -> None:
    click(view.switch.buttons["training"])
    page = view.page
    assert isinstance(page, TrainingPage)
    wait_until(lambda: not page._job.is_busy)
    assert "Train tab" in str(page.hint.cget("text")) and page.hint.winfo_viewable()
    assert page.slow_button.instate(["disabled"])


def test_the_walk_leads_through_all_pages(view: InsideView, root: tk.Tk) -> None:
    click(view.walk_button)
    seen = []
    for stop in STOPS:
        assert view.walk.winfo_viewable()
        assert str(stop.title) in str(view.walk.title.cget("text"))
        seen.append(view.switch.mode)
        click(view.walk.next_button)
    assert set(seen) == set(view.switch.buttons)
    assert not view.walk.winfo_viewable()
    click(view.walk_button)
    click(view.walk.next_button)
    click(view.walk.back_button)
    assert "1 of" in str(view.walk.title.cget("text"))
    click(view.walk.end_button)
    assert not view.walk.is_shown
