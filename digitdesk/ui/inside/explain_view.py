"""One number explained: what it is made of, its formula, and the lines that compute it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from digitdesk.messages.inside.explanation import (
    ConvolutionParts,
    CurveParts,
    DenseParts,
    DropoutParts,
    Explanation,
    FlattenParts,
    InputParts,
    NormalizationParts,
    PoolParts,
    SoftmaxParts,
    SumParts,
)
from digitdesk.messages.inside.look import LayerView, Place
from digitdesk.ui.controls.explained_button import explained_button
from digitdesk.ui.controls.wrapped_label import WrappedLabel
from digitdesk.ui.i18n.text import Sentence, _
from digitdesk.ui.inside.widgets.explain_convolution import largest_channel, write_convolution
from digitdesk.ui.inside.widgets.explain_parts import (
    write_curve,
    write_dense,
    write_dropout,
    write_flatten,
    write_input,
    write_normalization,
    write_pool,
    write_softmax,
    write_sum,
)
from digitdesk.ui.inside.widgets.pad import Pad
from digitdesk.ui.inside.widgets.source import write_source
from digitdesk.ui.inside.words import number, place_text
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.slider import Slider
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.timer import Timer
from digitdesk.ui.toolkit.tooltip import explain
from digitdesk.ui.toolkit.widgets import set_shown

#: From one number to the next while they are played.
_PLAY_MS = 250
#: The temperature at the left end of its slider and at its right.
_COLD, _HOT = 0.25, 4.0


class ExplainView(theme.Frame):
    """Writes how a number came about, and goes on to the next ones of its tile.

    Args:
        parent: The widget to sit in.
        on_place: Takes the next place when one steps or plays.
        on_temperature: Called when another temperature was chosen.

    Attributes:
        pad: What it is written on.
        temperature: By which an answer's logits are divided; ``None`` for the model's own.
    """

    def __init__(
        self,
        parent: tk.Misc,
        on_place: Callable[[Place], None],
        on_temperature: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self._on_place, self._on_temperature = on_place, on_temperature
        self._layer: LayerView | None = None
        self._explanation: Explanation | None = None
        self._channel: int | None = None
        self.temperature: float | None = None
        self._play = Timer(self, _PLAY_MS, self._play_on)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.title = WrappedLabel(self, "Heading.TLabel")
        self.title.grid(row=0, column=0, sticky="ew")
        self._build_tools()
        self.pad = Pad(self, self._write)
        self.pad.grid(row=2, column=0, sticky="nsew", pady=(px(self, GAP / 2), 0))
        self.pad.canvas.tag_bind("channels", "<Button-1>", self._on_channel)

    def _build_tools(self) -> None:
        self.tools = theme.Frame(self)
        self.tools.grid(row=1, column=0, sticky="ew")

        def button(
            column: int, text: Sentence, run: Callable[[], None], says: Sentence
        ) -> theme.Button:
            made = explained_button(self.tools, text, run, says, theme.TOOL)
            made.grid(row=0, column=column)
            return made

        self.play_button = button(
            0, _("Play"), self.play, _("Goes from number to number, row by row.")
        )
        self.step_button = button(1, _("Step"), self.step, _("Goes on to the next number."))
        self.before_button = button(
            2, _("◂ channel"), lambda: self._turn(-1), _("Shows the channel before, cell by cell.")
        )
        self.after_button = button(
            3, _("channel ▸"), lambda: self._turn(1), _("Shows the next channel, cell by cell.")
        )
        self.heat = theme.Frame(self.tools)
        self.heat.grid(row=0, column=4)
        self.heat_label = theme.Label(self.heat, style="Small.Figures.TLabel")
        self.heat_label.grid(row=0, column=0, padx=(px(self, GAP), px(self, GAP / 2)))
        self.slider = Slider(self.heat, 0.5, self._on_heat, length=96)
        self.slider.grid(row=0, column=1)
        explain(
            self.slider,
            _("The temperature T, 0.25 to 4: what the logits are divided by. Hot makes it "
              "doubtful, cold makes it sure."),
        )  # fmt: skip

    # -- what is asked of it

    def show(self, explanation: Explanation | None, layer: LayerView | None) -> None:
        """Explain a number, or none."""
        before = self._explanation
        is_elsewhere = (
            explanation is None or before is None or before.layer != explanation.layer
        )  # fmt: skip
        if is_elsewhere:
            self._channel = None
            self.stop()
        self._explanation, self._layer = explanation, layer
        self._write()

    @property
    def explanation(self) -> Explanation | None:
        """What is explained."""
        return self._explanation

    def said(self, tag: str) -> str:
        """What a line says: ``sum``, ``bias``, ``result``, ``product-0-2``, …; see ``Pad.said``."""
        return self.pad.said(tag)

    # -- stepping

    @property
    def is_playing(self) -> bool:
        """Whether it goes from number to number by itself."""
        return self._play.is_pending

    def play(self) -> None:
        """Go from number to number by itself, or stop."""
        if self.is_playing:
            self.stop()
            return
        self.play_button.configure(text=_("Stop"))
        self._play_on()

    def stop(self) -> None:
        """Stay at this number."""
        self._play.cancel()
        self.play_button.configure(text=_("Play"))

    def step(self) -> None:
        """Go on to the next number of the tile."""
        layer, explanation = self._layer, self._explanation
        if layer is None or explanation is None:
            return
        place, shape = explanation.place, layer.shape
        if len(place) == 1:
            self._on_place(((place[0] + 1) % shape[0],))
            return
        at = (place[1] * shape[2] + place[2] + 1) % (shape[1] * shape[2])
        self._on_place((place[0], *divmod(at, shape[2])))

    def _play_on(self) -> None:
        if not self.winfo_viewable():
            self.stop()
            return
        self._play.ask()
        self.step()

    # -- writing

    def _write(self) -> None:
        explanation, layer, pad = self._explanation, self._layer, self.pad
        pad.begin()
        has_number = explanation is not None and layer is not None
        for widget in (self.tools, self.title):
            set_shown(widget, has_number)
        if explanation is None or layer is None:
            pad.line(
                _("Choose a number: a click on any cell of a layer, or the arrow keys, show here "
                  "how it comes about."), "muted",
            )  # fmt: skip
            pad.end()
            return
        parts = explanation.parts
        is_convolution = isinstance(parts, ConvolutionParts) and len(parts.sums_by_channel) > 1
        for button in (self.before_button, self.after_button):
            set_shown(button, is_convolution)
        set_shown(self.heat, isinstance(parts, SoftmaxParts) and explanation.kind == "answer")
        value = number(explanation.value)
        self.title.configure(
            text=_("{place}: {value}").format(
                place=place_text(layer, explanation.place), value=value
            )
        )
        spec = f"{layer.text}:  " if layer.text != layer.path else ""
        pad.line(f"{spec}{explanation.formula}", "muted", tag="formula")
        pad.gap(GAP / 2)
        self._write_parts(explanation)
        pad.gap()
        for source in explanation.sources:
            write_source(pad, source)
        pad.end()

    def _write_parts(self, explanation: Explanation) -> None:
        pad = self.pad
        match explanation.parts:
            case ConvolutionParts() as parts:
                write_convolution(pad, parts, self._shown_channel(parts))
            case DenseParts() as parts:
                write_dense(pad, parts)
            case PoolParts() as parts:
                write_pool(pad, parts)
            case CurveParts() as parts:
                write_curve(pad, parts)
            case NormalizationParts() as parts:
                write_normalization(pad, parts)
            case DropoutParts() as parts:
                write_dropout(pad, parts)
            case FlattenParts() as parts:
                write_flatten(pad, parts)
            case SoftmaxParts() as parts:
                temperature = f"{parts.temperature:.2f}"
                self.heat_label.configure(text=f"T = {temperature}")
                write_softmax(pad, parts, explanation.place[0])
            case SumParts() as parts:
                write_sum(pad, parts)
            case InputParts() as parts:
                write_input(pad, parts)

    # -- reactions

    def _shown_channel(self, parts: ConvolutionParts) -> int:
        return largest_channel(parts) if self._channel is None else self._channel

    def _turn(self, step: int) -> None:
        explanation = self._explanation
        if explanation is not None and isinstance(explanation.parts, ConvolutionParts):
            count = len(explanation.parts.sums_by_channel)
            self._channel = (self._shown_channel(explanation.parts) + step) % count
            self._write()

    def _on_channel(self, event: tk.Event[tk.Misc]) -> None:
        """Show the channel whose bar was pressed."""
        canvas = self.pad.canvas
        item = canvas.find_closest(canvas.canvasx(event.x), canvas.canvasy(event.y))
        tags = canvas.gettags(item[0]) if item else ()
        picked = next((tag for tag in tags if tag.startswith("pick-")), "")
        if picked:
            self._channel = int(picked.removeprefix("pick-"))
            self._write()

    def _on_heat(self, ratio: float) -> None:
        self.temperature = _COLD * (_HOT / _COLD) ** ratio
        self._on_temperature()
