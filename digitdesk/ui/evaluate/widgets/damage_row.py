"""One way to spoil pictures: its name, a slider over its whole range, and where that stands."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.messages.exam import Damage
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.slider import Slider
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain


def damage_title(name: str) -> Sentence:
    """What a damage is called."""
    titles: dict[str, Callable[[], Sentence]] = {
        "noise": lambda: _("Noise"),
        "blur": lambda: _("Blur"),
        "rotation": lambda: _("Rotation"),
        "shift": lambda: _("Shift"),
        "scale": lambda: _("Size"),
        "thinner": lambda: _("Thinner strokes"),
        "thicker": lambda: _("Thicker strokes"),
        "contrast": lambda: _("Less contrast"),
        "patch": lambda: _("Covered patch"),
        "salt-and-pepper": lambda: _("Salt and pepper"),
    }
    title = titles.get(name)
    return title() if title is not None else Sentence.of(lambda: name)


def _help(name: str) -> Sentence:
    helps: dict[str, Callable[[], Sentence]] = {
        "noise": lambda: _("Random grey on every pixel, in % of full ink. 10 to 30 % is a poor "
                           "photo."),
        "blur": lambda: _("Out of focus, by so many pixels of 28."),
        "rotation": lambda: _("Turned by so many degrees. Handwriting leans by 10 to 20."),
        "shift": lambda: _("Moved to the right, by so many pixels of 28."),
        "scale": lambda: _("Smaller or larger, in % of its size; 100 % changes nothing."),
        "thinner": lambda: _("Ink worn off at the edges, by so many pixels of 28."),
        "thicker": lambda: _("Ink run at the edges, by so many pixels of 28."),
        "contrast": lambda: _("Paler ink, by so many % of it."),
        "patch": lambda: _("A square in the middle is covered, so many pixels wide."),
        "salt-and-pepper": lambda: _("So many % of the pixels are black or white."),
    }  # fmt: skip
    text = helps.get(name)
    return text() if text is not None else damage_title(name)


class DamageRow:
    """Three widgets in a row of the parent's grid.

    Args:
        parent: Whose grid it takes a row of.
        row: Which one.
        damage: The damage.
        on_move: Takes the damage and a strength whenever the slider is moved.
    """

    def __init__(
        self,
        parent: tk.Misc,
        row: int,
        damage: Damage,
        on_move: Callable[[Damage, float], None],
    ) -> None:
        self.damage = damage
        self._on_move = on_move
        self._is_set = False
        gap = px(parent, GAP)
        self.title = theme.Label(parent, text=damage_title(damage.name))
        self.title.grid(row=row, column=0, sticky="w", pady=gap // 4)
        self.slider = Slider(parent, self._ratio(damage.neutral), self._moved, length=128)
        self.slider.grid(row=row, column=1, padx=gap)
        explain(self.slider, _help(damage.name))
        explain(self.title, _help(damage.name))
        self.value = theme.Label(parent, style="Small.Figures.TLabel", width=7, anchor="e")
        self.value.grid(row=row, column=2, sticky="e")
        self.reset()

    def reset(self) -> None:
        """Put the slider where it changes nothing, without calling back."""
        self.put(self.damage.neutral)

    def put(self, strength: float) -> None:
        """Put the slider to a strength, without calling back."""
        self._is_set = True
        self.slider.set(self._ratio(strength))
        self._is_set = False
        self.value.configure(text=self.write(strength))

    def write(self, strength: float) -> str:
        """A strength with its unit: ``12°``, ``1.5 px``, ``40 %``."""
        unit = self.damage.unit
        return f"{strength:g}{unit}" if unit == "°" else f"{strength:g} {unit}"

    def show_chosen(self, chosen: bool) -> None:
        """Show whether it is the one whose curve is seen."""
        self.title.configure(style="Heading.TLabel" if chosen else "TLabel")

    def strength_at(self, ratio: float) -> float:
        """The strength at a place of the slider, a whole number of steps from its left end."""
        damage = self.damage
        steps = round(ratio * (damage.high - damage.low) / damage.step)
        return round(min(damage.high, damage.low + steps * damage.step), 6)

    def _ratio(self, strength: float) -> float:
        return (strength - self.damage.low) / (self.damage.high - self.damage.low)

    def _moved(self, ratio: float) -> None:
        if self._is_set:
            return
        strength = self.strength_at(ratio)
        self.value.configure(text=self.write(strength))
        self._on_move(self.damage, strength)
