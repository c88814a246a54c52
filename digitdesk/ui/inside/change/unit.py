"""One unit of one layer: switched off, its bias shifted, its kernel scaled."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import replace

from digitdesk.messages.inside.look import LayerView, Place
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.i18n.text import Sentence, _, joined
from digitdesk.ui.inside.change.changes import Changes, UnitChange
from digitdesk.ui.inside.widgets.tile_view import TileView
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.slider import Slider
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

#: How far a bias is shifted at the ends of its slider, and how often a kernel is taken there.
_MOST_SHIFT, _MOST_SCALE = 3.0, 3.0
AskLayer = Callable[[str, int, int], Tiles]


class ChangeUnit(theme.Frame):
    """Tiles of a layer, of which one is chosen, and what is done to it.

    Args:
        parent: The widget to sit in.
        on_layer: Called when another layer is to be drawn.
        on_change: Called when something was changed.
        changes: What is changed here.

    Attributes:
        view: The layer's tiles.
        switch_button: Switches the chosen unit off and on.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_layer: Callable[[], None],
        on_change: Callable[[], None],
        changes: Changes,
    ) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self._on_layer, self._on_change, self._changes = on_layer, on_change, changes
        self._layers: dict[str, LayerView] = {}
        self._ask: AskLayer | None = None
        self._is_shown = False
        self.unit = 0
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.layer = ChoiceBox(
            self, _("The layer of which a unit or channel is changed."), self._on_choice,
            title=_("Layer"), width=16,
        )  # fmt: skip
        self.layer.widget.grid(row=0, column=0, sticky="w", pady=(0, gap))
        self.view = TileView(self, self._on_tile)
        self.view.grid(row=1, column=0, sticky="nsew")
        explain(
            self.view,
            _("A click or the arrow keys choose a unit; the button below switches it off."),
        )
        self.title = theme.Label(self, style="Heading.TLabel", anchor="w", width=1)
        self.title.grid(row=2, column=0, sticky="ew", pady=(gap, gap // 2))
        self._build_controls()

    def _build_controls(self) -> None:
        foot = theme.Frame(self)
        foot.grid(row=3, column=0, sticky="ew")
        foot.columnconfigure(1, weight=1)
        self.switch_button = theme.Button(foot, command=self._on_switch)
        theme.look(self.switch_button, theme.QUIET)
        explain(self.switch_button, _("A unit that is off gives 0, whatever it sees."))
        self.switch_button.grid(row=0, column=0, columnspan=2, sticky="w")
        self.shift_label = theme.Label(foot, style="Figures.TLabel", anchor="w", width=14)
        self.shift_label.grid(row=1, column=0, sticky="w")
        self.shift = Slider(foot, 0.5, self._on_shift, length=120)
        self.shift.grid(row=1, column=1, sticky="ew", pady=px(self, GAP / 2))
        explain(
            self.shift, _("Added to the unit's bias, −3 to 3: it answers more or less readily.")
        )
        self.scale_label = theme.Label(foot, style="Figures.TLabel", anchor="w", width=14)
        self.scale_label.grid(row=2, column=0, sticky="w")
        self.scale = Slider(foot, 1 / _MOST_SCALE, self._on_scale, length=120)
        self.scale.grid(row=2, column=1, sticky="ew")
        explain(self.scale, _("What the unit's kernel is multiplied by, 0 to 3."))

    # -- what is asked of it

    def offer(self, layers: Sequence[LayerView]) -> None:
        """Offer the layers that have learned something."""
        self._layers = {layer.path: layer for layer in layers if layer.parameters}
        self.layer.offer({path: path for path in self._layers})
        self._show_layer()

    def show(self, ask: AskLayer) -> None:
        """Show what the chosen layer gives out now."""
        path = self.layer.chosen
        if path:
            self.view.show(lambda first, count: ask(path, first, count))
            self.view.choose(self._middle(self.unit))

    def choose(self, path: str, unit: int) -> None:
        """Show a unit of a layer."""
        if path in self._layers:
            self.layer.choose(path)
            self._show_layer()
            self.unit = unit
            self._on_layer()
            self.refresh()

    @property
    def path(self) -> str:
        """The chosen layer."""
        return self.layer.chosen

    def refresh(self) -> None:
        """Show what was done to the chosen unit."""
        change = self._changes.of(self.path, self.unit)
        name = self.path
        state: Sentence | str = _("is off") if change.is_off else ""
        unit = _("channel {n}") if self._is_image else _("unit {n}")
        said = [joined(", ", (name, unit.format(n=self.unit))), *([state] if state else [])]
        self.title.configure(text=joined(" ", said))
        self.switch_button.configure(text=_("Switch on") if change.is_off else _("Switch off"))
        self._is_shown = True
        self.shift.set((change.shift / _MOST_SHIFT + 1) / 2)
        self.scale.set(change.scale / _MOST_SCALE)
        self._is_shown = False
        self._say_amounts()

    # -- inside

    @property
    def _is_image(self) -> bool:
        layer = self._layers.get(self.path)
        return layer is not None and layer.is_image

    def _middle(self, unit: int) -> Place:
        layer = self._layers[self.path]
        return (unit, layer.shape[1] // 2, layer.shape[2] // 2) if layer.is_image else (unit,)

    def _show_layer(self) -> None:
        layer = self._layers.get(self.path)
        if layer is None:
            return
        self.unit = 0
        shape = layer.shape if layer.is_image else (layer.shape[0], 1, 1)
        self.view.offer((shape[0], shape[1], shape[2]))
        self.refresh()

    def _say_amounts(self) -> None:
        change = self._changes.of(self.path, self.unit)
        self.shift_label.configure(text=_("bias + {n}").format(n=f"{change.shift:.2f}"))
        self.scale_label.configure(text=_("kernel × {n}").format(n=f"{change.scale:.2f}"))

    def _on_choice(self) -> None:
        self._show_layer()
        self._on_layer()

    def _on_tile(self, place: Place) -> None:
        self.unit = place[0]
        self.view.choose(self._middle(self.unit))
        self.refresh()

    def _on_switch(self) -> None:
        self._changes.toggle(self.path, self.unit)
        self.refresh()
        self._on_change()

    def _on_shift(self, ratio: float) -> None:
        now = self._changes.of(self.path, self.unit)
        self._put(replace(now, shift=round((2 * ratio - 1) * _MOST_SHIFT, 2)))

    def _on_scale(self, ratio: float) -> None:
        now = self._changes.of(self.path, self.unit)
        self._put(replace(now, scale=round(ratio * _MOST_SCALE, 2)))

    def _put(self, change: UnitChange) -> None:
        """Do something else to the chosen unit, unless it was only shown what is done to it."""
        if self._is_shown or not self.path:
            return
        self._changes.put(self.path, self.unit, change)
        self._say_amounts()
        self._on_change()
