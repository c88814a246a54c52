"""The guided walk: about ten minutes through everything that can be seen, for a class or alone."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import enable


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing to do and to see.

    Attributes:
        page: Name of the page on which it is.
        title: A few words.
        text: What to do, and what to look for.
    """

    page: str
    title: Sentence
    text: Sentence


STOPS: tuple[Stop, ...] = (
    Stop(
        "layers", _("Draw a 7"),
        _("Draw a 7 on the small board, with a long bar. At the left of the strip it is 28×28 "
          "numbers, at the right end ten probabilities; between them is everything the network "
          "does."),
    ),
    Stop(
        "layers", _("Who likes the bar?"),
        _("Choose the first convolution in the strip. Each tile is the answer of one channel. "
          "Find one that is red along the bar of your 7, and remember its number."),
    ),
    Stop(
        "layers", _("One number"),
        _("Click a red cell on the bar. At the right: a patch of the drawing times the channel's "
          "kernel, added up, plus a bias. Press Step, then Play, and watch the window move."),
    ),
    Stop(
        "layers", _("Only what is above zero"),
        _("Choose the first relu and click the same place, then a blue one: what is below zero "
          "becomes 0. The maxpool near it keeps the largest of four."),
    ),
    Stop(
        "layers", _("The answer"),
        _("Choose answer at the right end and click the longest bar. Move the temperature: the "
          "order stays, the sureness does not."),
    ),
    Stop(
        "change", _("Switch it off"),
        _("Choose the first convolution and the channel that likes the bar, and switch it off. "
          "Does the answer change? Switch off more, until your 7 is something else."),
    ),
    Stop(
        "change", _("How much is needed?"),
        _("Reset. Leave out the smallest half of all weights, then 90 %, and watch how many test "
          "pictures are still read right. Then try 4 bits."),
    ),
    Stop(
        "why", _("Why a 7?"),
        _("Red ink speaks for the answer, blue against it. Have found what would turn it into a "
          "9, and draw that yourself: does it work?"),
    ),
    Stop(
        "learn", _("Learn from a mistake"),
        _("Draw a digit so carelessly that it is read wrong, say what it is, and press Learn from "
          "this one. Each layer gets its share of the blame, from the right to the left."),
    ),
    Stop(
        "learn", _("Too far"),
        _("Press Ten steps, then pull the rate to the right: a step that is too large jumps over "
          "the goal. Under One weight, a gradient is added up by hand."),
    ),
    Stop(
        "prepare", _("Before the network"),
        _("Draw a tiny 7 in a corner. Every step of the preparation brings it closer to what the "
          "network knows. Which one can it least do without?"),
    ),
    Stop(
        "training", _("While it learns"),
        _("Start a run on the Train tab, come back here, and slow it down: filters form, and "
          "gradients become shorter. Then look at your own network with your own 7."),
    ),
)  # fmt: skip


class WalkCard(theme.Frame):
    """Shows one stop after the other; it is hidden until it is begun.

    Args:
        parent: The widget to sit in, in whose grid it has a place.
        show_page: Shows a page, by its name.

    Attributes:
        place_shown: Which stop is shown, from 0; -1 while it is hidden.
    """

    def __init__(
        self,
        parent: tk.Misc,
        show_page: Callable[[str], None],
        stops: Sequence[Stop] = STOPS,
    ) -> None:
        super().__init__(parent, style="Banner.TFrame", padding=px(parent, GAP))
        self._show_page, self._stops = show_page, stops
        self.place_shown = -1
        gap = px(self, GAP)
        self.columnconfigure(0, weight=1)
        self.title = theme.Label(self, style="Banner.TLabel", anchor="w", width=1)
        self.title.grid(row=0, column=0, sticky="ew")
        self.text = theme.Label(self, style="Banner.TLabel", anchor="nw", justify="left", width=1)
        self.text.grid(row=1, column=0, columnspan=4, sticky="ew", pady=(gap // 2, 0))
        self.bind("<Configure>", lambda event: self._wrap(event.width))
        self.back_button = self._button(1, _("Back"), lambda: self.go(-1))
        explain(self.back_button, _("The stop before this one."))
        self.next_button = self._button(2, _("Next"), lambda: self.go(1))
        explain(self.next_button, _("The next stop of the walk."))
        self.end_button = self._button(3, _("End the walk"), self.end)
        explain(self.end_button, _("Puts the walk away; it can be begun again at any time."))

    def _button(self, column: int, text: Sentence, run: Callable[[], None]) -> theme.Button:
        made = theme.Button(self, text=text, command=run)
        theme.look(made, theme.TOOL)
        made.grid(row=0, column=column)
        return made

    @property
    def is_shown(self) -> bool:
        """Whether the walk goes on."""
        return self.place_shown >= 0

    def begin(self) -> None:
        """Show the first stop."""
        self.place_shown = 0
        self.grid()
        self._show()
        self.next_button.focus_set()

    def go(self, stops: int) -> None:
        """Go so many stops on; after the last one, the walk ends."""
        place = self.place_shown + stops
        if place >= len(self._stops):
            self.end()
            return
        self.place_shown = max(place, 0)
        self._show()

    def end(self) -> None:
        """Put it away."""
        self.place_shown = -1
        self.grid_remove()

    def _show(self) -> None:
        stop = self._stops[self.place_shown]
        said = _("Guided walk, {k} of {n}: {title}")
        self.title.configure(
            text=said.format(k=self.place_shown + 1, n=len(self._stops), title=stop.title)
        )
        self.text.configure(text=stop.text)
        is_last = self.place_shown == len(self._stops) - 1
        self.next_button.configure(text=_("Done") if is_last else _("Next"))
        enable(self.back_button, self.place_shown > 0)
        self._show_page(stop.page)

    def _wrap(self, width: int) -> None:
        self.text.configure(wraplength=max(1, width - 2 * px(self, GAP)))
