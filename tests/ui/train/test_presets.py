"""The presets of the Train tab: chosen in the window, a recipe does what it does in a command."""

from __future__ import annotations

import dataclasses

import pytest
from fake_session import FakeSession
from hands import WaitUntil
from three_tabs import Window

from digitdesk.messages.run import Recipe
from digitdesk.training.recipes import presets, recipe
from digitdesk.training.settings import check_config
from digitdesk.ui.toolkit.tooltip import explanation


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_a_preset_can_be_trained(preset: Recipe) -> None:
    check_config(preset.config)
    assert recipe(preset.name) == preset.config
    assert preset.sentence


@pytest.mark.window
@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_the_form_does_what_the_recipe_says(
    live: Window, session: FakeSession, preset: Recipe
) -> None:
    form = live.train.form
    device = form.settings().device
    form.presets.apply("accurate")  # what another preset has set does not stay
    form.presets.apply(preset.name)
    wanted = dataclasses.replace(preset.config, device=device)
    if wanted.learning_rate is None:
        usual = session.choices.default_learning_rate(wanted.optimizer)
        wanted = dataclasses.replace(wanted, learning_rate=usual)
    assert form.settings() == wanted
    assert form.presets.name == preset.name


@pytest.mark.window
def test_the_box_offers_them_and_says_what_each_is_for(live: Window) -> None:
    field = live.train.form.presets
    offered = field.box.cget("values")
    assert [said.split(" · ")[0] for said in offered] == [
        *(preset.title for preset in presets()), "Custom",
    ]  # fmt: skip
    assert field.name == "quick"
    for preset in presets():
        field.apply(preset.name)
        assert explanation(field.box).startswith(preset.sentence)


@pytest.mark.window
def test_the_box_says_which_preset_the_form_agrees_with(live: Window) -> None:
    form = live.train.form
    assert form.presets.box.get().startswith("Quick")
    form.values["epochs"].set("7")
    assert form.presets.box.get() == "Custom"
    form.values["epochs"].set("3")
    assert form.presets.box.get().startswith("Quick")
    form.values["seed"].set("9")
    assert form.presets.box.get().startswith("Quick"), "the seed is the user's"


@pytest.mark.window
def test_the_box_says_how_long_each_took(live: Window) -> None:
    form = live.train.form
    low, high = presets()[0].seconds
    assert form.presets.box.get() == f"Quick · {low} to {high} s"
    low, high = (round(seconds / 60) for seconds in presets()[2].seconds)
    assert form.presets.box.cget("values")[2] == f"Accurate · {low} to {high} min"
    form.data.value.set("mnist+handwriting")
    assert form.presets.box.get() == "Quick", "nobody has measured that"


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_every_preset_was_measured(preset: Recipe) -> None:
    assert 0 < preset.seconds[0] < preset.seconds[1]
    assert 0 < preset.built_in_seconds[0] < preset.built_in_seconds[1] < preset.seconds[1]


@pytest.mark.window
def test_another_network_moves_nothing_below_it(live: Window, wait_until: WaitUntil) -> None:
    live.show(live.train)
    live.update()
    form, places = live.train.form, set()
    for spec in ("softmax", "flatten dense(10)", "flatten " + "dense(32) relu " * 12 + "dense(10)"):
        form.values["model"].set(spec)
        wait_until(lambda: not form._check_spec_later.is_pending)
        live.update()
        places.add(form.controls["optimizer"].winfo_rooty())
    assert len(places) == 1
    assert "parameters" in form.spec_note.cget("text")


@pytest.mark.window
def test_why_there_is_no_gpu_belongs_to_the_device(live: Window) -> None:
    assert "CuPy is not installed" in explanation(live.train.form.controls["device"])


@pytest.mark.window
def test_augmented_samples_stand_below_their_field_and_in_sight(
    live: Window, wait_until: WaitUntil
) -> None:
    live.show(live.train)
    form = live.train.form
    form.advanced.toggle()
    live.update()
    form.values["augmentation"].set("0.5")
    wait_until(lambda: form.preview.winfo_viewable())
    wait_until(lambda: not form._shown_later.is_pending)
    bottom = form.preview.winfo_rooty() + form.preview.winfo_height()
    assert bottom <= form.winfo_rooty() + form.winfo_height()
    assert form.controls["augmentation"].winfo_rooty() < form.preview.winfo_rooty()
    assert form.preview.winfo_rooty() < form.controls["limit"].winfo_rooty()
