"""The presets of the Train tab: chosen in the window, a recipe does what it does in a command."""

from __future__ import annotations

import dataclasses

import pytest
from fake_session import FakeSession
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
    assert field.box.cget("values") == (*(preset.title for preset in presets()), "Custom")
    assert field.name == "custom"
    for preset in presets():
        field.apply(preset.name)
        assert explanation(field.box).startswith(preset.sentence)
