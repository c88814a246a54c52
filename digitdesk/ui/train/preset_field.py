"""The choice of a preset: it fills the form in, and says which one the form agrees with."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable

from digitdesk.messages.run import Recipe, TrainingConfig
from digitdesk.ui.i18n.text import Sentence, _, joined, time_range, translated
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
        agrees: Whether the form has a preset's settings.
        took: How long a preset took with data like that in the form, from … to … seconds;
            ``None`` where nobody has measured.

    Attributes:
        is_chosen: Whether somebody has chosen here.
    """

    def __init__(
        self,
        parent: tk.Misc,
        fill_in: Callable[[TrainingConfig], None],
        agrees: Callable[[TrainingConfig], bool],
        took: Callable[[Recipe], tuple[int, int] | None],
    ) -> None:
        super().__init__(parent)
        self._took = took
        self._fill_in = fill_in
        self._agrees = agrees
        self._recipes: dict[str, Recipe] = {}
        self._name = CUSTOM
        self.is_chosen = False
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
        self.settings_changed()
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

    def settings_changed(self) -> None:
        """Hear that the form has other settings: those of a preset, or of none."""
        if self._is_applying:
            return
        names = (name for name, recipe in self._recipes.items() if self._agrees(recipe.config))
        name = next(names, CUSTOM)
        if name != self._name:
            self._name = name
            self._show()

    def data_changed(self) -> None:
        """Hear that presets take another time, since there is other data."""
        self.settings_changed()
        self._show()

    def set_usable(self, usable: bool) -> None:
        """Lock the box while a run goes on."""
        self.box.state(["!disabled" if usable else "disabled"])

    def _show(self) -> None:
        self.box.configure(values=[*map(self._title, self._recipes.values()), _("Custom")])
        self.box.current([*self._recipes, CUSTOM].index(self._name))
        self.box.selection_clear()
        explain(self.box, self._explanation())

    def _title(self, recipe: Recipe) -> Sentence:
        took = self._took(recipe)
        title = translated(recipe.title)
        return joined(" · ", (title, time_range(*took))) if took else title

    def _explanation(self) -> Sentence:
        general = _(
            "Fills in all settings for a purpose. Change any of them afterwards. Times were "
            "measured on two cores, with other programs at work or not."
        )
        chosen = self._recipes.get(self._name)
        return joined(" ", (translated(chosen.sentence), general)) if chosen else general

    def _on_chosen(self) -> None:
        self.is_chosen = True
        self.apply([*self._recipes, CUSTOM][self.box.current()])
