"""What can be changed while a network trains: one slider for each setting the run allows."""

from __future__ import annotations

import math
import tkinter as tk
from collections.abc import Callable, Mapping

from digitdesk.messages.setting import Span
from digitdesk.messages.setting_table import LIVE_SETTINGS
from digitdesk.ui.i18n.text import setting, setting_title, translated
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.slider import Slider
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain

_SPANS: dict[str, Span] = {
    name: known.usual for name, known in LIVE_SETTINGS.items() if known.usual is not None
}
#: A change is made when the slider has stood still for so long, in milliseconds.
_REST_MS = 250


class LiveSettingsPanel(theme.Frame):
    """Sliders for the present run; only those it allows are shown.

    Args:
        parent: The widget to sit in, which grids it.
        change: Changes a setting of the run; returns whether that was allowed.
    """

    def __init__(self, parent: tk.Misc, change: Callable[[str, float], bool]) -> None:
        super().__init__(parent)
        self._change = change
        self.columnconfigure(1, weight=1)
        self.sliders: dict[str, Slider] = {}
        self.labels: dict[str, theme.Label] = {}
        self._titles: dict[str, theme.Label] = {}
        self._timers: dict[str, Timer] = {}
        self._current: dict[str, float] = {}
        self._is_setting = False
        for row, name in enumerate(_SPANS):
            self._add(row, name)
            known = LIVE_SETTINGS[name]
            explain(self.sliders[name], translated(known.live_help or known.help))

    def show(self, current: Mapping[str, float]) -> None:
        """Show the settings that can be changed, and their present values."""
        if dict(current) == self._current:
            return
        self._current = dict(current)
        for name, slider in self.sliders.items():
            parts = (self._titles[name], slider, self.labels[name])
            if name not in current:
                for part in parts:
                    part.grid_remove()
                continue
            for part in parts:
                part.grid()
            if not self._timers[name].is_pending:
                self._is_setting = True
                slider.set(_ratio(_SPANS[name], current[name]))
                self._is_setting = False
                self.labels[name].configure(text=setting(current[name]))

    def _add(self, row: int, name: str) -> None:
        gap = px(self, GAP)
        self._titles[name] = theme.Label(self, text=setting_title(name), style="Muted.TLabel")
        self._titles[name].grid(row=row, column=0, sticky="w", padx=(0, gap))
        self._timers[name] = Timer(self, _REST_MS, lambda: self._apply(name))
        self.sliders[name] = Slider(self, 0.0, lambda ratio: self._on_move(name, ratio), length=96)
        self.sliders[name].grid(row=row, column=1, sticky="ew", pady=px(self, 1))
        self.labels[name] = theme.Label(self, style="Figures.TLabel", width=8, anchor="e")
        self.labels[name].grid(row=row, column=2, sticky="e")

    def _on_move(self, name: str, ratio: float) -> None:
        if self._is_setting:
            return
        self.labels[name].configure(text=setting(_value(_SPANS[name], ratio)))
        self._timers[name].restart()

    def _apply(self, name: str) -> None:
        value = _value(_SPANS[name], float(self.sliders[name].get()))
        if not self._change(name, value):
            kept, self._current = self._current, {}
            self.show(kept)


def _value(span: Span, ratio: float) -> float:
    """The value at a place of the slider, to two figures; at the left end nothing."""
    if not span.is_log:
        return round(span.high * ratio, 2)
    if ratio <= 0:
        return 0.0
    exact = span.high * math.pow(span.low / span.high, 1 - ratio)
    return round(exact, 1 - math.floor(math.log10(exact)))


def _ratio(span: Span, value: float) -> float:
    """Where on the slider a value is."""
    if value <= 0:
        return 0.0
    if not span.is_log:
        return min(1.0, value / span.high)
    return min(1.0, max(0.0, 1 - math.log(value / span.high) / math.log(span.low / span.high)))
