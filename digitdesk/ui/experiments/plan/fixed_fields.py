"""The settings that all runs share: what they begin with, and a field for each."""

from __future__ import annotations

import dataclasses
import tkinter as tk
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from digitdesk.messages.run import Recipe, TrainingConfig
from digitdesk.messages.setting import Value
from digitdesk.messages.setting_table import SETTINGS
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.controls.setting_fields import SettingFields
from digitdesk.ui.controls.setting_grid import lay_out, offer
from digitdesk.ui.experiments.plan.draft import APART
from digitdesk.ui.i18n.text import Sentence, _, setting_title, translated
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px

if TYPE_CHECKING:
    from digitdesk.session.session import Session

_FIRST = ("model", "data")


class FixedFields(theme.Frame):
    """Network and data above, everything else below; a recipe fills all of them in.

    Args:
        parent: The widget to sit in.
        on_change: Called after each change.

    Attributes:
        fields: The controls by the names of their settings.
    """

    def __init__(self, parent: tk.Misc, on_change: Callable[[], None]) -> None:
        super().__init__(parent)
        self._on_change = on_change
        self._is_filling = False
        self._recipes: dict[str, TrainingConfig] = {"": TrainingConfig()}
        self.columnconfigure((0, 1), weight=1, uniform="half")
        self.recipe = ChoiceBox(
            self, _("Fills in all settings below; change any of them afterwards."),
            self._on_recipe, title=_("Begin with"), width=1,
        )  # fmt: skip
        self.recipe.stretch()
        self.recipe.widget.grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, px(self, GAP)))
        self.fields = SettingFields(self._on_field)
        rest = (name for name in SETTINGS if name not in (*_FIRST, *APART))
        lay_out(self.fields, self, (*_FIRST, *rest), first_row=1)

    def attach(self, session: Session, recipes: Sequence[Recipe]) -> None:
        """Offer what the session has."""
        choices = session.choices
        for name, names in (
            ("model", choices.model_choices()),
            ("optimizer", choices.optimizer_choices()),
            ("schedule", choices.schedule_choices()),
            ("device", choices.device_choices()),
        ):
            offer(self.fields, name, names)
        self._recipes |= {recipe.name: recipe.config for recipe in recipes}
        titles: dict[str, Sentence | str] = {"": _("the usual settings")}
        titles |= {recipe.name: translated(recipe.title or recipe.name) for recipe in recipes}
        self.recipe.offer(titles)

    def offer_data(self, names: Sequence[str]) -> None:
        """Offer the data sets that are at hand."""
        offer(self.fields, "data", names)

    def config_of(self, recipe: str) -> TrainingConfig:
        """The settings of a recipe; the usual ones for an empty name, or one that is unknown."""
        return self._recipes.get(recipe, self._recipes[""])

    def show(self, recipe: str, values: Mapping[str, Value]) -> None:
        """Show other settings."""
        self._is_filling = True
        self.recipe.choose(recipe)
        for name, value in values.items():
            if name in self.fields.controls:
                self.fields.show(name, value)
        self._is_filling = False
        self._on_change()

    def lock(self, names: Collection[str]) -> None:
        """Lock the fields of settings that vary: theirs are the values to try."""
        for name, control in self.fields.controls.items():
            control.state(["disabled" if name in names else "!disabled"])

    def values(self, but: Collection[str]) -> tuple[dict[str, Value], dict[str, Sentence]]:
        """What is typed, but for some settings, and what is wrong with it."""
        values: dict[str, Value] = {}
        wrong: dict[str, Sentence] = {}
        for name, control in self.fields.controls.items():
            problem: Sentence | None = None
            if name not in but:
                try:
                    values[name] = self.fields.value(name)
                except ValueError as error:
                    said = _("{field}: {expected}")
                    problem = said.format(field=setting_title(name), expected=error.args[0])
            control.state(["invalid" if problem else "!invalid"])
            if problem:
                wrong[name] = problem
        return values, wrong

    def _on_recipe(self) -> None:
        chosen = self.recipe.chosen
        self.show(chosen, dataclasses.asdict(self.config_of(chosen)))

    def _on_field(self, _name: str) -> None:
        if not self._is_filling:
            self._on_change()
