"""The presets of the Train tab: settings the session accepts, and the recipes they stand for."""

from __future__ import annotations

import dataclasses

import pytest

from digitdesk.messages.run import TrainingConfig
from digitdesk.training.recipes import recipe
from digitdesk.training.settings import check_config
from digitdesk.ui.train.presets import CUSTOM, PRESETS, preset_titles

NO_FIELD_FOR = ("data", "average", "test_time_averaging", "validation_fraction")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_can_be_trained(name: str) -> None:
    check_config(PRESETS[name])


def test_accurate_is_the_recipe_of_that_name_as_far_as_the_form_goes() -> None:
    usual = {name: getattr(TrainingConfig(), name) for name in NO_FIELD_FOR}
    assert PRESETS["accurate"] == dataclasses.replace(recipe("accurate"), **usual)


def test_every_preset_has_a_title() -> None:
    assert list(preset_titles()) == [*PRESETS, CUSTOM]
