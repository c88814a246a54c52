"""The choice of a preset: it fills the form in, and is left as soon as a setting is changed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable

from digitdesk.messages.run import Recipe, TrainingConfig
from digitdesk.ui.i18n.text import Sentence, _, joined, translated
from digitdesk.ui.i18n.widgets import follow_language
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

CUSTOM = "custom"


class PresetField(theme.Frame):
    """A box with the presets.

    Args:
        parent: The widget to sit in.
        fill_in: Takes a preset's settings into the form.
    """

    def __init__(self, parent: tk.Misc, fill_in: Callable[[TrainingConfig], None]) -> None:
        super().__init__(parent)
        self._fill_in = fill_in
        self._recipes: dict[str, Recipe] = {}
        self._name = CUSTOM
        self._is_applying = False
        self.columnconfigure(0, weight=1)
        label = theme.Label(self, text=_("Preset"), style="Muted.TLabel")
        label.grid(row=0, column=0, sticky="w", pady=(0, px(self, GAP / 4)))
        self.box = theme.Combobox(self, width=1, state="readonly")
        self.box.grid(row=1, column=0, sticky="ew")
        self.box.bind("<<ComboboxSelected>>", lambda _event: self._on_chosen())
        follow_language(self.box, self._show)

    def offer(self, recipes: Iterable[Recipe]) -> None:
        """Offer recipes to begin with."""
        self._recipes = {recipe.name: recipe for recipe in recipes}
        self._show()

    @property
    def name(self) -> str:
        """Name of the preset in use, or ``custom``."""
        return self._name

    def apply(self, name: str) -> None:
        """Fill the form in for a purpose; ``custom`` leaves it as it is."""
        recipe = self._recipes.get(name)
        self._name = name if recipe is not None else CUSTOM
        if recipe is not None:
            self._is_applying = True
            try:
                self._fill_in(recipe.config)
            finally:
                self._is_applying = False
        self._show()

    def leave(self) -> None:
        """Hear that a setting was changed: what is there now is no longer the preset's."""
        if not self._is_applying and self._name != CUSTOM:
            self._name = CUSTOM
            self._show()

    def set_usable(self, usable: bool) -> None:
        """Lock the box while a run goes on."""
        self.box.state(["!disabled" if usable else "disabled"])

    def _show(self) -> None:
        self.box.configure(
            values=[*(translated(r.title) for r in self._recipes.values()), _("Custom")]
        )
        self.box.current([*self._recipes, CUSTOM].index(self._name))
        self.box.selection_clear()
        explain(self.box, self._explanation())

    def _explanation(self) -> Sentence:
        general = _("Fills in all settings for a purpose. Change any of them afterwards.")
        chosen = self._recipes.get(self._name)
        return joined(" ", (translated(chosen.sentence), general)) if chosen else general

    def _on_chosen(self) -> None:
        self.apply([*self._recipes, CUSTOM][self.box.current()])
