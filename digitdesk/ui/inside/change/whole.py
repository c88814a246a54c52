"""All weights of a network: the smallest left out, disturbed, or with fewer bits."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.ui.controls.mode_switch import ModeSwitch
from digitdesk.ui.i18n.text import _, percent
from digitdesk.ui.inside.change.changes import Changes
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.slider import Slider
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

_MOST_PRUNED, _MOST_NOISE = 0.99, 2.0


class ChangeWhole(theme.Frame):
    """Two sliders and a switch.

    Args:
        parent: The widget to sit in.
        changes: What is changed here.
        on_change: Called when something was changed.
    """

    def __init__(self, parent: tk.Misc, changes: Changes, on_change: Callable[[], None]) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self._changes, self._on_change = changes, on_change
        self._is_shown = False
        self.columnconfigure(1, weight=1)
        theme.Label(self, text=_("All weights"), style="Heading.TLabel").grid(
            row=0, column=0, columnspan=2, sticky="w", pady=(0, gap // 2)
        )
        self.pruned_label = theme.Label(self, style="Figures.TLabel", anchor="w", width=16)
        self.pruned_label.grid(row=1, column=0, sticky="w")
        self.pruned = Slider(self, 0.0, self._on_pruned, length=120)
        self.pruned.grid(row=1, column=1, sticky="ew", pady=gap // 2)
        explain(
            self.pruned, _("Sets this part of all weights to 0, the smallest first: 0 to 99 %.")
        )
        self.noise_label = theme.Label(self, style="Figures.TLabel", anchor="w", width=16)
        self.noise_label.grid(row=2, column=0, sticky="w")
        self.noise = Slider(self, 0.0, self._on_noise, length=120)
        self.noise.grid(row=2, column=1, sticky="ew", pady=gap // 2)
        explain(
            self.noise,
            _("Adds random numbers to all weights, 0 to 2 times as large as they usually are."),
        )
        self.bits = ModeSwitch(
            self,
            {
                "0": (_("32 bits"), _("Weights as they were learned.")),
                "8": (_("8 bits"), _("Each weight becomes the nearest of 256 numbers.")),
                "4": (_("4 bits"), _("Each weight becomes the nearest of 16 numbers.")),
            },
            self._on_bits,
        )
        self.bits.grid(row=3, column=0, columnspan=2, sticky="w", pady=(gap // 2, 0))
        self.show()

    def show(self) -> None:
        """Show the changes as they stand."""
        self._is_shown = True
        self.pruned.set(self._changes.pruned / _MOST_PRUNED)
        self.noise.set(self._changes.noise / _MOST_NOISE)
        self._is_shown = False
        self.bits.show(str(self._changes.bits))
        self._say()

    def _say(self) -> None:
        share = percent(self._changes.pruned, 0)
        self.pruned_label.configure(text=_("left out: {share}").format(share=share))
        self.noise_label.configure(text=_("noise: {n}").format(n=f"{self._changes.noise:.2f}"))

    def _on_pruned(self, ratio: float) -> None:
        if not self._is_shown:
            self._changes.pruned = round(ratio * _MOST_PRUNED, 2)
            self._tell()

    def _on_noise(self, ratio: float) -> None:
        if not self._is_shown:
            self._changes.noise = round(ratio * _MOST_NOISE, 2)
            self._tell()

    def _on_bits(self, bits: str) -> None:
        self._changes.bits = int(bits)
        self._tell()

    def _tell(self) -> None:
        self._say()
        self._on_change()
