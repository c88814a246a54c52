"""The chosen layer: its name, what is shown of it, its tiles on pages, and the scale of colors."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence

from digitdesk.messages.inside.look import LayerView, Place
from digitdesk.ui.charts.scale_bar import ScaleBar
from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.i18n.text import _, joined, percent, whole
from digitdesk.ui.inside.widgets.tile_view import Ask, TileView
from digitdesk.ui.inside.words import layer_name, number
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable, set_shown

_OUTPUTS, _WEIGHTS = "outputs", "weights"


class LayerPanel(theme.Frame):
    """Shows what a layer gives out, or its kernels as pictures.

    Args:
        parent: The widget to sit in.
        on_choose: Takes the place of the number that was chosen.
        on_kind: Called when outputs or weights were chosen.
        on_point: Takes the place of the number below the mouse; ``None`` when it leaves.

    Attributes:
        view: The tiles.
        layer: What is shown.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_choose: Callable[[Place], None],
        on_kind: Callable[[], None],
        on_point: Callable[[Place | None], None],
    ) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self._on_choose, self._on_kind = on_choose, on_kind
        self._names: Sequence[str] = ()
        self.layer: LayerView | None = None
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        head = theme.Frame(self)
        head.grid(row=0, column=0, sticky="ew", pady=(0, gap // 2))
        head.columnconfigure(0, weight=1)
        self.title = theme.Label(head, style="Heading.TLabel", anchor="w", width=1)
        self.title.grid(row=0, column=0, sticky="ew")
        self.kind = ModeSwitch(
            head,
            {
                _OUTPUTS: (_("Outputs"), _("What the layer makes of the drawing.")),
                _WEIGHTS: (_("Weights"), _(
                    "What it has learned: its kernels, or what each unit looks for in a picture."
                )),
            },
            lambda _mode: self._on_mode(),
        )  # fmt: skip
        self.kind.show(_OUTPUTS)
        self.kind.grid(row=0, column=1, sticky="e")
        self.view = TileView(self, self._on_cell, self._show_page, on_point)
        self.view.grid(row=1, column=0, sticky="nsew")
        self._build_foot()

    def _build_foot(self) -> None:
        foot = theme.Frame(self)
        foot.grid(row=2, column=0, sticky="ew", pady=(px(self, GAP / 2), 0))
        foot.columnconfigure(1, weight=1)
        self.scale = ScaleBar(foot, lambda value: number(value, 2))
        self.scale.grid(row=0, column=0, columnspan=4, sticky="w")
        self.before_button = self._button(foot, "◂", lambda: self.view.turn(-1), 0)
        explain(self.before_button, _("The tiles before these."))
        self.range = theme.Label(foot, style="Small.Figures.TLabel", anchor="w", width=1)
        self.range.grid(row=1, column=1, sticky="ew", padx=px(self, GAP / 2))
        self.after_button = self._button(foot, "▸", lambda: self.view.turn(1), 2)
        explain(self.after_button, _("The tiles after these."))
        self.large_button = self._button(foot, _("Enlarge"), self._on_large, 3)
        explain(
            self.large_button,
            _("Shows one channel as large as there is room, or all again; so does a double click. "
              "Page Up and Page Down turn pages."),
        )  # fmt: skip

    def _button(
        self, parent: tk.Misc, text: str, run: Callable[[], object], column: int
    ) -> theme.Button:
        made = theme.Button(parent, text=text, command=run)
        theme.look(made, theme.TOOL)
        made.grid(row=1, column=column)
        return made

    # -- what is asked of it

    @property
    def shows_weights(self) -> bool:
        """Whether weights are shown in place of outputs."""
        return self.kind.mode == _WEIGHTS

    @property
    def chosen(self) -> Place | None:
        """The number that is chosen; none where weights are shown."""
        return self.view.chosen if not self.shows_weights else None

    def offer(self, layer: LayerView, names: Sequence[str] = ()) -> None:
        """Show another layer, whose units may have names."""
        self.layer, self._names = layer, names
        if not layer.kernel_count:
            self.kind.show(_OUTPUTS)
        set_shown(self.kind, bool(layer.kernel_count))
        self.title.configure(text=layer_name(layer.path))
        self._offer()

    def show(self, ask: Ask) -> None:
        """Show numbers of the layer; asked are a first tile and how many."""
        if self.shows_weights and self.layer is not None:
            tiles = ask(0, 1)
            shape = (tiles.total, tiles.height, tiles.width)
            if shape != self.view.shape:
                self.view.offer(shape)
        self.view.show(ask)
        self._show_page()

    # -- inside

    def _offer(self) -> None:
        layer = self.layer
        if layer is not None and not self.shows_weights:
            shape = layer.shape if layer.is_image else (layer.shape[0], 1, 1)
            self.view.offer((shape[0], shape[1], shape[2]), self._names)

    def _show_page(self) -> None:
        """Say which tiles are in view, and what the colors mean."""
        view, tiles = self.view, self.view.tiles
        seen = view.in_view
        self.scale.show(tiles.limit if tiles is not None else None)
        one = view.enlarged is not None
        said = _("{first} to {last} of {n}").format(
            first=whole(seen.start), last=whole(seen.stop - 1), n=whole(view.total)
        )
        if one:
            said = _("{first} of {n}").format(first=whole(seen.start), n=whole(view.total))
        if tiles is not None and not self.shows_weights:
            numbers = view.total * tiles.height * tiles.width
            share = percent(tiles.silent / max(1, numbers), 0)
            said = joined(" · ", (said, _("{share} are 0").format(share=share)))
        self.range.configure(text=said)
        enable(self.before_button, seen.start > 0)
        enable(self.after_button, seen.stop < view.total)
        self.large_button.configure(text=_("All") if one else _("Enlarge"))
        set_shown(self.large_button, tiles is not None and tiles.width > 1)

    # -- reactions

    def _on_cell(self, place: Place) -> None:
        if not self.shows_weights:
            self._on_choose(place)

    def _on_mode(self) -> None:
        self.view.enlarged = None
        self._offer()
        self._on_kind()

    def _on_large(self) -> None:
        view = self.view
        chosen = view.chosen[0] if view.chosen is not None else view.in_view.start
        view.enlarge(None if view.enlarged is not None else chosen)
        self._show_page()
