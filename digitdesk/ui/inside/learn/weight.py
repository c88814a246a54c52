"""One weight: its gradient as a sum of products, and as a difference, and the step it makes."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence

from digitdesk.messages.inside.lesson import Lesson, WeightGradient
from digitdesk.messages.inside.look import LayerView, Place
from digitdesk.messages.inside.tiles import Tiles
from digitdesk.ui.controls.choice_box import ChoiceBox
from digitdesk.ui.i18n.text import _
from digitdesk.ui.inside.subject import Subject
from digitdesk.ui.inside.widgets.pad import Pad
from digitdesk.ui.inside.widgets.source import write_source
from digitdesk.ui.inside.widgets.table import write_rest, write_table
from digitdesk.ui.inside.widgets.tile_view import TileView
from digitdesk.ui.inside.words import number
from digitdesk.ui.toolkit import theme
from digitdesk.ui.toolkit.status_bar import StatusBar
from digitdesk.ui.toolkit.theme import GAP, px
from digitdesk.ui.toolkit.tooltip import explain

_KERNEL = "kernel"


class LearnWeight(theme.Frame):
    """Gradients of a layer's weights as tiles at the left, one of them explained at the right.

    Args:
        parent: The widget to sit in.
        status: Where errors go.

    Attributes:
        gradient: What is explained.
    """

    def __init__(self, parent: tk.Misc, status: StatusBar) -> None:
        super().__init__(parent)
        gap = px(self, GAP)
        self._status = status
        self._subject: Subject | None = None
        self._lesson: Lesson | None = None
        self._layers: dict[str, LayerView] = {}
        self._place: Place = ()
        self.gradient: WeightGradient | None = None
        self.columnconfigure(0, weight=2, uniform="half")
        self.columnconfigure(1, weight=3, uniform="half")
        self.rowconfigure(1, weight=1)
        self.layer = ChoiceBox(
            self, _("Of which layer a weight is chosen."), self._on_layer, title=_("weights of"),
            width=14,
        )  # fmt: skip
        self.layer.widget.grid(row=0, column=0, sticky="w", pady=(0, gap))
        self.view = TileView(self, self._on_tile)
        self.view.grid(row=1, column=0, sticky="nsew", padx=(0, 2 * gap))
        explain(
            self.view,
            _("The gradient of each weight: red ones are to become smaller, blue ones larger. A "
              "click or the arrow keys choose one."),
        )  # fmt: skip
        self.pad = Pad(self, self._write)
        self.pad.grid(row=0, column=1, rowspan=2, sticky="nsew")

    def offer(self, layers: Sequence[LayerView]) -> None:
        """Offer the layers that have learned something."""
        self._layers = {layer.path: layer for layer in layers if _kernel_shape(layer)}
        self.layer.offer({path: path for path in self._layers})
        self._place = ()

    def choose_layer(self, path: str) -> None:
        """Show the weights of another layer."""
        if path in self._layers:
            self.layer.choose(path)
            self._on_layer()

    def show(self, subject: Subject, lesson: Lesson) -> None:
        """Show the gradients of a lesson's first step."""
        self._subject, self._lesson = subject, lesson
        self._fill()

    def forget(self) -> None:
        """Show no lesson."""
        self._lesson = None
        self.view.forget()

    # -- inside

    def _on_layer(self) -> None:
        self._place = ()
        self._fill()

    def _ask(self, first: int, count: int) -> Tiles:
        assert self._subject is not None and self._lesson is not None
        return self._subject.inside.weight_gradient_tiles(
            self._lesson.key, self.layer.chosen, first, count
        )

    def _fill(self) -> None:
        layer = self._layers.get(self.layer.chosen)
        if self._lesson is None or layer is None:
            return
        with self._status.guarding():
            tiles = self._ask(0, 1)
            shape = (tiles.total, tiles.height, tiles.width)
            if shape != self.view.shape or not self._place:
                self.view.offer(shape)
            self.view.show(self._ask)
            if not self._place:
                self._choose((0, tiles.height // 2, tiles.width // 2))
            else:
                self._explain()

    def _on_tile(self, place: Place) -> None:
        self._choose(place if len(place) == 3 else (place[0], 0, 0))

    def _choose(self, place: Place) -> None:
        """Explain the weight in a tile, row and column."""
        layer = self._layers[self.layer.chosen]
        self._place = _weight_place(place, _kernel_shape(layer), self.view.shape)
        self.view.choose(place if self.view.shape[1:] != (1, 1) else place[:1])
        self._explain()

    def _explain(self) -> None:
        subject, lesson = self._subject, self._lesson
        if subject is None or lesson is None or not self._place:
            return
        with self._status.guarding():
            name = f"{self.layer.chosen}.{_KERNEL}"
            self.gradient = subject.inside.explain_weight(lesson.key, name, self._place)
            self._write()

    def _write(self) -> None:
        pad, told = self.pad, self.gradient
        pad.begin()
        if told is not None:
            self._write_gradient(told)
        pad.end()

    def _write_gradient(self, told: WeightGradient) -> None:
        pad = self.pad
        place = ", ".join(map(str, told.place))
        pad.line(f"{told.parameter}[{place}]", "strong", tag="name")
        pad.line(told.formula, "muted", tag="formula")
        pad.gap(GAP / 2)
        rows = [
            (",".join(map(str, term.place)), number(term.grad), number(term.factor),
             number(term.product))
            for term in told.terms
        ]  # fmt: skip
        heads = (_("output"), _("its gradient"), _("× input"), _("= product"))
        write_table(pad, heads, rows)
        write_rest(pad, told.rest_count, told.rest_sum)
        pad.gap(GAP / 2)
        pad.line(_("= gradient: {n}").format(n=number(told.gradient, 7)), "figures", tag="gradient")
        said = _("as a difference: {n} (they agree to {digits} digits)")
        pad.line(
            said.format(n=number(told.numerical, 7), digits=told.agreeing_digits), "figures",
            tag="numerical",
        )  # fmt: skip
        pad.gap(GAP / 2)
        pad.line(_("weight: {n}").format(n=number(told.value, 6)), "figures", tag="value")
        said = _("− rate {rate} · gradient: {n}")
        pad.line(said.format(rate=f"{told.rate:.2g}", n=number(told.update, 6)), "figures",
                 tag="update")  # fmt: skip
        pad.line(_("= after the step: {n}").format(n=number(told.after, 6)), "figures", tag="after")
        pad.gap()
        write_source(pad, told.source)


def _kernel_shape(layer: LayerView) -> tuple[int, ...]:
    """Shape of a layer's kernel; nothing where it has none."""
    name = f"{layer.path}.{_KERNEL}"
    return next((each.shape for each in layer.parameters if each.name == name), ())


def _weight_place(
    place: Place, kernel: tuple[int, ...], view: tuple[int, int, int]
) -> tuple[int, ...]:
    """Where a number of a tile is in the kernel: (F, C, K, K) or (units, inputs).

    Tiles show a kernel number by number in its own order.
    """
    tile, row, column = place
    flat = (tile * view[1] + row) * view[2] + column
    found: list[int] = []
    for size in reversed(kernel):
        flat, at = divmod(flat, size)
        found.append(at)
    return tuple(reversed(found))
