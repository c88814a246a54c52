"""What is typed into the form, as a text for the next start."""

from __future__ import annotations

import json

from digitdesk.messages.run import TrainingConfig
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.controls.setting_fields import SettingFields
from digitdesk.ui.train.dataset_field import DatasetField
from digitdesk.ui.train.recipe_fields import FIRST_IMAGES


def written(fields: SettingFields, data: DatasetField, *, is_for_few: bool) -> str:
    """The form as a text.

    Args:
        fields: Its settings.
        data: Its data set.
        is_for_few: Whether it holds the preset for the few images that stand in.
    """
    typed = fields.typed
    name = data.name
    if data.stands_in:
        # What stands in for what is missing is nobody's choice, nor what came with it.
        usual = TrainingConfig()
        name = usual.data
        if fields.shows("limit", FIRST_IMAGES):
            typed["limit"] = ""
        if is_for_few:
            for setting in ("epochs", "batch_size"):
                typed[setting] = SETTINGS[setting].written(getattr(usual, setting))
            typed.pop("learning_rate", None)
    return json.dumps({**typed, "data": name})


def recall(text: str, fields: SettingFields, data: DatasetField) -> None:
    """Type what was typed before the last end; a text that is none of ours does nothing."""
    try:
        typed = json.loads(text) if text else {}
    except ValueError:
        return
    if isinstance(typed, dict):
        fields.type_again(typed)
        if isinstance(typed.get("data"), str):
            data.fill_in(typed["data"])
