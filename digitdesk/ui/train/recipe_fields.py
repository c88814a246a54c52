"""Recipes and the fields of the form: how one fills them in, and is known again in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Container
from typing import TYPE_CHECKING

from digitdesk.messages.run import Recipe, TrainingConfig
from digitdesk.ui.controls.setting_fields import SettingFields

if TYPE_CHECKING:
    from digitdesk.session.session import Session

#: So many of the built-in digits are drawn for a first run without any other data.
FIRST_IMAGES = 6000

_NO_PART_OF_A_RECIPE = ("seed", "device", "threads")


class RecipeFields:
    """The fields of a form as recipes see them.

    Args:
        fields: The controls of the settings.

    Attributes:
        stands_in: Whether some built-in digits stand in for the usual data: how many is then no
            part of a recipe.
    """

    def __init__(self, fields: SettingFields) -> None:
        self._fields = fields
        self._session: Session | None = None
        self.stands_in = False

    def attach(self, session: Session) -> None:
        """Learn the optimizers' usual learning rates."""
        self._session = session

    def fill_in(self, config: TrainingConfig, but: Container[str] = _NO_PART_OF_A_RECIPE) -> None:
        """Take over a recipe, but for its data, and for what is this computer's or the user's."""
        for name in self._fields.controls:
            value = getattr(config, name)
            # Where a recipe gives no learning rate, the optimizer has just brought its own.
            is_kept = name in but or (name == "limit" and self.stands_in)
            if not is_kept and (name, value) != ("learning_rate", None):
                self._fields.show(name, value)

    def are_somebodys(self) -> bool:
        """Whether somebody has changed what a recipe would fill in, or is about to."""
        names = (name for name in self._fields.controls if name not in _NO_PART_OF_A_RECIPE)
        return any(map(self._fields.is_somebodys, names))

    def agrees(self, config: TrainingConfig) -> bool:
        """Whether a recipe would change nothing here."""
        if self._session is None:
            return False
        rate = config.learning_rate
        if rate is None:
            rate = self._session.choices.default_learning_rate(config.optimizer)
        wanted = dataclasses.replace(config, learning_rate=rate)
        return all(
            name in _NO_PART_OF_A_RECIPE
            or (name == "limit" and self.stands_in)
            or self._fields.shows(name, getattr(wanted, name))
            for name in self._fields.controls
        )

    def took(self, recipe: Recipe, data: str) -> tuple[int, int] | None:
        """How long a recipe took with some data, where that was measured."""
        if self.stands_in:
            return recipe.built_in_seconds
        return recipe.seconds if data == TrainingConfig().data else None
